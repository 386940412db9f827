"""A migration as a person sees it: bars while it runs, a table at its end."""

import json
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.reading import translated
from shared.platform.migrations.ledger import Progress as SegmentProgress
from shared.platform.migrations.migration import Migration
from shared.platform.migrations.runner import Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Bars:
    """One bar for each migration; its length is DynamoDB's estimate of the table's items."""

    def __init__(self, console: Console, client: "DynamoDBClient", table: str) -> None:
        # DynamoDB counts items every six hours or so: the bar may end early or run past its end.
        with translated():
            described = client.describe_table(TableName=table)["Table"]
        self._total = described.get("ItemCount") or None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[changed]} changed"),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._segments: dict[tuple[str, int], SegmentProgress] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, migration: Migration, segment: SegmentProgress) -> None:
        """Show that another page of *segment* is done."""
        with self._lock:
            if migration.id not in self._tasks:
                self._tasks[migration.id] = self._progress.add_task(
                    migration.id, total=self._total, changed=0
                )
            self._segments[migration.id, segment.segment] = segment
            known = [at for (name, _), at in self._segments.items() if name == migration.id]
            self._progress.update(
                self._tasks[migration.id],
                completed=sum(at.scanned for at in known),
                changed=sum(at.changed for at in known),
            )


def table_of(summaries: Sequence[Summary], *, dry_run: bool) -> RenderableType:
    """Return the result as a table, with examples of what a dry run would change."""
    table = Table("migration", "items read", "would change" if dry_run else "changed", "state")
    for summary in summaries:
        state = "done before" if summary.already_done else "rehearsed" if dry_run else "done"
        numbers = f"{summary.scanned:,}", f"{summary.changed:,}"
        table.add_row(f"{summary.migration.id}\n{summary.migration.about}", *numbers, state)
    examples = [_difference(*pair) for summary in summaries for pair in summary.examples]
    return Group(table, *examples)


def _difference(old: Item, new: Item) -> str:
    names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    lines = [f"  {name}: {_shown(old, name)} → {_shown(new, name)}" for name in names]
    return "\n".join([f"{old['PK']} {old['SK']}", *lines])


def _shown(item: Item, name: str) -> str:
    return json.dumps(item[name], default=str, ensure_ascii=False) if name in item else "(none)"
