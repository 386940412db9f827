"""Reads one order from DynamoDB: one round trip."""

from typing import TYPE_CHECKING

from shared.orders.domain.details import OrderDetails
from shared.orders.domain.order import Order
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoOrderReader:
    """Reads the snapshot that every commit renews."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, order_id: str) -> OrderDetails | None:
        """Return the order as it is now, or ``None``."""
        key = {"PK": partition(Order.aggregate_type, order_id), "SK": STATE}
        with repository_call("find", "Order"):
            item = get_item(self._client, self._table, key)
        return None if item is None else OrderDetails.from_data(item)
