"""Users and log-ins on DynamoDB."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.identity.adapters.login_throttle import throttle_from, throttle_item, throttle_key
from shared.identity.adapters.rights import (
    ACCESS,
    entitle,
    rights_from,
    rights_item,
    rights_key,
)
from shared.identity.adapters.user import (
    card_item,
    card_key,
    credentials_from,
    rights_of,
    user_from,
    user_item,
)
from shared.identity.domain.access import Credentials
from shared.identity.domain.errors import EmailTaken, UserNotFound
from shared.identity.domain.login_throttle import LoginThrottle, account_of, throttle_id
from shared.identity.domain.rights import Rights
from shared.identity.domain.user import User
from shared.kernel.email import Email
from shared.kernel.refusals import resource_already_exists
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get, get_item
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, check, put, put_state, update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.identity.adapters.api_keys import DynamoApiKeyRepository
    from shared.identity.adapters.key_ring_repository import DynamoKeyRingRepository
    from shared.identity.adapters.sessions import DynamoSessionRepository

THROTTLE_SECONDS = 90 * 86_400
"""How long failed log-ins are kept after the last one; they count for a day at most."""


def _service_key() -> str:
    from shared.platform.aws.secrets import service_secret  # noqa: PLC0415  # for log-ins alone

    return service_secret().get().current


class DynamoUserRepository:
    """Writes users with their log-in cards."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        self._uow = uow

    def add(self, user: User, *, password_hash: str) -> None:
        """Stage state and log-in card; see `shared.identity.ports.UserRepository`."""
        state = {"PK": partition(User.aggregate_type, user.id), **user_item(user)}
        self._uow.register(
            user,
            put(card_item(user, password_hash), refused=_taken),
            put_state(state, version=user.version, committed_version=user.committed_version),
            put(rights_item(rights_of(user))),
        )

    def get(self, user_id: str) -> User:
        """Return the user; see `shared.identity.ports.UserRepository`."""
        key = {"PK": partition(User.aggregate_type, user_id), "SK": STATE}
        with repository_call("get", User.aggregate_type):
            item = get_item(self._uow.client, self._uow.table, key)
        if item is None:
            raise UserNotFound(details={"id": user_id})
        return user_from(user_id, item)

    def load(self, user_id: str) -> tuple[User, Rights]:
        """Return user and rights; see `shared.identity.ports.UserRepository`."""
        state = {"PK": partition(User.aggregate_type, user_id), "SK": STATE}
        with repository_call("load", User.aggregate_type):
            items = batch_get(self._uow.client, self._uow.table, [state, rights_key(user_id)])
        found = {item["SK"]: item for item in items}
        if STATE not in found:
            raise UserNotFound(details={"id": user_id})
        user = user_from(user_id, found[STATE])
        if ACCESS not in found:
            return user, replace(rights_of(user), kept=False)
        return user, rights_from(user_id, found[ACCESS])

    def save(self, user: User) -> None:
        """Stage the user's state; see `shared.identity.ports.UserRepository`."""
        state = {"PK": partition(User.aggregate_type, user.id), **user_item(user)}
        self._uow.register(
            user,
            put_state(state, version=user.version, committed_version=user.committed_version),
        )

    def save_rights(self, user: User, before: Rights) -> None:
        """Stage state and entitlements; see `shared.identity.ports.UserRepository`.

        The version of the state stands for both, and sessions may begin and end meanwhile.
        """
        self.save(user)
        if not before.kept:
            self._uow.stage(put(rights_item(rights_of(user))))
            return
        self._uow.stage(entitle(user.id, user.entitlements))


