"""Runs migrations over a table: in order, in parallel segments, resumable at any point.

This is the one place that reads whole tables. It is never part of a request.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import Clock, SystemClock
from shared.platform.dynamodb.codec import Item, from_item
from shared.platform.dynamodb.reading import translated
from shared.platform.migrations.ledger import DONE, PREFIX, Ledger, Progress
from shared.platform.migrations.migration import Migration, in_order
from shared.platform.migrations.rewrite import rewrite

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEFAULT_SEGMENTS = 4
PAGE = 200
"""Items read at a time: as many are looked at again, at most, after a crash."""

Report = Callable[[Migration, Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of one migration; ``examples`` are (old, new) pairs of a dry run."""

    migration: Migration
    scanned: int
    changed: int
    already_done: bool = False
    examples: tuple[tuple[Item, Item], ...] = ()


@dataclass(slots=True, kw_only=True)
class Runner:
    """Brings one table up to date.

    ``items_per_second`` bounds the reading of each segment, so that customers keep their capacity.
    Two runners at once do each other no harm: they do the same work twice. ``report`` is called
    after each page, from the thread of its segment.
    """

    client: "DynamoDBClient"
    table: str
    segments: int = DEFAULT_SEGMENTS
    page: int = PAGE
    items_per_second: float = float("inf")
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep
    report: Report = lambda _migration, _progress: None

    def run(self, migrations: Sequence[Migration], *, dry_run: bool = False) -> list[Summary]:
        """Run those of *migrations* that are not recorded as done, in order of their ids.

        A dry run writes nothing at all and says what would change. The first failure stops the
        run with everything recorded that was done; running again goes on from there.
        """
        return [self._run(migration, dry_run=dry_run) for migration in in_order(migrations)]

    def _run(self, migration: Migration, *, dry_run: bool) -> Summary:
        ledger = Ledger(self.client, self.table, self.clock)
        record = ledger.status(migration.id)
        if record is not None and record["status"] == DONE:
            return Summary(
                migration=migration,
                scanned=record["scanned"],
                changed=record["changed"],
                already_done=True,
            )
        if dry_run:
            return self._rehearse(migration)
        segments = ledger.begin(migration.id, segments=self.segments)
        known = ledger.progress(migration.id)
        begin = [known.get(number, Progress(segment=number)) for number in range(segments)]
        with ThreadPoolExecutor(max_workers=segments) as pool:
            ends = list(pool.map(lambda at: self._segment(ledger, migration, at, segments), begin))
        scanned, changed = sum(e.scanned for e in ends), sum(e.changed for e in ends)
        ledger.finish(migration.id, segments=segments, scanned=scanned, changed=changed)
        return Summary(migration=migration, scanned=scanned, changed=changed)

    def _segment(
        self, ledger: Ledger, migration: Migration, progress: Progress, segments: int
    ) -> Progress:
        """Do what is left of one segment, recording each page."""
        if progress.done:
            return progress
        for items, next_key in self._pages(progress.segment, segments, progress.next_key):
            written = sum(
                rewrite(self.client, self.table, migration, item) for item in _ours(items)
            )
            progress = replace(
                progress,
                scanned=progress.scanned + len(items),
                changed=progress.changed + written,
                next_key=next_key,
                done=next_key is None,
            )
            ledger.advance(migration.id, progress)
            self.report(migration, progress)
            self.sleep(len(items) / self.items_per_second)
        return progress

    def _rehearse(self, migration: Migration) -> Summary:
        scanned = changed = 0
        examples: list[tuple[Item, Item]] = []
        for items, next_key in self._pages(0, 1, None):
            for item in _ours(items):
                new = migration.apply(item)
                if new is None:
                    continue
                changed += 1
                if len(examples) < 3:  # noqa: PLR2004  # enough for a person to see what happens
                    examples.append((item, new))
            scanned += len(items)
            at = Progress(segment=0, scanned=scanned, changed=changed, done=next_key is None)
            self.report(migration, at)
            self.sleep(len(items) / self.items_per_second)
        return Summary(
            migration=migration, scanned=scanned, changed=changed, examples=tuple(examples)
        )

    def _pages(
        self, segment: int, segments: int, start: Any
    ) -> Iterator[tuple[list[Item], dict[str, Any] | None]]:
        """Yield the pages of a segment, each with the key at which the next one begins."""
        while True:
            request: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
            with translated():
                answer = self.client.scan(
                    TableName=self.table,
                    Segment=segment,
                    TotalSegments=segments,
                    Limit=self.page,
                    ConsistentRead=True,
                    **request,
                )
            start = answer.get("LastEvaluatedKey")
            yield [from_item(item) for item in answer["Items"]], start
            if not start:
                return


def _ours(items: list[Item]) -> Iterator[Item]:
    """Yield the items that are data; the ledger's own are not."""
    return (item for item in items if not item["PK"].startswith(PREFIX))
