"""Pages of orders and of events from DynamoDB: one round trip each, one more for a total."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.kernel.events import EventEnvelope
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.orders.adapters.order import COUNTER_SHARDS, counter_name, index_partition, padded
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.order import Order
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.counters import total
from shared.platform.dynamodb.cursors import CursorCodec, scope_of
from shared.platform.dynamodb.events import EVENT_PREFIX, EVENTS_OF, envelope_of, partition
from shared.platform.dynamodb.expressions import Part, SortKey
from shared.platform.dynamodb.paging import Listing, Pager
from shared.platform.http.pagination import Sort

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TIME = (Part("placed_at"), Part("id"))
_PLACES = {
    "placed_at": ("GSI1", SortKey("GSI1SK", _TIME)),
    "status,placed_at": ("GSI3", SortKey("GSI3SK", (Part("status", encode=padded), *_TIME))),
}
"""The orders of the list, and the index that holds each; its partition key is named alike."""


class DynamoOrderListReader:
    """Reads the index over the snapshots, and the events."""

    def __init__(self, client: "DynamoDBClient", table: str, cursors: CursorCodec) -> None:
        self._client = client
        self._table = table
        self._pager = Pager(client, table, cursors)

    def list_of(
        self, customer_id: str, asked: PageRequest, *, where: Specification[Any] | None = None
    ) -> Page[OrderDetails]:
        """Return a page of the customer's orders; the index serves bounds of its first fields."""
        sort = Sort.parse(asked.sort, allowed=tuple(_PLACES), default="-placed_at")
        index, place = _PLACES[sort.field]
        listing = Listing(
            index=index,
            condition=f"{index}PK = :customer",
            values={":customer": index_partition(customer_id)},
            keys=("PK", "SK", f"{index}PK", f"{index}SK"),
            descending=sort.descending,
            scope=scope_of(
                "orders", {"sort": sort.field, "down": sort.descending}, principal=customer_id
            ),
            where=where,
            sort_key=place,
        )
        with repository_call("list", "Order"):
            page = self._pager.page(listing, asked).map(OrderDetails.from_data)
            if asked.include_total:
                count = total(
                    self._client, self._table, counter_name(customer_id), shards=COUNTER_SHARDS
                )
                page = replace(page, total=count)
        return page

    def history_of(self, order_id: str, asked: PageRequest, *, reader: str) -> Page[EventEnvelope]:
        """Return a page of the order's events, oldest first."""
        listing = Listing(
            condition=EVENTS_OF,
            values={
                ":pk": partition(Order.aggregate_type, order_id),
                ":events": EVENT_PREFIX,
            },
            keys=("PK", "SK"),
            consistent=True,
            scope=scope_of("order history", {"order": order_id}, principal=reader),
        )
        with repository_call("history", "Order"):
            return self._pager.page(listing, asked).map(envelope_of)