class DynamoLoginRepository:
    """Reads log-in cards and throttles together; writes throttles."""

    def __init__(self, uow: DynamoUnitOfWork, account_key: Callable[[], str]) -> None:
        self._uow = uow
        self._account_key = account_key

    def load(
        self, email: Email, *, device: str | None = None
    ) -> tuple[Credentials | None, LoginThrottle]:
        """Return credentials and throttle; see `shared.identity.ports.LoginRepository`."""
        account = throttle_id(account_of(email, key=self._account_key()), device)
        keys = [card_key(email), throttle_key(account)]
        with repository_call("load", "Login"):
            items = batch_get(self._uow.client, self._uow.table, keys)
        found = {item["SK"]: item for item in items}
        card, state = found.get("UNIQUE"), found.get(STATE)
        return (
            None if card is None else credentials_from(card),
            LoginThrottle(account) if state is None else throttle_from(account, state),
        )

    def save(self, throttle: LoginThrottle) -> None:
        """Stage the throttle's change, or the condition that it has none."""
        key, read = throttle_key(throttle.id), throttle.committed_version
        if throttle.pending_events:
            # Anybody can try any address: what they leave goes away again.
            expires_at = int(self._uow.clock.now().timestamp()) + THROTTLE_SECONDS
            item = {"PK": key["PK"], **throttle_item(throttle), "expires_at": expires_at}
            state = put_state(item, version=throttle.version, committed_version=read)
            self._uow.register(throttle, state, expires_at=expires_at)
        elif read == 0:
            self._uow.stage(check(key, condition="attribute_not_exists(PK)"))
        else:
            self._uow.stage(
                check(
                    key,
                    condition="#version = :read",
                    values={":read": read},
                    names={"#version": "version"},
                )
            )

    def rehash(self, credentials: Credentials, password_hash: str) -> None:
        """Stage the new hash, if the password is still the one that was checked."""
        self._uow.stage(
            update(
                card_key(Email(credentials.email)),
                "SET password_hash = :new",
                condition="password_hash = :old",
                values={":new": password_hash, ":old": credentials.password_hash},
            )
        )

    def let_in(self, user: User) -> None:
        """Stage whether they may log in; see `shared.identity.ports.LoginRepository`."""
        self._uow.stage(
            update(
                card_key(user.email),
                "SET active = :active, #role = :role",
                condition="#owner = :id",
                values={
                    ":active": user.active,
                    ":role": user.entitlements.main_role,
                    ":id": user.id,
                },
                names={"#owner": "owner", "#role": "role"},
            )
        )

    def replace_password(self, credentials: Credentials, password_hash: str) -> Credentials:
        """Stage another password's hash; see `shared.identity.ports.LoginRepository`."""
        proven = replace(credentials, password_hash=password_hash, version=credentials.version + 1)
        self._uow.stage(
            update(
                card_key(Email(credentials.email)),
                "SET password_hash = :new, #version = :version",
                condition="password_hash = :old",
                values={
                    ":new": password_hash,
                    ":old": credentials.password_hash,
                    ":version": proven.version,
                },
                names={"#version": "version"},
            )
        )
        return proven


class DynamoIdentityUnitOfWork(DynamoUnitOfWork):
    """Users, log-ins and keys of one table; *account_key* names e-mails (`account_of`)."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        account_key: Callable[[], str] = _service_key,
        **known: Any,
    ) -> None:
        super().__init__(client, table, **known)
        self._account_key = account_key

    @cached_property
    def users(self) -> DynamoUserRepository:
        return DynamoUserRepository(self)

    @cached_property
    def logins(self) -> DynamoLoginRepository:
        return DynamoLoginRepository(self, self._account_key)

    @cached_property
    def sessions(self) -> "DynamoSessionRepository":
        from shared.identity.adapters.sessions import (  # noqa: PLC0415  # no registration's
            DynamoSessionRepository,
        )

        return DynamoSessionRepository(self)

    @cached_property
    def api_keys(self) -> "DynamoApiKeyRepository":
        from shared.identity.adapters.api_keys import (  # noqa: PLC0415  # no session's
            DynamoApiKeyRepository,
        )

        return DynamoApiKeyRepository(self)

    @cached_property
    def key_rings(self) -> "DynamoKeyRingRepository":
        from shared.identity.adapters.key_ring_repository import (  # noqa: PLC0415  # no log-in's
            DynamoKeyRingRepository,
        )

        return DynamoKeyRingRepository(self)


def _taken() -> Exception:
    return resource_already_exists("account", kind=EmailTaken)
