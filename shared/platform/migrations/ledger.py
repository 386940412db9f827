"""The record of what has been migrated, in the table itself: ``PK=MIGRATION#<id>``.

``SK=STATE`` tells whether a migration is running or done, ``SK=SEGMENT#<n>`` how far a segment of
the table has come. A migration that was killed goes on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import Clock, to_iso
from shared.platform.dynamodb.codec import to_item
from shared.platform.dynamodb.reading import get_item, query, translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "MIGRATION#"
DONE = "done"
RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one segment has come; ``next_key`` is where its next page begins (wire form)."""

    segment: int
    scanned: int = 0
    changed: int = 0
    next_key: Mapping[str, Any] | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """Reads and writes the record of one table."""

    client: "DynamoDBClient"
    table: str
    clock: Clock

    def status(self, migration_id: str) -> Mapping[str, Any] | None:
        """Return the record of a migration, or `None` when it was never begun."""
        return get_item(self.client, self.table, {"PK": PREFIX + migration_id, "SK": "STATE"})

    def begin(self, migration_id: str, *, segments: int) -> int:
        """Record that the migration runs; return into how many segments it is cut.

        Of a migration that was begun before, that number is what it was then.
        """
        found = self.status(migration_id)
        if found is not None:
            begun_with: int = found["segments"]
            return begun_with
        now = to_iso(self.clock.now())
        self._put(migration_id, "STATE", status=RUNNING, segments=segments, started_at=now)
        return segments

    def finish(self, migration_id: str, *, segments: int, scanned: int, changed: int) -> None:
        """Record that every segment is done."""
        begun = self.status(migration_id) or {}
        self._put(
            migration_id,
            "STATE",
            status=DONE,
            segments=segments,
            scanned=scanned,
            changed=changed,
            started_at=begun.get("started_at"),
            finished_at=to_iso(self.clock.now()),
        )

    def progress(self, migration_id: str) -> dict[int, Progress]:
        """Return how far each segment has come that has a record."""
        items = query(
            self.client,
            self.table,
            KeyConditionExpression="PK = :migration AND begins_with(SK, :segment)",
            ExpressionAttributeValues={
                ":migration": PREFIX + migration_id,
                ":segment": "SEGMENT#",
            },
            ConsistentRead=True,
        )
        return {
            item["segment"]: Progress(
                segment=item["segment"],
                scanned=item["scanned"],
                changed=item["changed"],
                next_key=item["next_key"],
                done=item["done"],
            )
            for item in items
        }

    def advance(self, migration_id: str, progress: Progress) -> None:
        """Record that a page is done. Until then it counts as not begun and is done again."""
        self._put(
            migration_id,
            f"SEGMENT#{progress.segment:03d}",
            segment=progress.segment,
            scanned=progress.scanned,
            changed=progress.changed,
            next_key=progress.next_key,
            done=progress.done,
        )

    def _put(self, migration_id: str, sort_key: str, **attributes: Any) -> None:
        item = {"PK": PREFIX + migration_id, "SK": sort_key, **attributes}
        with translated():
            self.client.put_item(TableName=self.table, Item=to_item(item))
