"""A long list, walked while others come and go.

Ten thousand items in ``make check-full``, fifteen hundred in ``make test``.
"""

import random
from collections.abc import Iterator

import pytest

from shared.kernel.paging import PageRequest
from shared.platform.dynamodb.codec import to_item
from shared.platform.dynamodb.cursors import CursorCodec, scope_of
from shared.platform.dynamodb.paging import Listing, Pager
from tests.support.aws_calls import counted_calls
from tests.support.sizes import size
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("PAG-04")

COUNT = size(1_500, full=10_000)
PAGE = 100
CHANGES = 8  # of each kind, after every page


@pytest.fixture(scope="module")
def engine(dynamodb_local: str) -> str:
    return "dynamodb_local"


class Shelf:
    """A list in the table's order and in an index's, with a memory of who left."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._random = random.Random(10_000)
        self._fresh = iter(range(COUNT))
        self.present = {f"{number * 10:06d}" for number in range(COUNT)}
        self.throughout = set(self.present)
        self._write(self.present, set())

    def change(self) -> None:
        """Let some come and some go, anywhere."""
        gone = set(self._random.sample(sorted(self.present), CHANGES))
        come = set()
        while len(come) < CHANGES:
            place = f"{self._random.randrange(COUNT * 10):06d}"
            if place not in self.present:
                come.add(place)
        self._write(come, gone)
        self.present = (self.present - gone) | come
        self.throughout -= gone

    def _write(self, come: set[str], gone: set[str]) -> None:
        requests = [{"PutRequest": {"Item": to_item(_item(place))}} for place in sorted(come)]
        requests += [
            {"DeleteRequest": {"Key": to_item({"PK": "l", "SK": place})}} for place in sorted(gone)
        ]
        for start in range(0, len(requests), 25):
            batch = {self._table.name: requests[start : start + 25]}
            answer = self._table.client.batch_write_item(RequestItems=batch)
            assert not answer["UnprocessedItems"]


def _item(place: str) -> dict[str, str]:
    return {"PK": "l", "SK": place, "GSI1PK": "l", "GSI1SK": place[::-1], "colour": "blue"}


def listing(*, index: bool) -> Listing:
    return Listing(
        condition="GSI1PK = :pk" if index else "PK = :pk",
        values={":pk": "l"},
        keys=("PK", "SK", "GSI1PK", "GSI1SK") if index else ("PK", "SK"),
        index="GSI1" if index else None,
        scope=scope_of("walk", {"index": index}, principal="u-1"),
    )


def walked(pager: Pager, wanted: Listing, shelf: Shelf, *, way: str) -> Iterator[str]:
    """Yield the places of every page, with changes after each; hold the cost of each."""
    cursor = None
    if way == "prev":  # from the end: the page after the last number
        beyond = pager.page(wanted, PageRequest(limit=PAGE, number=2 * COUNT // PAGE))
        cursor = beyond.prev_cursor
    while True:
        with counted_calls() as calls:
            page = pager.page(wanted, PageRequest(limit=PAGE, cursor=cursor))
        assert calls.dynamodb == {"Query": 1}
        assert calls.units <= 1.5  # 101 items of 60 bytes: the same on every page
        yield from (item["SK"] for item in page.items)
        cursor = getattr(page, f"{way}_cursor")
        if cursor is None:
            return
        shelf.change()


@pytest.mark.parametrize(("index", "way"), [(False, "next"), (True, "prev")])
def test_nothing_is_repeated_and_nothing_skipped_that_was_there_throughout(
    table: Table, index: bool, way: str
) -> None:
    shelf = Shelf(table)
    pager = Pager(table.client, table.name, CursorCodec(lambda: ("secret",)))
    seen = list(walked(pager, listing(index=index), shelf, way=way))
    assert len(seen) == len(set(seen))
    assert shelf.throughout <= set(seen)
    assert COUNT * 0.9 < len(shelf.throughout) < COUNT
