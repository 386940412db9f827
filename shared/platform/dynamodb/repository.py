"""Base of the repositories: one aggregate type, its state item, one consistent read."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from shared.kernel.aggregate import Aggregate
from shared.kernel.refusals import resource_not_found
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get, get_item
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, put_state

A = TypeVar("A", bound=Aggregate)


class DynamoRepository(Generic[A]):
    """Loads and saves one type of aggregate; a subclass says how its item looks."""

    aggregate_class: ClassVar[type[Aggregate]]

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        self._uow = uow

    def get(self, aggregate_id: str) -> A:
        """Return the aggregate, read consistently; raises what :meth:`missing` makes."""
        found = self.find(aggregate_id)
        if found is None:
            raise self.missing(aggregate_id)
        return found

    def find(self, aggregate_id: str) -> A | None:
        """Return the aggregate, or ``None`` when there is none."""
        with repository_call("get", self.aggregate_class.aggregate_type):
            item = get_item(self._uow.client, self._uow.table, self._key(aggregate_id))
        return None if item is None else self.from_item(item)

    def find_all(self, aggregate_ids: Iterable[str]) -> dict[str, A]:
        """Return the aggregates that exist, by id: one consistent read of at most 100."""
        keys = [self._key(aggregate_id) for aggregate_id in dict.fromkeys(aggregate_ids)]
        with repository_call("find_all", self.aggregate_class.aggregate_type):
            items = batch_get(self._uow.client, self._uow.table, keys)
        found = (self.from_item(item) for item in items)
        return {aggregate.id: aggregate for aggregate in found}

    def save(self, aggregate: A) -> None:
        """Have the unit of work commit the aggregate's state and pending events."""
        kind = self.aggregate_class.aggregate_type
        item = {"PK": partition(kind, aggregate.id), **self.to_item(aggregate)}
        state = put_state(
            item, version=aggregate.version, committed_version=aggregate.committed_version
        )
        self._uow.register(aggregate, state)

    def missing(self, aggregate_id: str) -> Exception:
        """Return the error for an id that has no aggregate."""
        kind = self.aggregate_class.aggregate_type
        return resource_not_found(kind, aggregate_id)

    def to_item(self, aggregate: A) -> Item:
        """Return the attributes of the state item, without keys and version."""
        raise NotImplementedError

    def from_item(self, item: Mapping[str, Any]) -> A:
        """Return the aggregate that a state item holds."""
        raise NotImplementedError

    def _key(self, aggregate_id: str) -> dict[str, str]:
        return {
            "PK": partition(self.aggregate_class.aggregate_type, aggregate_id),
            "SK": STATE,
        }
