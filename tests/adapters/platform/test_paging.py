"""One page = one query, there and back, whatever changes in between."""

from itertools import chain

import pytest

from shared.kernel.paging import Page, PageRequest
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.codec import Item, to_item
from shared.platform.dynamodb.cursors import CursorCodec, InvalidCursor, scope_of
from shared.platform.dynamodb.paging import Listing, Pager
from tests.support.aws_calls import counted_calls
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("PAG-01"), pytest.mark.row("PAG-04")]

COUNT = 61
CODEC = CursorCodec(lambda: ("secret",))


def listing(name: str = "l-1", *, index: bool = False, descending: bool = False) -> Listing:
    return Listing(
        condition="GSI1PK = :pk" if index else "PK = :pk",
        values={":pk": name},
        keys=("PK", "SK", "GSI1PK", "GSI1SK") if index else ("PK", "SK"),
        index="GSI1" if index else None,
        scope=scope_of("things", {"name": name, "descending": descending}, principal="u-1"),
        descending=descending,
        consistent=not index,
    )


def item(number: float, *, size: int = 1) -> Item:
    place = f"{number:08.2f}"
    keys = {"PK": "l-1", "SK": place, "GSI1PK": "l-1", "GSI1SK": place}
    return {**keys, "padding": "x" * size}


def add(table: Table, number: float, *, size: int = 1) -> None:
    table.put(item(number, size=size))


def remove(table: Table, number: float) -> None:
    key = {"PK": {"S": "l-1"}, "SK": {"S": f"{number:08.2f}"}}
    table.client.delete_item(TableName=table.name, Key=key)


def places(page: Page[Item]) -> list[float]:
    return [float(item["SK"]) for item in page.items]


@pytest.fixture
def pager(table: Table) -> Pager:
    return Pager(dynamodb(), table.name, CODEC)


@pytest.fixture
def filled(table: Table) -> Table:
    puts = [{"PutRequest": {"Item": to_item(item(number))}} for number in range(COUNT)]
    for start in range(0, COUNT, 25):
        table.client.batch_write_item(RequestItems={table.name: puts[start : start + 25]})
    table.put({"PK": "l-2", "SK": "other", "GSI1PK": "l-2", "GSI1SK": "other"})
    return table


def walk(
    pager: Pager, wanted: Listing, *, limit: int, start: str | None, way: str
) -> list[list[float]]:
    found, cursor = [], start
    while True:
        page = pager.page(wanted, PageRequest(limit=limit, cursor=cursor))
        found.append(places(page))
        cursor = getattr(page, f"{way}_cursor")
        assert getattr(page, f"has_{way}") is (cursor is not None)
        if cursor is None:
            return found


def last_page(pager: Pager, wanted: Listing, *, limit: int) -> Page[Item]:
    page = pager.page(wanted, PageRequest(limit=limit))
    while page.next_cursor:
        page = pager.page(wanted, PageRequest(limit=limit, cursor=page.next_cursor))
    return page


