"""Pagination: the query parameters, what they may not say, and the answer.

A cursor leads through a list of any length at the same cost a page. Page numbers are for people
who leaf: they end at `MAX_DEPTH` items, because a page is read from the start of its list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.messages import say
from shared.kernel.paging import Page, PageRequest
from shared.platform.http.reply import Reply
from shared.platform.runtime.settings import settings
from shared.platform.validation.strict import TRUE_OR_FALSE, WHOLE_NUMBER, refused

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
        params = {"allowed": [*allowed]}
        wrong: FieldError = {
            "loc": ("query", "sort"), "msg": text, "type": "sort", "params": params,
        }  # fmt: skip
        super().__init__(text, [wrong])
        self.details = params


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


def _within_a_page(size: int | None) -> int | None:
    largest = settings().max_page_size
    if size is not None and size > largest:
        raise refused("less_than_equal", f"Must be at most {largest}.", limit=largest)
    return size


_Size = Annotated[
    int | None,
    WHOLE_NUMBER,
    AfterValidator(_within_a_page),
    Query(ge=1, description="Items per page"),
]
_Cursor = Annotated[str | None, Query(min_length=1, max_length=2048)]
_Total = Annotated[bool, TRUE_OR_FALSE, Query()]
_Page = Annotated[int | None, WHOLE_NUMBER, Query(ge=1, description="Instead of a cursor")]


def paged(*orders: str) -> Any:
    """Return the dependency for ``limit``, ``cursor`` and, by one of *orders*, ``sort``."""

    async def fixed_order(limit: _Size = None, cursor: _Cursor = None) -> PageRequest:
        return PageRequest(limit=_size(limit), cursor=cursor)

    if not orders:
        return Depends(fixed_order)

    async def page_request(
        limit: _Size = None,
        cursor: _Cursor = None,
        sort: Annotated[str | None, _served(orders), _sort_query(orders)] = None,
    ) -> PageRequest:
        return PageRequest(limit=_size(limit), cursor=cursor, sort=sort)

    return Depends(page_request)


def leafed(*orders: str) -> Any:
    """Return that for lists that have a total, and that people leaf through.

    ``include_total`` as well, and ``page`` with ``page_size`` instead of cursor and limit.
    """

    async def page_request(  # one for each query parameter
        limit: _Size = None,
        cursor: _Cursor = None,
        sort: Annotated[str | None, _served(orders), _sort_query(orders)] = None,
        include_total: _Total = False,  # noqa: FBT002  # a query parameter
        page: _Page = None,
        page_size: _Size = None,
    ) -> PageRequest:
        if page is None and page_size is None:
            return PageRequest(
                limit=_size(limit), cursor=cursor, sort=sort, include_total=include_total
            )
        if cursor is not None or limit is not None:
            text = "Give page and page_size without cursor and limit."
            raise _not_valid("page", text, "conflict")
        size, number = _size(page_size), page or 1
        if number * size > MAX_DEPTH:
            raise PageTooDeep(size)
        return PageRequest(limit=size, sort=sort, include_total=True, number=number)

    return Depends(page_request)


def only_by_cursor(asked: PageRequest, *, because: str) -> None:
    """Raise `ValidationFailed` where a total or a page number is asked for."""
    if asked.include_total or asked.number is not None:
        name = "page" if asked.number is not None else "include_total"
        raise _not_valid(name, f"{because}; use the cursor.", "not_available")


def _size(asked: int | None) -> int:
    return settings().default_page_size if asked is None else asked


def _served(orders: Sequence[str]) -> AfterValidator:
    """Return the check of ``sort``: one of *orders*, or its first fields, up or down."""

    def check(wanted: str | None) -> str | None:
        if wanted is not None:
            try:
                Sort.parse(wanted, allowed=orders, default=orders[0])
            except InvalidSortField as error:
                known = {"code": error.code, "reason": error.message, "params": error.details}
                raise PydanticCustomError("sort", "{reason}", known) from None
        return wanted

    return AfterValidator(check)


def _sort_query(orders: Sequence[str]) -> Any:
    about = f"{'; '.join(orders)}, or all its fields with - before them"
    return Query(max_length=100, description=about, examples=[f"-{orders[0].split(',')[0]}"])


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
        wanted = default if text is None else text
        signed = wanted.split(",")
        fields = [each.removeprefix("-") for each in signed]
        descending = [each.startswith("-") for each in signed]
        if len(set(descending)) == 1:
            for order in allowed:
                if order.split(",")[: len(fields)] == fields:
                    return cls(order, descending[0])
        raise InvalidSortField(wanted, allowed)


def page_reply(page: Page["BaseModel"], asked: PageRequest) -> Reply[Any]:
    """Return *page* as data: ``items``, what leads on from them, and the ``limit`` that held."""
    facts: dict[str, Any] = {
        "next_cursor": page.next_cursor,
        "prev_cursor": page.prev_cursor,
        "has_next": page.has_next,
        "has_prev": page.has_prev,
        "limit": asked.limit,
    }
    if page.total is not None:
        facts["total"] = page.total
    if asked.number is not None and page.total is not None:
        pages = -(-page.total // asked.limit)
        facts |= {"page": asked.number, "page_size": asked.limit, "pages": pages}
    data: Mapping[str, Any] = {"items": page.items, **facts}
    return Reply(data, values={"count": len(page.items)})
