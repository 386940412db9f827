"""An aggregate whose state is the fold of its events, and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent


class EventSourcedAggregate(Aggregate):
    """Changes by events alone: live and rebuilt, the same events give the same state.

    A subclass decides in its methods (which may refuse) and changes its fields in `_apply` only
    (which may not: what happened has happened).
    """

    @classmethod
    def rebuild(cls, id: str, history: Iterable[tuple[DomainEvent, datetime]]) -> Self:
        """Return the aggregate that *history* made: its events, oldest first, and their times."""
        aggregate = cls(id)
        for event, at in history:
            aggregate._apply(event, at)
            aggregate._committed_version += 1
        return aggregate

    def _happen(self, event: DomainEvent, at: datetime) -> None:
        """Record *event* and let it take effect."""
        self._record(event)
        self._apply(event, at)

    def _apply(self, event: DomainEvent, at: datetime) -> None:
        """Change the state as *event* says; it happened *at* this moment."""
        raise NotImplementedError
