"""Runs migrations over a table: in order, in parallel segments, resumable at any point.

It reads whole tables, and is never part of a request.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import Clock, SystemClock
from shared.platform.dynamodb.codec import Item, from_item
from shared.platform.dynamodb.reading import translated
from shared.platform.migrations.ledger import DONE, PREFIX, Ledger, Progress
from shared.platform.migrations.migration import Migration, in_order
from shared.platform.migrations.rehearsal import Rehearsal
from shared.platform.migrations.rewrite import rewrite

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEFAULT_SEGMENTS = 4
PAGE = 200
"""Items read at a time: as many are looked at again, at most, after a crash."""

Report = Callable[[Migration, Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How far one migration has come, by segment; ``examples`` are (old, new) of a rehearsal."""

    migration: Migration
    scanned: int
    changed: int
    done: bool = True
    already_done: bool = False
    segments: tuple[Progress, ...] = ()
    examples: tuple[tuple[Item, Item], ...] = ()


@dataclass(slots=True, kw_only=True)
class Runner:
    """Brings one table up to date.

    ``items_per_second`` bounds the reading of each segment, so that customers keep their capacity.
    Two runners at once do each other no harm: they do the same work twice. ``report`` is called
    after each page, from the thread of its segment; ``goes_on`` is asked before each, and a run
    that may not go on ends between two pages.
    """

    client: "DynamoDBClient"
    table: str
    segments: int = DEFAULT_SEGMENTS
    page: int = PAGE
    items_per_second: float = float("inf")
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep
    report: Report = lambda _migration, _progress: None
    goes_on: Callable[[], bool] = lambda: True

    def run(
        self, migrations: Sequence[Migration], *, rehearsal: Rehearsal | None = None
    ) -> list[Summary]:
        """Run those of *migrations* that are not recorded as done, in order of their ids.

        A rehearsal writes nothing at all and says what would change. The first failure stops the
        run with everything recorded that was done; running again goes on from there. So does a
        run that may not go on: its last summary is not done, and the migrations after it are
        not begun.
        """
        ledger = Ledger(self.client, self.table, self.clock)
        summaries: list[Summary] = []
        for migration in in_order(migrations):
            summaries.append(self._run(migration, ledger, rehearsal))
            if not summaries[-1].done:
                break
        return summaries

    def _run(self, migration: Migration, ledger: Ledger, rehearsal: Rehearsal | None) -> Summary:
        record = ledger.status(migration.id)
        if record is not None and record["status"] == DONE:
            return Summary(
                migration=migration,
                scanned=record["scanned"],
                changed=record["changed"],
                already_done=True,
            )
        book = ledger if rehearsal is None else rehearsal
        segments = book.begin(migration.id, segments=self.segments)
        known = book.progress(migration.id)
        begin = [known.get(number, Progress(segment=number)) for number in range(segments)]
        ends = self._segments(book, migration, begin)
        scanned, changed = sum(e.scanned for e in ends), sum(e.changed for e in ends)
        done = all(end.done for end in ends)
        if done:
            book.finish(migration.id, segments=segments, scanned=scanned, changed=changed)
        return Summary(
            migration=migration,
            scanned=scanned,
            changed=changed,
            done=done,
            segments=ends,
            examples=() if rehearsal is None else tuple(rehearsal.examples(migration.id)),
        )

    def _segments(
        self, book: Ledger | Rehearsal, migration: Migration, begin: Sequence[Progress]
    ) -> tuple[Progress, ...]:
        """Work on the segments side by side; where one fails, the others end with their page."""
        stopped = Event()

        def work(progress: Progress) -> Progress:
            try:
                return self._segment(book, migration, progress, len(begin), stopped)
            except BaseException:
                stopped.set()
                raise

        with ThreadPoolExecutor(max_workers=len(begin)) as pool:
            try:
                return tuple(pool.map(work, begin))
            except BaseException:  # Ctrl-C and the deadline come to this thread
                stopped.set()
                raise

    def _segment(
        self,
        book: Ledger | Rehearsal,
        migration: Migration,
        progress: Progress,
        segments: int,
        stopped: Event,
    ) -> Progress:
        """Do what is left of one segment, recording each page, for as long as that may go on."""
        while not progress.done and not stopped.is_set() and self.goes_on():
            items, next_key = self._page(progress, segments)
            progress = replace(
                progress,
                scanned=progress.scanned + len(items),
                changed=progress.changed
                + sum(self._changed(book, migration, item) for item in _ours(items)),
                next_key=next_key,
                done=next_key is None,
            )
            book.advance(migration.id, progress)
            self.report(migration, progress)
            self.sleep(len(items) / self.items_per_second)
        return progress

    def _changed(self, book: Ledger | Rehearsal, migration: Migration, item: Item) -> bool:
        if isinstance(book, Rehearsal):
            return book.would_change(migration, item)
        return rewrite(self.client, self.table, migration, item)

    def _page(self, at: Progress, segments: int) -> tuple[list[Item], dict[str, Any] | None]:
        """Return the next page of a segment, and the key at which the one after begins."""
        start: Any = {"ExclusiveStartKey": at.next_key} if at.next_key else {}
        with translated():
            answer = self.client.scan(
                TableName=self.table,
                Segment=at.segment,
                TotalSegments=segments,
                Limit=self.page,
                ConsistentRead=True,
                **start,
            )
        return [from_item(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def _ours(items: list[Item]) -> Iterator[Item]:
    """Yield the items that are data; the ledger's own are not."""
    return (item for item in items if not item["PK"].startswith(PREFIX))
