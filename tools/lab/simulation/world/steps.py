"""What a step changed, as the checks see it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One item before and after, in wire form; ``None`` where there is none."""

    table: str
    pk: str
    sk: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Step:
    """All changes of one atomic call to a table, and who made it."""

    number: int
    invocation: str
    function: str
    changes: list[Change]
