"""Pages of the orders in progress: one query of an index that holds no others, one batch read.

The index has keys alone: an order is written to it when it is placed and when it ends, and not
between. What its state is, the order itself says.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import to_iso
from shared.kernel.paging import Page, PageRequest
from shared.orders.adapters.order import OPEN
from shared.orders.domain.open_order import WAITS_FOR, OpenOrder
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.cursors import CursorCodec, scope_of
from shared.platform.dynamodb.paging import Listing, Pager
from shared.platform.dynamodb.reading import batch_get
from shared.platform.http.pagination import Sort

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoOpenOrderReader:
    """Reads GSI2, which has an order from its placing to its end."""

    def __init__(self, client: "DynamoDBClient", table: str, cursors: CursorCodec) -> None:
        self._client = client
        self._table = table
        self._pager = Pager(client, table, cursors)

    def older_than(
        self, age: timedelta, asked: PageRequest, *, now: datetime, reader: str
    ) -> Page[OpenOrder]:
        """Return the page; its bound moves on with the time, its cursor is tied to *age* alone."""
        sort = Sort.parse(asked.sort, allowed=("placed_at",), default="placed_at")
        known = {"age": age.total_seconds(), "down": sort.descending}
        listing = Listing(
            index="GSI2",
            condition="GSI2PK = :open AND GSI2SK < :before",
            values={":open": OPEN, ":before": to_iso(now - age)},
            keys=("PK", "SK", "GSI2PK", "GSI2SK"),
            descending=sort.descending,
            scope=scope_of("stuck orders", known, principal=reader),
        )
        with repository_call("list open", "Order"):
            page: Page[Any] = self._pager.page(listing, asked)
            return replace(page, items=self._open(page.items))

    def _open(self, entries: Sequence[Item]) -> tuple[OpenOrder, ...]:
        """Return the orders of *entries* in their order, without those that have ended."""
        keys = [{"PK": entry["PK"], "SK": entry["SK"]} for entry in entries]
        found = {item["PK"]: item for item in batch_get(self._client, self._table, keys)}
        items = (found[key["PK"]] for key in keys if key["PK"] in found)
        return tuple(OpenOrder.from_data(item) for item in items if item["status"] in WAITS_FOR)
