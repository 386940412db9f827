"""Repositories of the in-memory unit of work."""

import copy
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import NotFound
from tests.support.fakes.database import Claims, Saved
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

A = TypeVar("A", bound=Aggregate)


class InMemoryRepository(Generic[A]):
    """Loads and saves one type of aggregate, by value: what was loaded is nobody else's."""

    def __init__(
        self,
        uow: InMemoryUnitOfWork,
        kind: type[A],
        *,
        claims: Callable[[A], Claims] = lambda _: {},
        missing: Callable[[str], Exception] | None = None,
    ) -> None:
        self._uow = uow
        self._kind = kind
        self._claims = claims
        self._missing = missing or (
            lambda id_: NotFound(f"{kind.aggregate_type} not found.", details={"id": id_})
        )

    def get(self, aggregate_id: str) -> A:
        """Return the aggregate; raises what *missing* makes."""
        found = self.find(aggregate_id)
        if found is None:
            raise self._missing(aggregate_id)
        return found

    def find(self, aggregate_id: str) -> A | None:
        """Return the aggregate, or ``None``."""
        found = self._uow.database.states.get((self._kind.aggregate_type, aggregate_id))
        if found is None:
            return None
        assert isinstance(found, self._kind)
        return copy.deepcopy(found)

    def find_all(self, aggregate_ids: Iterable[str]) -> dict[str, A]:
        """Return the aggregates that exist, by id."""
        found = {id_: self.find(id_) for id_ in aggregate_ids}
        return {id_: aggregate for id_, aggregate in found.items() if aggregate is not None}

    def save(self, aggregate: A) -> None:
        """Have the unit of work commit the aggregate; nothing to do where nothing happened."""
        if not aggregate.pending_events:
            return
        stored = self.find(aggregate.id)
        claims = self._claims(aggregate)
        before = frozenset(self._claims(stored)) if stored is not None else frozenset()
        self._uow.register(
            Saved(aggregate, copy.deepcopy(aggregate), claims, before - claims.keys())
        )
