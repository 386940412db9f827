"""Event items: the outbox, the audit trail and the event store at once."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import Clock, from_iso, to_iso
from shared.kernel.events import EventContext, EventEnvelope
from shared.kernel.ids import IdSource
from shared.platform.dynamodb.codec import Item
from shared.platform.events.upcasts import upcast

EVENT_PREFIX = "EVENT#"
EVENTS_OF = "PK = :pk AND begins_with(SK, :events)"
"""Key condition of one aggregate's events, with `partition` and `EVENT_PREFIX`."""


def partition(aggregate_type: str, aggregate_id: str) -> str:
    """Return the partition key that an aggregate's state and events share."""
    return f"{aggregate_type}#{aggregate_id}"


def event_key(version: int) -> str:
    """Return the sort key of the event with this *version*; sorts as the numbers do."""
    return f"{EVENT_PREFIX}{version:012d}"


def event_items(
    aggregate: Aggregate, *, context: EventContext, clock: Clock, ids: IdSource
) -> list[Item]:
    """Return an item for every pending event of *aggregate*, oldest first."""
    occurred_at = to_iso(clock.now())
    first = aggregate.committed_version + 1
    return [
        {
            "PK": partition(aggregate.aggregate_type, aggregate.id),
            "SK": event_key(version),
            "event_id": ids(),
            "type": event.type,
            "schema_version": event.schema_version,
            "aggregate_type": aggregate.aggregate_type,
            "aggregate_id": aggregate.id,
            "version": version,
            "occurred_at": occurred_at,
            "actor": context.actor,
            "request_id": context.request_id,
            "correlation_id": context.correlation_id,
            "causation_id": context.causation_id,
            "trace": context.trace,
            "data": event.to_data(),
        }
        for version, event in enumerate(aggregate.pending_events, start=first)
    ]


def envelope_of(item: Mapping[str, Any]) -> EventEnvelope:
    """Return the event that an event item holds, upcast to today's shape."""
    event = EventEnvelope(
        id=item["event_id"],
        type=item["type"],
        schema_version=item["schema_version"],
        aggregate_type=item["aggregate_type"],
        aggregate_id=item["aggregate_id"],
        version=item["version"],
        occurred_at=from_iso(item["occurred_at"]),
        context=EventContext(
            actor=item.get("actor"),
            request_id=item.get("request_id"),
            correlation_id=item.get("correlation_id"),
            causation_id=item.get("causation_id"),
            trace=item.get("trace"),
        ),
        data=item["data"],
    )
    return upcast(event)
