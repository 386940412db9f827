"""What operations needs from the outside."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.kernel.events import EventEnvelope
from shared.kernel.unit_of_work import UnitOfWork
from shared.operations.domain.flag import FeatureFlag, FlagSetting
from shared.operations.domain.migration_state import MigrationState
from shared.operations.domain.subscription import Subscription

Cursor = Mapping[str, str]


class Subscriptions(Protocol):
    """The consumers there are."""

    def find(self, consumer: str, /) -> Subscription:
        """Return the consumer's subscription; raises `ConsumerUnknown`, which names the others."""
        ...

    def all(self) -> Sequence[Subscription]:
        """Return every consumer's, by name."""
        ...


class StoredEvents(Protocol):
    """A page of stored events."""

    @property
    def events(self) -> Sequence[EventEnvelope]: ...
    @property
    def next(self) -> Cursor | None: ...
    @property
    def looked_at(self) -> int: ...


class EventHistory(Protocol):
    """Everything that has happened in one context."""

    def stream(
        self, aggregate_type: str, aggregate_id: str, *, start: Cursor | None
    ) -> StoredEvents:
        """Return a page of one aggregate's events, oldest first."""
        ...

    def scan(
        self,
        *,
        since: datetime,
        until: datetime,
        segment: int,
        segments: int,
        start: Cursor | None,
    ) -> StoredEvents:
        """Return a page of the events that occurred from *since* to before *until*."""
        ...


class Histories(Protocol):
    """The histories of the contexts."""

    def of(self, source: str, /) -> EventHistory:
        """Return one context's; raises `NotFound` where it keeps none."""
        ...


_BEGINNING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMessage:
    """A message on a queue: its body and its attributes; ``receipt`` to remove it with."""

    body: str
    attributes: Mapping[str, str]
    receipt: str = ""

    @property
    def reason(self) -> str:
        """Why it is a dead letter, as the consumer or the bus has put it."""
        said = self.attributes.get("reason") or self.attributes.get("ERROR_MESSAGE")
        return said or "no reason on record: the function died, or ran out of time"

    @property
    def about(self) -> str:
        """Which event it has; of what is none, how it begins."""
        try:
            detail = json.loads(self.body)["detail"]
            return f"{detail['type']} {detail['id']}"
        except (ValueError, LookupError, TypeError):
            return self.body[:_BEGINNING]


class Queues(Protocol):
    """The queues between bus and consumers."""

    def send(self, queue: str, messages: Sequence[QueueMessage], /) -> list[QueueMessage]:
        """Send up to ten; return those that were taken."""
        ...

    def receive(self, queue: str, /, *, hide_seconds: int) -> list[QueueMessage]:
        """Return up to ten messages, hidden from others for *hide_seconds*; none if empty."""
        ...

    def release(self, queue: str, messages: Sequence[QueueMessage], /) -> None:
        """Let others have received messages at once."""
        ...

    def remove(self, queue: str, messages: Sequence[QueueMessage], /) -> None:
        """Remove received messages; one that cannot be removed comes back when it is shown."""
        ...

    def depth(self, queue: str, /) -> int:
        """Return about how many messages wait."""
        ...


Rehearsed = Mapping[str, Sequence[Mapping[str, Any]]]
"""Id of a migration → how far each segment of its rehearsal has come: ``{"segment", "scanned",
"changed", "next_key", "done"}``."""


class MigratedTables(Protocol):
    """The tables that have migrations, by context."""

    def contexts(self) -> Sequence[str]:
        """Return whose tables they are."""
        ...

    def states(self, context: str, /) -> Sequence[MigrationState]:
        """Return how far each migration has come, in order; `NotFound` where there are none."""
        ...

    def about_items(self, context: str, /) -> int:
        """Return about how many items the table has: DynamoDB counts every six hours or so."""
        ...

    def run(
        self,
        context: str,
        /,
        *,
        segments: int,
        items_per_second: float | None,
        seconds: float,
        rehearsed: Rehearsed | None,
    ) -> tuple[Sequence[MigrationState], Rehearsed | None]:
        """Go on for *seconds*, then end between two pages; return how far each has come.

        With *rehearsed* nothing is written, and how far the rehearsal has come is returned.
        `NotFound` where there are none, `MigrationUnsound` for one that does what none may.
        """
        ...


class Flags(Protocol):
    """The feature flags."""

    def find(self, name: str, /) -> FeatureFlag | None:
        """Return the flag, if it was ever set."""
        ...

    def find_all(self, names: Iterable[str], /) -> dict[str, FeatureFlag]:
        """Return those that were ever set, by name: one consistent read."""
        ...

    def save(self, flag: FeatureFlag, /) -> None:
        """Have the unit of work commit the flag."""
        ...


class FlagsUnitOfWork(UnitOfWork, Protocol):
    """What setting a flag changes."""

    @property
    def flags(self) -> Flags:
        """The flags."""
        ...


class FlagPublisher(Protocol):
    """Where functions read how flags stand."""

    def latest(self) -> int:
        """Return the number of the newest version, 0 if there is none."""
        ...

    def publish(self, settings: Mapping[str, FlagSetting], *, after: int) -> None:
        """Make *settings* the version that follows *after*; `StaleAggregate` if one did."""
        ...


class TimeLeft(Protocol):
    """How long the invocation may go on."""

    def __call__(self) -> float:
        """Return the seconds left."""
        ...


class Wrap(Protocol):
    """Makes the bus's message of a stored event."""

    def __call__(self, event: EventEnvelope, source: str, /) -> Mapping[str, Any]:
        """Return the event as a rule would deliver it."""
        ...
