"""Base of the repositories of event-sourced aggregates: the events are the truth.

Load: one consistent ``Query`` of the aggregate's event items, upcast and folded. Save: append the
new events at the versions that follow the loaded ones, which fails if anybody else appended
first. The state item written along is a snapshot for readers; nothing is decided on it.
"""

from typing import ClassVar, Generic, TypeVar

from shared.kernel.errors import NotFound
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.event_stream import EventStream
from shared.platform.dynamodb.events import EVENT_PREFIX, EVENTS_OF, envelope_of, partition
from shared.platform.dynamodb.reading import query
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import put_state

A = TypeVar("A", bound=EventSourcedAggregate)


class EventSourcedRepository(Generic[A]):
    """Loads and appends one type of aggregate.

    A subclass names the stream, and its ``save`` appends with the snapshot that it makes.
    """

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
        with repository_call("get", kind):
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

    def append(self, aggregate: A, snapshot: Item) -> None:
        """Append the pending events and renew the *snapshot*; no events, no change.

        The snapshot is the state item's attributes without keys and version.
        """
        kind = self.aggregate_class.aggregate_type
        item = {"PK": partition(kind, aggregate.id), **snapshot}
        state = put_state(
            item, version=aggregate.version, committed_version=aggregate.committed_version
        )
        self._uow.register(aggregate, state)

    def missing(self, aggregate_id: str) -> Exception:
        """Return the error for an id that has no events."""
        kind = self.aggregate_class.aggregate_type.lower()
        return NotFound(f"There is no {kind} {aggregate_id}.", details={"id": aggregate_id})
