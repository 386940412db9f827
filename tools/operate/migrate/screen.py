"""A migration as a person sees it: bars while it runs, a table at its end."""

import json
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from shared.platform.dynamodb.reading import translated
from shared.platform.migrations.ledger import Progress as SegmentProgress
from shared.platform.migrations.migration import Migration
from shared.platform.migrations.runner import Summary
from tools.entry.guard import ToolError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def about_items(client: "DynamoDBClient", table: str) -> int:
    """Return DynamoDB's estimate of the table's items, which it makes every six hours or so."""
    with translated():
        try:
            return client.describe_table(TableName=table)["Table"].get("ItemCount", 0)
        except client.exceptions.ResourceNotFoundException:
            known = f"There is no table {table} in {client.meta.region_name}."
            raise ToolError(f"{known} Is it in another account or region?") from None


class Bars:
    """One bar for each migration, as long as *about_items*: it may end early, or run past it."""

    def __init__(self, console: Console, about_items: int = 0) -> None:
        self._total = about_items or None
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
            self._segments[migration.id, segment.segment] = segment
            known = [at for (name, _), at in self._segments.items() if name == migration.id]
            scanned, changed = sum(at.scanned for at in known), sum(at.changed for at in known)
            self.show(migration.id, scanned=scanned, changed=changed)

    def show(self, migration_id: str, *, scanned: int, changed: int, about_items: int = 0) -> None:
        """Show how far a migration has come as a whole."""
        if migration_id not in self._tasks:
            total = about_items or self._total
            self._tasks[migration_id] = self._progress.add_task(
                migration_id, total=total, changed=0
            )
        self._progress.update(self._tasks[migration_id], completed=scanned, changed=changed)


Row = Mapping[str, Any]
"""A migration as the task answers it: ``id``, ``about``, ``state``, ``scanned``, ``changed``,
and ``examples`` of what a rehearsal would change."""


def row_of(summary: Summary, *, dry_run: bool) -> Row:
    """Return what became of a migration that ran here."""
    state = "done before" if summary.already_done else "rehearsed" if dry_run else "done"
    return {
        "id": summary.migration.id,
        "about": summary.migration.about,
        "state": state,
        "scanned": summary.scanned,
        "changed": summary.changed,
        "examples": [
            {"PK": old["PK"], "SK": old["SK"], "before": old, "after": new}
            for old, new in summary.examples
        ],
    }


def table_of(rows: Sequence[Row]) -> RenderableType:
    """Return the result as a table, with examples of what a dry run would change."""
    table = Table("migration", "items read", "changed, or would be", "state")
    for row in rows:
        numbers = f"{row['scanned']:,}", f"{row['changed']:,}"
        table.add_row(f"{row['id']}\n{row['about']}", *numbers, row["state"])
    examples = [_difference(example) for row in rows for example in row["examples"]]
    return Group(table, *examples)


def _difference(example: Row) -> str:
    old, new = example["before"], example["after"]
    names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    lines = [f"  {name}: {_shown(old, name)} → {_shown(new, name)}" for name in names]
    return "\n".join([f"{example['PK']} {example['SK']}", *lines])


def _shown(item: Row, name: str) -> str:
    return json.dumps(item[name], default=str, ensure_ascii=False) if name in item else "(none)"
