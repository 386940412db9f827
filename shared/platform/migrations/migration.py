"""What a data migration is: one pure function from the old shape of an item to the new one.

Expand, backfill, contract: first the code that reads both shapes and writes the new one is
deployed (it upcasts on reading), then the migration rewrites what is stored, and only when it is
recorded as done may a later release drop the upcast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.platform.dynamodb.codec import Item

Change = Callable[[Item], Item | None]
"""Returns the item in its new shape, or `None` for one that has it or is none of its business."""


class UnsoundMigration(ValueError):
    """A migration does what none may; nothing of the item in question has been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: ``id`` sorts in the order of the steps (``0001_…``), ``about`` tells a person."""

    id: str
    about: str
    change: Change

    def apply(self, item: Item) -> Item | None:
        """Return the changed *item*, or `None`.

        Raises `UnsoundMigration` for a change that touches the key or the version (those belong
        to the write path) or that would change its own result again: a page that is done twice,
        after a crash, must be the same as one done once.
        """
        changed = self.change(dict(item))
        if changed is None or changed == item:
            return None
        for name in ("PK", "SK", "version"):
            if changed.get(name) != item.get(name):
                raise UnsoundMigration(f"{self.id} changes {name} of {item['PK']} {item['SK']}")
        again = self.change(dict(changed))
        if again is not None and again != changed:
            raise UnsoundMigration(f"{self.id} changes {item['PK']} {item['SK']} twice")
        return changed


def in_order(migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Return *migrations* by id; `UnsoundMigration` when two share one."""
    ordered = tuple(sorted(migrations, key=lambda migration: migration.id))
    if len({migration.id for migration in ordered}) != len(ordered):
        raise UnsoundMigration("two migrations have the same id")
    return ordered
