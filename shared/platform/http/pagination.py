"""Pagination: the query parameters, what they may not say, and the answer.

A cursor leads through a list of any length at the same cost a page. Page numbers are for people
who leaf: they end at `MAX_DEPTH` items, because a page is read from the start of its list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query

from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.messages import say
from shared.kernel.paging import Page, PageRequest
from shared.platform.http.reply import Reply
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from pydantic import BaseModel


MAX_DEPTH = 1_000
"""How far page numbers reach, in items."""


class InvalidSortField(ValidationFailed):
    """The list cannot be sorted like that; the message names the orders it has."""

    code = "INVALID_SORT_FIELD"
    sentence = (
        "Cannot sort by {wanted}; allowed: {allowed} (or all its fields with - before them)."
    )

    def __init__(self, wanted: str, allowed: Sequence[str]) -> None:
        text = say(self.sentence, wanted=repr(wanted[:50]), allowed="; ".join(allowed))
        super().__init__(text, [{"loc": ("query", "sort"), "msg": text, "type": "sort"}])
        self.details = {"allowed": list(allowed)}


class PageTooDeep(ValidationFailed):
    """Page numbers do not reach that far; cursors do."""

    code = "PAGE_TOO_DEEP"
    sentence = (
        "With pages of {page_size:item|items} the last page number is {last_page}; "
        "use the cursor to go further."
    )

    def __init__(self, page_size: int) -> None:
        last = MAX_DEPTH // page_size
        text = say(self.sentence, last_page=last, page_size=page_size)
        super().__init__(text, [{"loc": ("query", "page"), "msg": text, "type": "page"}])
        self.details = {"last_page": last}


_Size = Annotated[int | None, Query(ge=1, description="Items per page")]
_Cursor = Annotated[str | None, Query(max_length=2048)]
_Order = Annotated[str | None, Query(max_length=100, examples=["-created_at"])]
_Total = Annotated[bool, Query()]


async def _page_request(
    limit: _Size = None,
    cursor: _Cursor = None,
    sort: _Order = None,
    include_total: _Total = False,  # noqa: FBT002  # a query parameter
) -> PageRequest:
    return PageRequest(
        limit=_size("limit", limit), cursor=cursor, sort=sort, include_total=include_total
    )


async def _leafing_request(
    limit: _Size = None,
    cursor: _Cursor = None,
    sort: _Order = None,
    include_total: _Total = False,  # noqa: FBT002  # a query parameter
    page: Annotated[int | None, Query(ge=1, description="Instead of a cursor")] = None,
    page_size: _Size = None,
) -> PageRequest:
    if page is None and page_size is None:
        return await _page_request(limit, cursor, sort, include_total)
    if cursor is not None or limit is not None:
        raise _not_valid("page", "page and page_size go without cursor and limit", "conflict")
    size, number = _size("page_size", page_size), page or 1
    if number * size > MAX_DEPTH:
        raise PageTooDeep(size)
    return PageRequest(limit=size, sort=sort, include_total=True, number=number)


Paging = Annotated[PageRequest, Depends(_page_request)]
"""``limit``, ``cursor``, ``sort`` and ``include_total``."""

Leafing = Annotated[PageRequest, Depends(_leafing_request)]
"""The same, or ``page`` and ``page_size``: for lists that have a total and people leaf through."""


def only_by_cursor(asked: PageRequest, *, because: str) -> None:
    """Raise `ValidationFailed` where a total or a page number is asked for."""
    if asked.include_total or asked.number is not None:
        name = "page" if asked.number is not None else "include_total"
        raise _not_valid(name, f"{because}; use the cursor", "not_available")


def _size(name: str, asked: int | None) -> int:
    known = settings()
    wanted = known.default_page_size if asked is None else asked
    if wanted > known.max_page_size:
        raise _not_valid(name, f"{name} must be at most {known.max_page_size}", "less_than_equal")
    return wanted


def _not_valid(name: str, text: str, kind: str) -> ValidationFailed:
    errors: list[FieldError] = [{"loc": ("query", name), "msg": text, "type": kind}]
    return ValidationFailed(None, errors)


@dataclass(frozen=True, slots=True)
class Sort:
    """The order asked for: fields that an index serves, and its direction."""

    field: str
    descending: bool

    @classmethod
    def parse(cls, text: str | None, *, allowed: Sequence[str], default: str) -> "Sort":
        """Read ``field`` or ``-field``, or several, ``-price,-mnemonic``.

        *allowed* are the orders that indexes hold (``price,mnemonic``); an order is served both
        ways, and by its first fields alone. `InvalidSortField` names the orders. ``field`` of the
        result is the order as *allowed* has it.
        """
        wanted = text or default
        signed = wanted.split(",")
        fields = [each.removeprefix("-") for each in signed]
        descending = [each.startswith("-") for each in signed]
        if len(set(descending)) == 1:
            for order in allowed:
                if order.split(",")[: len(fields)] == fields:
                    return cls(order, descending[0])
        raise InvalidSortField(wanted, allowed)


def page_reply(page: Page["BaseModel"], asked: PageRequest) -> Reply[Any]:
    """Return *page* as data (``items`` and cursors) and as the envelope's pagination."""
    facts: dict[str, Any] = {
        "next_cursor": page.next_cursor,
        "prev_cursor": page.prev_cursor,
        "has_next": page.has_next,
        "has_prev": page.has_prev,
    }
    if page.total is not None:
        facts["total"] = page.total
    if asked.number is not None and page.total is not None:
        pages = -(-page.total // asked.limit)
        facts |= {"page": asked.number, "page_size": asked.limit, "pages": pages}
    data: Mapping[str, Any] = {"items": page.items, **facts}
    return Reply(
        data, values={"count": len(page.items)}, pagination={**facts, "limit": asked.limit}
    )
