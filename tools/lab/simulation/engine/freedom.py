"""What DynamoDB leaves open, and somebody has to decide: how stale, in which order, how much."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.lab.simulation.engine.errors import Attributes

PAGE_BYTES = 1024 * 1024
"""A page of a query or a scan ends there."""
BATCH_BYTES = 16 * 1024 * 1024
"""A batch read answers about no more."""


def _up_to_date() -> float:
    return 0.0


def _as_asked(_: list[Attributes]) -> None:
    """Leave a list as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freedom:
    """Decides it: by default as an engine that is all alone would.

    ``behind`` says for one item of one eventually consistent read of a table how many seconds ago
    it shows, ``bound`` at the most. ``shuffle`` puts the items of a batch read in any order.
    ``page_bytes`` and ``batch_bytes`` are where items stop fitting into an answer; smaller ones
    stand for larger items. One item always fits.
    """

    behind: Callable[[], float] = _up_to_date
    bound: float = 0.0
    shuffle: Callable[[list[Attributes]], None] = _as_asked
    page_bytes: int = PAGE_BYTES
    batch_bytes: int = BATCH_BYTES


NONE = Freedom()
