"""Identity's ports in memory."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.identity.adapters.device_tokens import DeviceTokens
from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.identity.adapters.user import rights_of
from shared.identity.domain.access import Access, Credentials
from shared.identity.domain.api_key import MOST as MOST_KEYS
from shared.identity.domain.api_key import ApiKey
from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.errors import (
    EmailTaken,
    InvalidAccessToken,
    NeedsAnotherAdmin,
    NoRoomForSession,
    UserNotFound,
)
from shared.identity.domain.login_throttle import LoginThrottle, account_of, throttle_id
from shared.identity.domain.password import Password
from shared.identity.domain.rights import LiveSession, Rights
from shared.identity.domain.session import MOST, Session
from shared.identity.domain.user import User
from shared.identity.ports import Profile, SessionSummary
from shared.kernel.commands import CommandResult
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from tests.support.fakes.database import Database, Saved
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

KEY = "k" * 64
DEVICES = DeviceTokens(lambda: [KEY])
REFRESH = RefreshTokens(lambda: [KEY])


@dataclass
class IdentityDatabase(Database):
    """What has been committed, the log-in cards by e-mail included."""

    cards: dict[str, Credentials] = field(default_factory=dict)
    rights: dict[str, Rights] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)
    """Session → how the program called itself."""


class IdentityInMemory(InMemoryUnitOfWork):
    """Identity's unit of work."""

    database: IdentityDatabase

    def __init__(self, database: IdentityDatabase | None = None, **known: object) -> None:
        super().__init__(database or IdentityDatabase(), **known)  # type: ignore[arg-type]
        self.users = InMemoryUsers(self)
        self.logins = InMemoryLogins(self)
        self.sessions = InMemorySessions(self)
        self.api_keys = InMemoryApiKeys(self)

    def commit(self, result: CommandResult | None = None) -> None:
        for old, _ in self.logins.rehashed:
            if self.database.cards[Email(old.email).key] != old:
                raise StaleAggregate("The password was changed by somebody else.")
        changed = [change() for change in self.sessions.changes]
        super().commit(result)
        self.database.rights.update(changed)
        self.sessions.changes.clear()
        for card in [*self.users.added, *(new for _, new in self.logins.rehashed)]:
            self.database.cards[Email(card.email).key] = card
        for card in self.users.added:
            self.database.rights[card.user_id] = Rights(
                user_id=card.user_id,
                active=True,
                entitlements=Entitlements.of([card.role]),
                sessions={},
            )
        self.users.added.clear()
        self.logins.rehashed.clear()


class InMemoryUsers:
    """Users, each with its log-in card."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._uow = uow
        self._users = InMemoryRepository(
            uow,
            User,
            claims=lambda user: {("EMAIL", user.email.key): _taken},
            missing=lambda id_: UserNotFound(details={"id": id_}),
        )
        self.added: list[Credentials] = []

    def get(self, user_id: str) -> User:
        return self._users.get(user_id)

    def load(self, user_id: str) -> tuple[User, Rights]:
        user = self._users.get(user_id)
        rights = self._uow.database.rights.get(user_id)
        return user, rights or replace(rights_of(user), kept=False)

    def save(self, user: User) -> None:
        self._users.save(user)

    def save_rights(self, user: User, before: Rights) -> None:
        def change() -> tuple[str, Rights]:
            stored = self._uow.database.rights.get(user.id)
            if before.kept and stored is None:
                raise StaleAggregate
            return user.id, replace(stored or rights_of(user), entitlements=user.entitlements)

        self._users.save(user)
        self._uow.sessions.changes.append(change)

    def add(self, user: User, *, password_hash: str) -> None:
        self._users.save(user)
        self.added = [
            Credentials(
                user_id=user.id,
                email=user.email.address,
                role=user.entitlements.main_role,
                active=user.active,
                password_hash=password_hash,
            )
        ]


class InMemoryLogins:
    """Log-in cards and throttles."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._uow = uow
        self._throttles = InMemoryRepository(uow, LoginThrottle)
        self.rehashed: list[tuple[Credentials, Credentials]] = []

    def load(
        self, email: Email, *, device: str | None = None
    ) -> tuple[Credentials | None, LoginThrottle]:
        account = throttle_id(account_of(email, key=KEY), device)
        throttle = self._throttles.find(account) or LoginThrottle(account)
        return self._uow.database.cards.get(email.key), throttle

    def save(self, throttle: LoginThrottle) -> None:
        # Registered even when nothing happened: the commit then still checks its version.
        self._uow.register(Saved(throttle, copy.deepcopy(throttle), {}, frozenset()))

    def rehash(self, credentials: Credentials, password_hash: str) -> None:
        self.rehashed = [(credentials, replace(credentials, password_hash=password_hash))]

    def let_in(self, user: User) -> None:
        card = self._uow.database.cards[user.email.key]
        self.rehashed = [
            (card, replace(card, active=user.active, role=user.entitlements.main_role))
        ]

    def replace_password(self, credentials: Credentials, password_hash: str) -> Credentials:
        self.rehash(credentials, password_hash)
        old, new = self.rehashed[0]
        proven = replace(new, version=old.version + 1)
        self.rehashed = [(old, proven)]
        return proven