@pytest.mark.parametrize("index", [False, True], ids=["table", "index"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("limit", [7, COUNT - 1, COUNT, COUNT + 1])
def test_every_item_there_and_back_once_and_in_order(filled, pager, index, descending, limit):
    wanted = listing(index=index, descending=descending)
    order = [float(number) for number in range(COUNT)]
    if descending:
        order.reverse()
    there = walk(pager, wanted, limit=limit, start=None, way="next")
    assert list(chain(*there)) == order
    assert all(len(page) == limit for page in there[:-1])
    last = last_page(pager, wanted, limit=limit)
    if last.prev_cursor is None:
        assert limit >= COUNT
        return
    back = walk(pager, wanted, limit=limit, start=last.prev_cursor, way="prev")
    assert [*chain(*reversed(back)), *places(last)] == order


def test_the_first_page_has_none_before_it_and_the_last_none_after_it(filled, pager):
    first = pager.page(listing(), PageRequest(limit=10))
    second = pager.page(listing(), PageRequest(limit=10, cursor=first.next_cursor))
    again = pager.page(listing(), PageRequest(limit=10, cursor=second.prev_cursor))
    assert (first.has_prev, second.has_prev, again.has_prev) == (False, True, False)
    assert places(again) == places(first)
    assert not last_page(pager, listing(), limit=10).has_next


@pytest.mark.row("PAG-02")
def test_a_page_by_its_number_is_the_page_that_cursors_lead_to(filled, pager):
    by_cursor = walk(pager, listing(), limit=10, start=None, way="next")
    for number, expected in enumerate(by_cursor, start=1):
        with counted_calls() as calls:
            page = pager.page(listing(), PageRequest(limit=10, number=number))
        assert calls.dynamodb == {"Query": 1}
        assert places(page) == expected
        assert (page.has_prev, page.has_next) == (number > 1, number < len(by_cursor))
        if page.prev_cursor:
            before = pager.page(listing(), PageRequest(limit=10, cursor=page.prev_cursor))
            assert places(before) == by_cursor[number - 2]


@pytest.mark.row("PAG-02")
def test_a_number_beyond_the_end_is_an_empty_page_with_a_way_back(filled, pager):
    page = pager.page(listing(), PageRequest(limit=10, number=9))
    assert (page.items, page.has_next) == ((), False)
    back = pager.page(listing(), PageRequest(limit=10, cursor=page.prev_cursor))
    assert places(back) == [float(number) for number in range(COUNT - 10, COUNT)]


def test_what_followed_the_cursor_is_gone_and_there_is_a_way_back(filled, pager):
    first = pager.page(listing(), PageRequest(limit=COUNT - 1))
    remove(filled, COUNT - 1)
    empty = pager.page(listing(), PageRequest(limit=5, cursor=first.next_cursor))
    assert (empty.items, empty.has_next) == ((), False)
    back = pager.page(listing(), PageRequest(limit=5, cursor=empty.prev_cursor))
    assert places(back) == [float(number) for number in range(COUNT - 6, COUNT - 1)]


def test_an_empty_list_is_one_page(table, pager):
    page = pager.page(listing("nobody"), PageRequest(limit=10))
    assert (page.items, page.next_cursor, page.prev_cursor) == ((), None, None)


@pytest.mark.parametrize("way", ["next", "prev"])
def test_changes_between_the_pages_neither_repeat_nor_skip_what_was_there_throughout(
    filled, pager, way
):
    """Items go behind, at and ahead of the cursor's own place, and others come everywhere."""
    last = last_page(pager, listing(), limit=7)
    cursor = last.prev_cursor if way == "prev" else None
    expected = {float(number) for number in range(COUNT)}
    if way == "prev":
        expected -= set(places(last))
    seen: list[float] = []
    while not seen or cursor:
        page = pager.page(listing(), PageRequest(limit=7, cursor=cursor))
        seen += places(page)
        assert len(seen) < 10 * COUNT
        cursor = getattr(page, f"{way}_cursor")
        edge = places(page)[-1 if way == "next" else 0]
        for gone in (edge, edge + 2, edge - 2):
            remove(filled, gone)
            expected.discard(gone)
        for come in (edge + 0.5, edge - 0.5, edge + 5.25, edge - 5.25):
            add(filled, abs(come))
    assert len(seen) == len(set(seen))
    assert expected <= set(seen)
    assert len(expected) > COUNT / 3


def test_pages_larger_than_a_megabyte_are_whole(table, pager):
    for number in range(12):
        add(table, number, size=300_000)
    first = pager.page(listing(), PageRequest(limit=7))
    assert places(first) == [float(number) for number in range(7)]
    second = pager.page(listing(), PageRequest(limit=7, cursor=first.next_cursor))
    assert places(second) == [float(number) for number in range(7, 12)]
    assert (second.has_next, second.has_prev) == (False, True)
    back = pager.page(listing(), PageRequest(limit=7, cursor=second.prev_cursor))
    assert places(back) == places(first)


def test_page_ninety_costs_what_page_one_costs(filled, pager):
    costs, cursor = set(), None
    for _ in range(COUNT // 7):
        with counted_calls() as calls:
            page = pager.page(listing(), PageRequest(limit=7, cursor=cursor))
        assert calls.dynamodb == {"Query": 1}
        costs.add(calls.units)
        cursor = page.next_cursor
    assert len(costs) == 1


@pytest.mark.row("PAG-03")
def test_a_cursor_of_another_list_is_refused_before_anything_is_read(filled, pager):
    cursor = pager.page(listing(), PageRequest(limit=10)).next_cursor
    for other in (listing("l-2"), listing(descending=True)):
        with counted_calls() as calls, pytest.raises(InvalidCursor):
            pager.page(other, PageRequest(limit=10, cursor=cursor))
        assert calls.round_trips == 0
