"""How far a data migration has come, as people are shown it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationState:
    """How far a migration has come: ``pending``, ``running``, ``done`` or ``rehearsed``.

    ``examples`` are items that a rehearsal would change: ``{"PK", "SK", "before", "after"}``, the
    last two with the attributes that differ.
    """

    id: str
    about: str
    state: str
    scanned: int = 0
    changed: int = 0
    segments: int = 0
    segments_done: int = 0
    examples: Sequence[Mapping[str, Any]] = field(default=())

    def to_data(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "id": self.id,
            "about": self.about,
            "state": self.state,
            "scanned": self.scanned,
            "changed": self.changed,
            "segments": self.segments,
            "segments_done": self.segments_done,
            "examples": list(self.examples),
        }
