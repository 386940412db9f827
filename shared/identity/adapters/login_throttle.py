"""How the throttle of an account's log-ins looks in the table."""

from collections.abc import Mapping
from typing import Any

from shared.identity.domain.login_throttle import LoginThrottle
from shared.kernel.clock import from_iso, to_iso
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import STATE


def throttle_key(account: str) -> dict[str, str]:
    """Return where the throttle of *account* is."""
    return {"PK": partition(LoginThrottle.aggregate_type, account), "SK": STATE}


def throttle_item(throttle: LoginThrottle) -> Item:
    """Return the attributes of the state of *throttle*."""
    return {
        "failures": throttle.failures,
        "last_failed_at": throttle.last_failed_at and to_iso(throttle.last_failed_at),
        "locked_until": throttle.locked_until and to_iso(throttle.locked_until),
    }


def throttle_from(account: str, item: Mapping[str, Any]) -> LoginThrottle:
    """Return the throttle that an item holds."""
    last, until = item["last_failed_at"], item["locked_until"]
    return LoginThrottle(
        account,
        failures=item["failures"],
        last_failed_at=from_iso(last) if last else None,
        locked_until=from_iso(until) if until else None,
        version=item["version"],
    )
