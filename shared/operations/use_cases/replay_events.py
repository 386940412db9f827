"""Give stored events to one consumer again."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from shared.operations.domain.errors import NotRebuildable, QueueRefuses
from shared.operations.ports import (
    Cursor,
    EventHistory,
    Histories,
    QueueMessage,
    Queues,
    StoredEvents,
    Subscriptions,
    TimeLeft,
    Wrap,
)

_BATCH = 10
_ATTEMPTS = 5
_RESERVE_SECONDS = 5.0
"""When less time is left, the rest is for the next invocation: a page takes a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The events of one aggregate."""

    aggregate_type: str
    aggregate_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The events from ``since`` to before ``until``: one of ``segments`` equal parts of them."""

    since: datetime
    until: datetime
    segment: int
    segments: int


Selection: TypeAlias = Stream | Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a replay goes on: in this context's history, after this key."""

    source: str
    after: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayEvents:
    """Give *consumer* the selected events that its rule lets through, and nobody else.

    What it has handled it handles no second time. With *rebuild*, the name of a run, a consumer
    that keeps a read model takes each of them once more in that run.
    """

    consumer: str
    selection: Selection
    position: Position | None = None
    rebuild: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayEventsHandler:
    """Reads page by page and sends to the consumer's queue, until done or out of time."""

    subscriptions: Subscriptions
    histories: Histories
    queues: Queues
    wrap: Wrap
    time_left: TimeLeft
    rebuildable: Collection[str]
    """The consumers that keep a read model."""

    def __call__(self, command: ReplayEvents) -> Mapping[str, Any]:
        """Return ``done``, what was ``looked_at`` and ``sent``, and ``position`` to go on from."""
        subscription = self.subscriptions.find(command.consumer)
        if command.rebuild and command.consumer not in self.rebuildable:
            raise NotRebuildable(command.consumer, self.rebuildable)
        attributes = {"replayed": "true"}
        if command.rebuild:
            attributes["rebuild"] = command.rebuild
        looked_at = sent = 0
        position = command.position or Position(source=subscription.sources[0], after=None)
        while True:
            page = _page(self.histories.of(position.source), command.selection, position.after)
            wrapped = [self.wrap(event, position.source) for event in page.events]
            messages = [
                QueueMessage(body=json.dumps(each, ensure_ascii=False), attributes=attributes)
                for each in wrapped
                if subscription.wants(each)
            ]
            for batch in _batches(messages):
                self._send(subscription.queue, batch)
            looked_at, sent = looked_at + page.looked_at, sent + len(messages)
            following = _following(position, page.next, subscription.sources)
            if following is None or self.time_left() < _RESERVE_SECONDS:
                break
            position = following
        return {
            "done": following is None,
            "looked_at": looked_at,
            "sent": sent,
            "position": None
            if following is None
            else {"source": following.source, "after": following.after},
        }

    def _send(self, queue: str, messages: Sequence[QueueMessage]) -> None:
        waiting = list(messages)
        for _ in range(_ATTEMPTS):
            taken = self.queues.send(queue, waiting)
            waiting = [message for message in waiting if message not in taken]
            if not waiting:
                return
        raise QueueRefuses(details={"number": len(waiting)})


def _page(history: EventHistory, selection: Selection, start: Cursor | None) -> StoredEvents:
    match selection:
        case Stream():
            return history.stream(selection.aggregate_type, selection.aggregate_id, start=start)
        case Span():
            return history.scan(
                since=selection.since,
                until=selection.until,
                segment=selection.segment,
                segments=selection.segments,
                start=start,
            )


def _following(
    position: Position, after: Cursor | None, sources: Sequence[str]
) -> Position | None:
    if after is not None:
        return Position(source=position.source, after=after)
    rest = sources[sources.index(position.source) + 1 :]
    return Position(source=rest[0], after=None) if rest else None


def _batches(messages: Sequence[QueueMessage]) -> Iterator[Sequence[QueueMessage]]:
    for start in range(0, len(messages), _BATCH):
        yield messages[start : start + _BATCH]
