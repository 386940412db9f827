"""The consistency boundary: state that changes only by recording events."""

from typing import ClassVar

from shared.kernel.events import DomainEvent


class Aggregate:
    """State with a version and the events not yet committed.

    ``version`` counts the events ever recorded, pending ones included, so a new aggregate starts
    at 0 and its first event is number 1. A change that records no event does not exist: it is
    neither stored nor published.
    """

    aggregate_type: ClassVar[str]

    def __init__(self, id: str, *, version: int = 0) -> None:
        self.id = id
        self._committed_version = version
        self._pending: list[DomainEvent] = []

    @property
    def version(self) -> int:
        """The number of the latest event, committed or pending."""
        return self._committed_version + len(self._pending)

    @property
    def committed_version(self) -> int:
        """The version that was loaded; a commit requires it to be the stored one still."""
        return self._committed_version

    @property
    def pending_events(self) -> tuple[DomainEvent, ...]:
        """Events recorded since the aggregate was loaded or last committed, oldest first."""
        return tuple(self._pending)

    def mark_committed(self) -> None:
        """Forget the pending events: they are stored now."""
        self._committed_version = self.version
        self._pending.clear()

    def _record(self, event: DomainEvent) -> None:
        self._pending.append(event)
