"""The inventory's published query interface: what other contexts may ask, answered at once.

The asking function's template names the table in ``INVENTORY_TABLE_NAME`` and allows
``dynamodb:GetItem`` on it. How its items look is known to the inventory alone.
"""

import os
from dataclasses import dataclass
from typing import Protocol

from shared.inventory.adapters.stock_reader import DynamoStockReader
from shared.platform.aws.clients import dynamodb
from shared.platform.runtime.settings import load

__all__ = ["StockLevels", "stock_levels"]


class StockLevels(Protocol):
    """Answers about stock."""

    def available(self, product_id: str, /) -> int | None:
        """Return how many pieces are on offer right now: one strongly consistent ``GetItem``.

        ``None`` for a product that was never in stock.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    inventory_table_name: str


@dataclass(frozen=True, slots=True)
class _Levels:
    stocks: DynamoStockReader

    def available(self, product_id: str, /) -> int | None:
        balance = self.stocks.balance(product_id)
        return None if balance is None else balance.available


def stock_levels() -> StockLevels:
    """Return the levels of the inventory whose table this function's settings name."""
    table = load(_Settings, os.environ).inventory_table_name
    return _Levels(DynamoStockReader(dynamodb(), table))