class InMemorySessions:
    """Sessions in the rights of their users; a change is a check and what comes of it."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._uow = uow
        self._sessions = InMemoryRepository(uow, Session)
        self.changes: list[Callable[[], tuple[str, Rights]]] = []

    def find(self, user_id: str) -> Rights | None:
        self.changes.clear()
        return self._uow.database.rights.get(user_id)

    def start(
        self,
        session: Session,
        *,
        proven: Credentials,
        instead_of: Sequence[Session] = (),
        over: Sequence[str] = (),
    ) -> None:
        gone = {*(each.id for each in instead_of), *over}

        def change() -> tuple[str, Rights]:
            rights = self._uow.database.rights.get(session.user_id)
            if (
                rights is None
                or not rights.active
                or rights.credentials != proven.version
                or not gone.issubset(rights.sessions)
                or len(rights.sessions) >= MOST + len(gone)
            ):
                raise NoRoomForSession
            kept = {k: live for k, live in rights.sessions.items() if k not in gone}
            return _with(rights, {**kept, session.id: session.live})

        self._add(session, change)
        for each in instead_of:
            self._sessions.save(each)

    def start_first(self, session: Session, *, user: User) -> None:
        def change() -> tuple[str, Rights]:
            if user.id in self._uow.database.rights:
                raise NoRoomForSession
            rights = Rights(
                user_id=user.id,
                active=user.active,
                entitlements=user.entitlements,
                sessions={session.id: session.live},
            )
            return user.id, rights

        self._add(session, change)

    def renew(self, session: Session) -> None:
        def change() -> tuple[str, Rights]:
            rights = self._uow.database.rights[session.user_id]
            live = rights.sessions.get(session.id)
            if not rights.active or live is None or live.generation != session.live.generation - 1:
                raise StaleAggregate
            return _with(rights, {**rights.sessions, session.id: session.live})

        self.changes.append(change)

    def end(self, session: Session) -> None:
        def change() -> tuple[str, Rights]:
            rights = self._uow.database.rights[session.user_id]
            if session.id not in rights.sessions:
                raise StaleAggregate
            left = {k: live for k, live in rights.sessions.items() if k != session.id}
            return _with(rights, left)

        self.changes.append(change)
        self._sessions.save(session)

    def require_admin(self, user_id: str) -> None:
        def change() -> tuple[str, Rights]:
            rights = self._uow.database.rights.get(user_id)
            if rights is None or not rights.active or not rights.entitlements.administers:
                raise NeedsAnotherAdmin
            return user_id, rights

        self.changes.append(change)

    def change_rights(
        self,
        before: Rights,
        after: Rights,
        *,
        ended: Sequence[Session] = (),
        revoked: Sequence[ApiKey] = (),
    ) -> None:
        def change() -> tuple[str, Rights]:
            stored = self._uow.database.rights.get(before.user_id)
            if not before.kept and stored is None:
                return after.user_id, replace(after, kept=True)
            if (
                stored is None
                or replace(stored, sessions={}) != replace(before, sessions={})
                or (stored.sessions.keys() != before.sessions.keys())
            ):
                raise StaleAggregate
            return _with(after, {each: stored.sessions[each] for each in after.sessions})

        self.changes.append(change)
        for each in ended:
            self._sessions.save(each)
        for key in revoked:
            self._uow.api_keys.save(key)

    def _add(self, session: Session, change: Callable[[], tuple[str, Rights]]) -> None:
        self.changes.append(change)
        self._sessions.save(session)
        self._uow.database.clients[session.id] = session.client


class InMemoryApiKeys:
    """API keys in the rights of their owners."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._uow = uow
        self._keys = InMemoryRepository(uow, ApiKey)

    def find(self, user_id: str) -> Rights | None:
        return self._uow.sessions.find(user_id)

    def add(self, key: ApiKey, *, rights: Rights, over: Sequence[int]) -> None:
        def change() -> tuple[str, Rights]:
            stored = self._uow.database.rights[key.user_id]
            if (
                not stored.active
                or stored.keys_made != rights.keys_made
                or not set(over) <= stored.keys.keys()
                or len(stored.keys) >= MOST_KEYS + len(over)
            ):
                raise StaleAggregate
            kept = {number: live for number, live in stored.keys.items() if number not in over}
            keys = {**kept, key.number: key.live}
            return key.user_id, replace(stored, keys=keys, keys_made=key.number)

        self._uow.sessions.changes.append(change)
        self._keys.save(key)

    def revoke(self, key: ApiKey) -> None:
        def change() -> tuple[str, Rights]:
            stored = self._uow.database.rights[key.user_id]
            if key.number not in stored.keys:
                raise StaleAggregate
            left = {number: live for number, live in stored.keys.items() if number != key.number}
            return key.user_id, replace(stored, keys=left)

        self._uow.sessions.changes.append(change)
        self._keys.save(key)

    def save(self, key: ApiKey) -> None:
        """Have the key's event committed."""
        self._keys.save(key)


