"""Stock and reservations on DynamoDB."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.inventory.adapters.reservation import reservation_item, reservation_key, reservation_of
from shared.inventory.adapters.stock import (
    adjust_write,
    balance_of,
    move_writes,
    stock_key,
    stock_of,
)
from shared.inventory.domain.balance import Balance
from shared.inventory.domain.reservation import Movements, Reservation
from shared.inventory.domain.stock import Stock
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork


class DynamoStocks(DynamoRepository[Stock]):
    """Keeps balances as sums that transactions add to."""

    aggregate_class = Stock

    def adjust(self, stock: Stock, movements: Movements) -> None:
        """Stage the adjustment and its event."""
        self._uow.register(stock, adjust_write(stock, movements[stock.id]))

    def move(self, movements: Movements) -> None:
        """Stage one update for each product."""
        for write in move_writes(movements):
            self._uow.stage(write)

    def from_item(self, item: Mapping[str, Any]) -> Stock:
        """Return the stock."""
        return stock_of(item)


class DynamoReservations(DynamoRepository[Reservation]):
    """Keeps reservations."""

    aggregate_class = Reservation

    def load(self, order_id: str) -> Reservation:
        """Return the order's reservation, stored or new."""
        return self.find(order_id) or Reservation(order_id)

    def load_with_balances(
        self, order_id: str, product_ids: Iterable[str]
    ) -> tuple[Reservation, dict[str, Balance]]:
        """Return both: one consistent ``BatchGetItem``."""
        wanted = reservation_key(order_id)
        keys = [wanted, *(stock_key(product_id) for product_id in product_ids)]
        with repository_call("load_with_balances", "Reservation"):
            items = batch_get(self._uow.client, self._uow.table, keys)
        reservation, balances = Reservation(order_id), {}
        for item in items:
            if item["PK"] == wanted["PK"]:
                reservation = reservation_of(item)
            else:
                balances[item["id"]] = balance_of(item)
        return reservation, balances

    def to_item(self, aggregate: Reservation) -> Item:
        """Return the state's attributes."""
        return reservation_item(aggregate)

    def from_item(self, item: Mapping[str, Any]) -> Reservation:
        """Return the reservation."""
        return reservation_of(item)


class DynamoInventoryUnitOfWork(DynamoUnitOfWork):
    """The unit of work over stock and reservations."""

    @property
    def stocks(self) -> DynamoStocks:
        """The stock."""
        return DynamoStocks(self)

    @property
    def reservations(self) -> DynamoReservations:
        """The reservations."""
        return DynamoReservations(self)
