"""Markers that make a request or an event count once: idempotency records and the inbox.

A marker commits in the same transaction as the effect it guards. DynamoDB removes expired items
late, so expiry is always checked against the clock.
"""

from collections.abc import Mapping
from typing import Any

from shared.kernel.commands import CommandResult
from shared.kernel.errors import DomainError
from shared.platform.dynamodb.writes import Write, put
from shared.platform.runtime.context import Idempotency, Inbox

_FREE = "attribute_not_exists(PK) OR expires_at <= :now"


class RequestAlreadyAnswered(Exception):
    """The idempotency key has a record: its stored answer is to be given again."""


class RequestInFlight(DomainError):
    """Another request with the same idempotency key is being carried out right now."""

    code = "IDEMPOTENCY_IN_FLIGHT"
    sentence = "A request with this idempotency key is still in progress."
    at = ("header", "idempotency-key")


class IdempotencyKeyReused(DomainError):
    """The idempotency key was used before, for something else."""

    code = "IDEMPOTENCY_KEY_REUSED"
    sentence = "This idempotency key was used for a different request."
    at = ("header", "idempotency-key")


class EventAlreadyHandled(Exception):
    """The consumer has handled the event before; there is nothing left to do."""


def idempotency_key(request: Idempotency) -> dict[str, str]:
    """Return the key of the record of *request*."""
    name = f"IDEMPOTENCY#{request.principal}#{request.route}#{request.key}"
    return {"PK": name, "SK": "IDEMPOTENCY"}


def remember(request: Idempotency, result: CommandResult, *, now: int, ttl: int) -> Write:
    """Store the answer to *request* for *ttl* seconds from *now*, or while it is good."""
    if result.remembered_seconds is not None:
        ttl = min(ttl, result.remembered_seconds)
    item: dict[str, Any] = {
        **idempotency_key(request),
        "fingerprint": request.fingerprint,
        "result": result.to_data(),
        "expires_at": now + ttl,
    }
    return put(item, condition=_FREE, values={":now": now}, refused=RequestAlreadyAnswered)


def mark_handled(inbox: Inbox, *, now: int, ttl: int) -> Write:
    """Mark an event as handled until *now* + *ttl* (epoch seconds)."""
    item = {
        "PK": f"INBOX#{inbox.consumer}#{inbox.event_id}",
        "SK": "INBOX",
        "expires_at": now + ttl,
    }
    return put(item, condition=_FREE, values={":now": now}, refused=EventAlreadyHandled)


def is_live(item: Mapping[str, Any], *, now: int) -> bool:
    """Tell whether a marker read from the table still counts at *now* (epoch seconds)."""
    return bool(item["expires_at"] > now)