def _with(rights: Rights, sessions: dict[str, LiveSession]) -> tuple[str, Rights]:
    return rights.user_id, replace(rights, sessions=sessions)


class SessionsInMemory:
    """What is shown of sessions."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def of_user(self, user_id: str, *, now: datetime) -> list[SessionSummary]:
        rights = self._database.rights[user_id]
        live = [each for each in rights.sessions if rights.session(each, now=now)]
        live.sort(key=lambda each: rights.sessions[each].proven_at, reverse=True)
        return [
            SessionSummary(
                id=each, client=self._database.clients[each], live=rights.sessions[each]
            )
            for each in live
        ]


def _taken() -> Exception:
    return EmailTaken()


class PlainHasher:
    """Hashes nothing, and keeps the books on what it was asked to do."""

    def __init__(self, parameters: str = "v1") -> None:
        self.parameters = parameters
        self.verified: list[str | None] = []

    def hash(self, password: Password) -> str:
        return f"{self.parameters}:{password.text[::-1]}"

    def verify(self, password: Password, password_hash: str | None) -> bool:
        self.verified.append(password_hash)
        known = (password_hash or "").partition(":")[2]
        return password_hash is not None and known == password.text[::-1]

    def is_outdated(self, password_hash: str) -> bool:
        return not password_hash.startswith(f"{self.parameters}:")


class PlainTokens:
    """Tokens that are their access, in a dict."""

    def __init__(self) -> None:
        self.issued: dict[str, Access] = {}

    def sign(self, access: Access) -> str:
        self.issued[access.token_id] = access
        return access.token_id

    def verify(self, token: str) -> Access:
        if token not in self.issued:
            raise InvalidAccessToken("malformed")
        return self.issued[token]


class RightsInMemory(dict[str, Rights]):
    """Rights by user id."""

    def find(self, user_id: str) -> Rights | None:
        return self.get(user_id)


class ProfilesInMemory(dict[str, Profile]):
    """Profiles by user id."""

    def find(self, user_id: str) -> Profile | None:
        return self.get(user_id)
