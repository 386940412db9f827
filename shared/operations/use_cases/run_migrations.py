"""Bring the stored data of a context up to date, for as long as an invocation lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.operations.ports import MigratedTables, Rehearsed, TimeLeft

_RESERVE_SECONDS = 10.0
"""When less time is left, no page is begun: one is 200 items, each a write at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMigrations:
    """Run what has not been done to the table of *context*; without one, tell how all stand.

    ``items_per_second`` bounds the reading of each of the ``segments``. A dry run writes nothing;
    ``rehearsed`` is how far an earlier one has come.
    """

    context: str | None
    segments: int
    items_per_second: float | None
    dry_run: bool = False
    rehearsed: Rehearsed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMigrationsHandler:
    """Works through the migrations in their order, in segments side by side.

    Each page is recorded in the table, so that whoever is next, after the end of the time or of
    the function, goes on from there.
    """

    tables: MigratedTables
    time_left: TimeLeft

    def __call__(self, command: RunMigrations) -> Mapping[str, Any]:
        """Return ``done`` and the ``migrations``, each with how far it has come.

        A dry run that is not done has a ``position`` to go on from; a run needs none.
        """
        if command.context is None:
            every = {
                context: [each.to_data() for each in self.tables.states(context)]
                for context in self.tables.contexts()
            }
            return {"done": True, "contexts": every}
        states, rehearsed = self.tables.run(
            command.context,
            segments=command.segments,
            items_per_second=command.items_per_second,
            seconds=self.time_left() - _RESERVE_SECONDS,
            rehearsed=(command.rehearsed or {}) if command.dry_run else None,
        )
        done = all(each.state in ("done", "rehearsed") for each in states)
        return {
            "done": done,
            "about_items": self.tables.about_items(command.context),
            "migrations": [each.to_data() for each in states],
            "position": None if done else rehearsed,
        }
