"""Reads one order from DynamoDB, as it is or as it came to be: one round trip."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shared.kernel.events import DomainEvent
from shared.orders.adapters.order import STREAM
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.order import Order
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import envelope_of, event_key, partition
from shared.platform.dynamodb.reading import get_item, query
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoOrderReader:
    """Reads the snapshot that every commit renews, or the events that made it."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, order_id: str) -> OrderDetails | None:
        """Return the order as it is now, or ``None``."""
        key = {"PK": partition(Order.aggregate_type, order_id), "SK": STATE}
        with repository_call("find", "Order"):
            item = get_item(self._client, self._table, key)
        return None if item is None else OrderDetails.from_data(item)

    def past_of(
        self, order_id: str, *, up_to: int | None
    ) -> Sequence[tuple[DomainEvent, datetime]]:
        """Return the order's events, oldest first, each with its time."""
        last = event_key(_NEWEST if up_to is None else up_to)
        with repository_call("past", "Order"):
            items = query(
                self._client,
                self._table,
                KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
                ExpressionAttributeValues={
                    ":pk": partition(Order.aggregate_type, order_id),
                    ":first": event_key(1),
                    ":last": last,
                },
                ConsistentRead=True,
            )
        envelopes = [envelope_of(item) for item in items]
        return [(STREAM.decode(each), each.occurred_at) for each in envelopes]


_NEWEST = 10**12 - 1
"""Beyond it the keys of events do not sort by version any more."""
