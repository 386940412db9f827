"""The tables that have migrations, and their migrations run for as long as there is time."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import Clock
from shared.operations.domain.errors import MigrationUnsound, NoMigrations
from shared.operations.domain.migration_state import MigrationState
from shared.operations.ports import Rehearsed
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.reading import translated
from shared.platform.migrations.ledger import DONE, Ledger, Progress
from shared.platform.migrations.migration import Migration, UnsoundMigration, in_order
from shared.platform.migrations.rehearsal import Rehearsal
from shared.platform.migrations.runner import PAGE, Runner, Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LONGEST_PAUSE = 2.0
"""Seconds between two pages: with a slow pace the pages are smaller, so that the end is met."""


class MigratingTables:
    """Tables by context; the record of what was done is in each of them."""

    def __init__(
        self,
        client: "DynamoDBClient",
        tables: Mapping[str, str],
        migrations: Mapping[str, Sequence[Migration]],
        clock: Clock,
    ) -> None:
        self._client = client
        self._tables = tables
        self._migrations = migrations
        self._clock = clock

    def contexts(self) -> list[str]:
        return sorted(self._migrations.keys() & self._tables.keys())

    def states(self, context: str, /) -> list[MigrationState]:
        ledger = Ledger(self._client, self._table(context), self._clock)
        return [_recorded(ledger, each) for each in in_order(self._migrations[context])]

    def about_items(self, context: str, /) -> int:
        with translated():
            described = self._client.describe_table(TableName=self._table(context))
        return described["Table"].get("ItemCount", 0)

    def run(
        self,
        context: str,
        /,
        *,
        segments: int,
        items_per_second: float | None,
        seconds: float,
        rehearsed: Rehearsed | None,
    ) -> tuple[list[MigrationState], Rehearsed | None]:
        ends_at = time.monotonic() + seconds
        pace = items_per_second or float("inf")
        runner = Runner(
            client=self._client,
            table=self._table(context),
            segments=segments,
            page=int(max(1, min(PAGE, pace * _LONGEST_PAUSE))),
            items_per_second=pace,
            clock=self._clock,
            goes_on=lambda: time.monotonic() < ends_at,
        )
        rehearsal = None if rehearsed is None else _resumed(rehearsed)
        migrations = in_order(self._migrations[context])
        try:
            summaries = runner.run(migrations, rehearsal=rehearsal)
        except UnsoundMigration as unsound:
            raise MigrationUnsound(details={"reason": str(unsound)}) from unsound
        found = [_run(each, rehearsed=rehearsal is not None) for each in summaries]
        found += [_pending(each) for each in migrations[len(summaries) :]]
        return found, None if rehearsal is None else _records(rehearsal)

    def _table(self, context: str) -> str:
        if context not in self.contexts():
            raise NoMigrations(context, self.contexts())
        return self._tables[context]


def _resumed(rehearsed: Rehearsed) -> Rehearsal:
    return Rehearsal(
        {id_: [Progress(**each) for each in segments] for id_, segments in rehearsed.items()}
    )


def _records(rehearsal: Rehearsal) -> dict[str, list[dict[str, Any]]]:
    return {
        id_: [
            {
                "segment": each.segment,
                "scanned": each.scanned,
                "changed": each.changed,
                "next_key": each.next_key,
                "done": each.done,
            }
            for each in segments
        ]
        for id_, segments in rehearsal.records().items()
    }


def _recorded(ledger: Ledger, migration: Migration) -> MigrationState:
    """Return what the table's own record says about a migration."""
    record = ledger.status(migration.id)
    if record is None:
        return _pending(migration)
    known = list(ledger.progress(migration.id).values())
    return MigrationState(
        id=migration.id,
        about=migration.about,
        state=record["status"],
        scanned=sum(each.scanned for each in known),
        changed=sum(each.changed for each in known),
        segments=record["segments"],
        segments_done=sum(each.done for each in known),
    )


def _pending(migration: Migration) -> MigrationState:
    return MigrationState(id=migration.id, about=migration.about, state="pending")


def _run(summary: Summary, *, rehearsed: bool) -> MigrationState:
    ended = "rehearsed" if rehearsed and not summary.already_done else DONE
    return MigrationState(
        id=summary.migration.id,
        about=summary.migration.about,
        state=ended if summary.done else "running",
        scanned=summary.scanned,
        changed=summary.changed,
        segments=len(summary.segments),
        segments_done=sum(each.done for each in summary.segments),
        examples=[_difference(*pair) for pair in summary.examples],
    )


def _difference(old: Item, new: Item) -> dict[str, Any]:
    """Return the attributes that differ, as plain JSON values."""
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    shown = {
        "PK": old["PK"],
        "SK": old["SK"],
        "before": {name: old[name] for name in names if name in old},
        "after": {name: new[name] for name in names if name in new},
    }
    plain: dict[str, Any] = json.loads(json.dumps(shown, default=str))
    return plain
