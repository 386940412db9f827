"""Base of the repositories of event-sourced aggregates: the events are the truth.

Load: one consistent ``Query`` of the aggregate's event items, upcast and folded. Save: append the
new events at the versions that follow the loaded ones, which fails if anybody else appended
first. The state item written along is a snapshot for readers; nothing is decided on it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from shared.kernel.errors import NotFound
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.events import DomainEvent, EventEnvelope
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import EVENT_PREFIX, EVENTS_OF, envelope_of, partition
from shared.platform.dynamodb.reading import query
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import put_state
from shared.platform.errors import DatabaseError
from shared.platform.tracing import segment

A = TypeVar("A", bound=EventSourcedAggregate)

Upcast = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Turns the data of one schema version of an event into that of the next."""


class UnreadableEvent(DatabaseError):
    """A stored event is of a type or schema version that this code does not know."""


class EventStream:
    """Decodes one kind of stream: its event classes, and how their old versions become new."""

    def __init__(
        self,
        events: Sequence[type[DomainEvent]],
        upcasts: Mapping[tuple[str, int], Upcast] | None = None,
    ) -> None:
        """Take the event classes, and by (type, schema version) the step to the next version."""
        self._classes = {event.type: event for event in events}
        self._upcasts = dict(upcasts or {})

    def decode(self, envelope: EventEnvelope) -> DomainEvent:
        """Return the event in today's shape; `UnreadableEvent` when there is no way there."""
        known = self._classes.get(envelope.type)
        if known is None or envelope.schema_version > known.schema_version:
            raise UnreadableEvent(f"{envelope.type} v{envelope.schema_version} is unknown")
        data = envelope.data
        for version in range(envelope.schema_version, known.schema_version):
            upcast = self._upcasts.get((envelope.type, version))
            if upcast is None:
                raise UnreadableEvent(f"{envelope.type} v{version} cannot be upcast")
            data = upcast(data)
        return known.from_data(data)


class EventSourcedRepository(Generic[A]):
    """Loads and appends one type of aggregate; a subclass names the stream and the snapshot."""

    aggregate_class: ClassVar[type[EventSourcedAggregate]]
    stream: ClassVar[EventStream]

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        self._uow = uow

    def get(self, aggregate_id: str) -> A:
        """Return the aggregate, rebuilt; raises what :meth:`missing` makes."""
        found = self.find(aggregate_id)
        if found is None:
            raise self.missing(aggregate_id)
        return found

    def find(self, aggregate_id: str) -> A | None:
        """Return the aggregate, rebuilt from all of its events, or ``None``."""
        kind = self.aggregate_class.aggregate_type
        with segment(f"{kind}.get"):
            items = query(
                self._uow.client,
                self._uow.table,
                KeyConditionExpression=EVENTS_OF,
                ExpressionAttributeValues={
                    ":pk": partition(kind, aggregate_id),
                    ":events": EVENT_PREFIX,
                },
                ConsistentRead=True,
            )
        if not items:
            return None
        envelopes = [envelope_of(item) for item in items]
        history = ((self.stream.decode(each), each.occurred_at) for each in envelopes)
        return self.aggregate_class.rebuild(aggregate_id, history)  # type: ignore[return-value]

    def save(self, aggregate: A) -> None:
        """Append the pending events and renew the snapshot; no events, no change."""
        kind = self.aggregate_class.aggregate_type
        item = {"PK": partition(kind, aggregate.id), **self.to_item(aggregate)}
        state = put_state(
            item, version=aggregate.version, committed_version=aggregate.committed_version
        )
        self._uow.register(aggregate, state)

    def missing(self, aggregate_id: str) -> Exception:
        """Return the error for an id that has no events."""
        kind = self.aggregate_class.aggregate_type
        return NotFound(f"{kind} not found.", details={"id": aggregate_id})

    def to_item(self, aggregate: A) -> Item:
        """Return the attributes of the snapshot, without keys and version."""
        raise NotImplementedError
