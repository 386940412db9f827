"""Reads stock for showing it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.inventory.adapters.stock import balance_of, stock_key
from shared.inventory.domain.balance import Balance
from shared.platform.dynamodb.reading import get_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoStockReader:
    """Shows a balance from the stock's state item."""

    client: "DynamoDBClient"
    table: str

    def balance(self, product_id: str) -> Balance | None:
        """Return the balance: one consistent ``GetItem``."""
        item = get_item(self.client, self.table, stock_key(product_id))
        return None if item is None else balance_of(item)
