"""Cursor pagination: the query parameters, the one query behind a page, and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query

from shared.kernel.errors import ValidationFailed
from shared.kernel.paging import Page, PageRequest
from shared.platform.reply import Reply
from shared.platform.settings import settings

if TYPE_CHECKING:
    from pydantic import BaseModel


class InvalidSortField(ValidationFailed):
    """The list cannot be sorted by that field; the message names those it can."""

    code = "INVALID_SORT_FIELD"

    def __init__(self, field: str, allowed: Sequence[str]) -> None:
        text = f"Cannot sort by {field[:50]!r}; allowed: {', '.join(allowed)}."
        super().__init__(text, [{"loc": ("query", "sort"), "msg": text, "type": "sort"}])
        self.details = {"allowed": list(allowed)}


async def _page_request(
    limit: Annotated[int | None, Query(ge=1, description="Items per page")] = None,
    cursor: Annotated[str | None, Query(max_length=2048)] = None,
    sort: Annotated[str | None, Query(max_length=100, examples=["-created_at"])] = None,
    include_total: Annotated[bool, Query()] = False,  # noqa: FBT002  # a query parameter
) -> PageRequest:
    known = settings()
    wanted = known.default_page_size if limit is None else limit
    if wanted > known.max_page_size:
        text = f"limit must be at most {known.max_page_size}"
        raise ValidationFailed(
            "The request is not valid.",
            [{"loc": ("query", "limit"), "msg": text, "type": "less_than_equal"}],
        )
    return PageRequest(limit=wanted, cursor=cursor, sort=sort, include_total=include_total)


Paging = Annotated[PageRequest, Depends(_page_request)]


@dataclass(frozen=True, slots=True)
class Sort:
    """The order asked for: a field that an index serves, and its direction."""

    field: str
    descending: bool

    @classmethod
    def parse(cls, text: str | None, *, allowed: Sequence[str], default: str) -> "Sort":
        """Read ``field`` or ``-field``; `InvalidSortField` names the fields *allowed*."""
        wanted = text or default
        field = wanted.removeprefix("-")
        if field not in allowed:
            raise InvalidSortField(field, allowed)
        return cls(field, wanted.startswith("-"))


def page_reply(page: Page["BaseModel"], *, limit: int, message: str = "OK") -> Reply[Any]:
    """Return *page* as data (``items`` and cursors) and as the envelope's pagination."""
    facts: dict[str, Any] = {
        "next_cursor": page.next_cursor,
        "prev_cursor": page.prev_cursor,
        "has_next": page.has_next,
        "has_prev": page.has_prev,
    }
    if page.total is not None:
        facts["total"] = page.total
    data: Mapping[str, Any] = {"items": page.items, **facts}
    return Reply(data, message=message, pagination={**facts, "limit": limit})
