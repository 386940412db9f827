"""A page of a list that grows, and what is asked of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which page: how many items, from which cursor, in which order, with the total or not.

    A page asked for by its ``number`` (from 1) has no cursor.
    """

    limit: int
    cursor: str | None = None
    sort: str | None = None
    include_total: bool = False
    number: int | None = None

    @property
    def offset(self) -> int:
        """How many items lie before a page asked for by its number."""
        return 0 if self.number is None else (self.number - 1) * self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items of a list in order, with cursors to what comes after and before them.

    A page of a filtered list may be short or empty and still have more after it.
    """

    items: tuple[T, ...]
    next_cursor: str | None = None
    prev_cursor: str | None = None
    total: int | None = None

    @property
    def has_next(self) -> bool:
        """Whether there is more after this page."""
        return self.next_cursor is not None

    @property
    def has_prev(self) -> bool:
        """Whether there is more before this page."""
        return self.prev_cursor is not None

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """Return the page with every item changed."""
        items = tuple(change(item) for item in self.items)
        return replace(cast("Page[U]", self), items=items)
