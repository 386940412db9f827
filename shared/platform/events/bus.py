"""Events as the bus carries them: writing them there, and reading what came from there."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import from_iso, to_iso
from shared.kernel.events import EventContext, EventEnvelope
from shared.platform.events.upcasts import upcast


class MalformedEvent(ValueError):
    """A message is not an event in our form; retrying it cannot help."""


def detail_of(event: EventEnvelope) -> dict[str, Any]:
    """Return the ``Detail`` of *event*: the shape that ``events/schemas`` describes."""
    return {
        "id": event.id,
        "type": event.type,
        "schema_version": event.schema_version,
        "aggregate": {
            "type": event.aggregate_type,
            "id": event.aggregate_id,
            "version": event.version,
        },
        "occurred_at": to_iso(event.occurred_at),
        "actor": event.context.actor,
        "request_id": event.context.request_id,
        "correlation_id": event.context.correlation_id,
        "causation_id": event.context.causation_id,
        "trace": event.context.trace,
        "data": dict(event.data),
    }


def event_from(detail: Mapping[str, Any]) -> EventEnvelope:
    """Return the event that *detail* carries, upcast; `MalformedEvent` when it carries none."""
    try:
        aggregate = detail["aggregate"]
        event = EventEnvelope(
            id=_text(detail["id"]),
            type=_text(detail["type"]),
            schema_version=int(detail["schema_version"]),
            aggregate_type=_text(aggregate["type"]),
            aggregate_id=_text(aggregate["id"]),
            version=int(aggregate["version"]),
            occurred_at=from_iso(detail["occurred_at"]),
            context=EventContext(
                actor=detail.get("actor"),
                request_id=detail.get("request_id"),
                correlation_id=detail.get("correlation_id"),
                causation_id=detail.get("causation_id"),
                trace=detail.get("trace"),
            ),
            data=dict(detail["data"]),
        )
        return upcast(event)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedEvent(f"not an event: {type(error).__name__}: {error}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        msg = "expected a non-empty text"
        raise TypeError(msg)
    return value
