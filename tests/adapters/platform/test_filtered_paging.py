"""Filtered pages: one query each, however rare what is looked for."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Attribute, Comparison, Specification
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb import paging
from shared.platform.dynamodb.codec import Item, to_item
from shared.platform.dynamodb.cursors import CursorCodec, InvalidCursor, scope_of
from shared.platform.dynamodb.expressions import Part, SortKey
from shared.platform.dynamodb.paging import Listing, Pager
from tests.support.aws_calls import counted_calls
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("PAG-01", "PAG-04", "CQR-03")]

COUNT = 120
CODEC = CursorCodec(lambda: ("secret",))
RARE = Attribute("colour", Comparison.EQUAL, "red")
NOTHING = Attribute("colour", Comparison.EQUAL, "none")
LATE = Attribute("place", Comparison.AT_LEAST, "0100")


def listing(where: Specification[Any] | None, *, descending: bool = False) -> Listing:
    return Listing(
        condition="PK = :pk",
        values={":pk": "l-1"},
        keys=("PK", "SK"),
        scope=scope_of("things", {"descending": descending}, principal="u-1"),
        descending=descending,
        where=where,
        sort_key=SortKey("SK", (Part("place"),)),
    )


@pytest.fixture
def pager(table: Table, monkeypatch: pytest.MonkeyPatch) -> Pager:
    """A pager that looks at ten items a page; things 3, 4, 50 … 54 and 117 are red."""
    red = {3, 4, *range(50, 55), 117}
    items: list[Item] = [
        {
            "PK": "l-1",
            "SK": f"{number:04d}",
            "place": f"{number:04d}",
            "colour": "red" if number in red else "blue",
        }
        for number in range(COUNT)
    ]
    puts = [{"PutRequest": {"Item": to_item(item)}} for item in items]
    for start in range(0, COUNT, 25):
        table.client.batch_write_item(RequestItems={table.name: puts[start : start + 25]})
    monkeypatch.setattr(paging, "MAX_LOOKED_AT", 10)
    return Pager(dynamodb(), table.name, CODEC)


def walk(
    read: Callable[[PageRequest], Page[Item]], *, limit: int, start: str | None, way: str
) -> list[list[int]]:
    found, cursor = [], start
    while True:
        with counted_calls() as calls:
            page = read(PageRequest(limit=limit, cursor=cursor))
        assert calls.dynamodb == {"Query": 1}
        found.append([int(item["SK"]) for item in page.items])
        cursor = getattr(page, f"{way}_cursor")
        if cursor is None:
            return found
        assert len(found) < COUNT


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_short_and_empty_pages_lead_to_everything_there_and_back(
    pager: Pager, descending: bool, limit: int
) -> None:
    wanted = listing(RARE, descending=descending)
    expected = sorted([3, 4, 50, 51, 52, 53, 54, 117], reverse=descending)
    pages: list[Page[Item]] = []

    def read(asked: PageRequest) -> Page[Item]:
        pages.append(pager.page(wanted, asked))
        return pages[-1]

    there = walk(read, limit=limit, start=None, way="next")
    assert list(chain(*there)) == expected
    assert [] in there
    assert max(map(len, there)) <= limit
    last = pages[-1]
    back = walk(read, limit=limit, start=last.prev_cursor, way="prev")
    assert [*chain(*reversed(back)), *there[-1]] == expected


def test_a_filter_that_nothing_meets_ends(pager: Pager) -> None:
    def read(asked: PageRequest) -> Page[Item]:
        return pager.page(listing(NOTHING), asked)

    pages = walk(read, limit=5, start=None, way="next")
    assert pages == [[]] * len(pages)
    assert len(pages) in (12, 13)  # ten things each; DynamoDB finds the end with one look more


def test_what_the_sort_key_serves_is_full_pages(pager: Pager) -> None:
    first = pager.page(listing(LATE), PageRequest(limit=15))
    second = pager.page(listing(LATE), PageRequest(limit=15, cursor=first.next_cursor))
    assert [int(item["SK"]) for item in (*first.items, *second.items)] == list(range(100, COUNT))
    assert (len(first.items), second.has_next) == (15, False)


def test_bounds_that_meet_nowhere_are_asked_of_nobody(pager: Pager) -> None:
    nowhere = LATE & Attribute("place", Comparison.AT_MOST, "0050")
    with counted_calls() as calls:
        page = pager.page(listing(nowhere), PageRequest(limit=5))
    assert (page.items, calls.round_trips) == ((), 0)


@pytest.mark.row("PAG-03")
def test_a_cursor_is_good_for_its_filter_alone(pager: Pager) -> None:
    cursor = pager.page(listing(RARE), PageRequest(limit=1)).next_cursor
    for other in (None, NOTHING, LATE, ~RARE):
        with pytest.raises(InvalidCursor):
            pager.page(replace(listing(RARE), where=other), PageRequest(limit=1, cursor=cursor))


def test_large_items_make_short_pages_and_still_one_query(table: Table, engine: str) -> None:
    """1 MB ends a query before the number of items does."""
    for number in range(12):
        red = "red" if number in (0, 11) else "blue"
        place = f"{number:04d}"
        item = {"PK": "l-1", "SK": place, "place": place, "colour": red, "fill": "x" * 300_000}
        table.put(item)
    pager = Pager(dynamodb(), table.name, CODEC)
    found: list[list[int]] = []
    cursor = None
    while not found or cursor:
        with counted_calls() as calls:
            page = pager.page(listing(RARE), PageRequest(limit=5, cursor=cursor))
        assert calls.dynamodb == {"Query": 1}
        found.append([int(item["SK"]) for item in page.items])
        cursor = page.next_cursor
    assert list(chain(*found)) == [0, 11]
    assert len(found) > 1 or engine == "dynamodb_local"  # which measures what the filter left
