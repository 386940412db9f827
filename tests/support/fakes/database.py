"""What the in-memory unit of work has committed."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import EventEnvelope

Taken = Callable[[], Exception]
Claims = Mapping[tuple[str, str], Taken]
"""(kind, value) → what is raised when somebody else has the value."""


@dataclass
class Database:
    """What has been committed."""

    states: dict[tuple[str, str], Aggregate] = field(default_factory=dict)
    events: list[EventEnvelope] = field(default_factory=list)
    unique: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[tuple[str, str, str], tuple[str, dict[str, Any], int]] = field(
        default_factory=dict
    )
    """(principal, route, key) → (fingerprint, result, expires at)."""
    inbox: dict[tuple[str, str], int] = field(default_factory=dict)
    """(consumer, event id) → expires at."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def event_types(self) -> list[str]:
        """The types of all committed events, oldest first."""
        return [event.type for event in self.events]


@dataclass
class Saved:
    """An aggregate waiting for its commit: its state then, and what it claims and gives up."""

    aggregate: Aggregate
    state: Aggregate
    claims: Claims
    released: frozenset[tuple[str, str]]
