"""Log-ins on DynamoDB."""

from collections.abc import Mapping
from typing import Any

from shared.identity.adapters.items import card_key, credentials_from
from shared.identity.domain.access import Credentials
from shared.identity.domain.login_throttle import LoginThrottle, account_of
from shared.kernel.clock import from_iso, to_iso
from shared.kernel.email import Email
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, check, put_state, update


class DynamoLoginRepository:
    """Reads log-in cards and throttles together; writes throttles."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        self._uow = uow

    def load(self, email: Email) -> tuple[Credentials | None, LoginThrottle]:
        """Return credentials and throttle; see `shared.identity.ports.LoginRepository`."""
        account = account_of(email)
        keys = [card_key(email), _throttle_key(account)]
        with repository_call("load", "Login"):
            items = batch_get(self._uow.client, self._uow.table, keys)
        found = {item["SK"]: item for item in items}
        card, state = found.get("UNIQUE"), found.get(STATE)
        return (
            None if card is None else credentials_from(card),
            LoginThrottle(account) if state is None else _throttle_from(account, state),
        )

    def save(self, throttle: LoginThrottle) -> None:
        """Stage the throttle's change, or the condition that it has none."""
        key, read = _throttle_key(throttle.id), throttle.committed_version
        if throttle.pending_events:
            item = {"PK": key["PK"], **_throttle_item(throttle)}
            state = put_state(item, version=throttle.version, committed_version=read)
            self._uow.register(throttle, state)
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


def _throttle_key(account: str) -> dict[str, str]:
    return {"PK": partition(LoginThrottle.aggregate_type, account), "SK": STATE}


def _throttle_item(throttle: LoginThrottle) -> Item:
    return {
        "failures": throttle.failures,
        "last_failed_at": throttle.last_failed_at and to_iso(throttle.last_failed_at),
        "locked_until": throttle.locked_until and to_iso(throttle.locked_until),
    }


def _throttle_from(account: str, item: Mapping[str, Any]) -> LoginThrottle:
    last, until = item["last_failed_at"], item["locked_until"]
    return LoginThrottle(
        account,
        failures=item["failures"],
        last_failed_at=from_iso(last) if last else None,
        locked_until=from_iso(until) if until else None,
        version=item["version"],
    )
