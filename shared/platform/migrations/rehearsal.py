"""A migration that is only rehearsed: what a run would record, kept in memory and not in a table.

A rehearsal that has to stop hands `records` to the one that goes on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.platform.dynamodb.codec import Item
from shared.platform.migrations.ledger import Progress
from shared.platform.migrations.migration import Migration

EXAMPLES = 3
"""Enough for a person to see what happens."""


class Rehearsal:
    """How far the rehearsal of each migration has come, by its id."""

    def __init__(self, records: Mapping[str, Sequence[Progress]] | None = None) -> None:
        self._records = {
            id_: {each.segment: each for each in segments}
            for id_, segments in (records or {}).items()
        }
        self._segments = {id_: len(known) for id_, known in self._records.items()}
        self._examples: dict[str, list[tuple[Item, Item]]] = {}

    def records(self) -> dict[str, list[Progress]]:
        """Return how far every segment has come of every migration that was begun."""
        return {
            id_: [known.get(at, Progress(segment=at)) for at in range(self._segments[id_])]
            for id_, known in self._records.items()
        }

    def examples(self, migration_id: str) -> Sequence[tuple[Item, Item]]:
        """Return the first items that would change, as they are and as they would be."""
        return self._examples.get(migration_id, [])[:EXAMPLES]

    def begin(self, migration_id: str, *, segments: int) -> int:
        """Note that the migration is rehearsed; return into how many segments it is cut."""
        self._records.setdefault(migration_id, {})
        return self._segments.setdefault(migration_id, segments)

    def progress(self, migration_id: str) -> dict[int, Progress]:
        """Return how far each segment has come that was begun."""
        return dict(self._records[migration_id])

    def advance(self, migration_id: str, progress: Progress) -> None:
        """Note that a page is done."""
        self._records[migration_id][progress.segment] = progress

    def finish(self, migration_id: str, **_: Any) -> None:
        """Nothing has been done to the table, so that nothing is finished."""

    def would_change(self, migration: Migration, item: Item) -> bool:
        """Tell whether the migration would change *item*, and keep the first ones to show."""
        new = migration.apply(item)
        if new is None:
            return False
        shown = self._examples.setdefault(migration.id, [])
        if len(shown) < EXAMPLES:
            shown.append((item, new))
        return True
