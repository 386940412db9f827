"""What the inventory's use cases and queries need from outside."""

from collections.abc import Iterable
from typing import Protocol

from shared.inventory.domain.balance import Balance
from shared.inventory.domain.reservation import Movements, Reservation
from shared.inventory.domain.stock import Stock
from shared.kernel.unit_of_work import UnitOfWork


class StockRepository(Protocol):
    """Keeps the stock of every product."""

    def find(self, aggregate_id: str, /) -> Stock | None:
        """Return the product's stock, read consistently, or ``None``."""
        ...

    def adjust(self, stock: Stock, movements: Movements, /) -> None:
        """Have the unit of work commit an adjusted stock.

        The commit raises `StaleAggregate` when it was adjusted since, or when the units to be
        written off were taken by an order in between.
        """
        ...

    def move(self, movements: Movements, /) -> None:
        """Have the unit of work move units.

        The commit raises `StaleAggregate` when a part would become negative.
        """
        ...


class ReservationRepository(Protocol):
    """Keeps what is held for every order."""

    def load(self, order_id: str, /) -> Reservation:
        """Return the order's reservation, read consistently; a new one if there is none."""
        ...

    def load_with_balances(
        self, order_id: str, product_ids: Iterable[str], /
    ) -> tuple[Reservation, dict[str, Balance]]:
        """Return the order's reservation and the products' balances, in one read."""
        ...

    def save(self, aggregate: Reservation, /) -> None:
        """Have the unit of work commit it."""
        ...


class InventoryUnitOfWork(UnitOfWork, Protocol):
    """The unit of work over stock and reservations."""

    @property
    def stocks(self) -> StockRepository:
        """The stock."""
        ...

    @property
    def reservations(self) -> ReservationRepository:
        """The reservations."""
        ...


class StockReader(Protocol):
    """Reads stock for showing it."""

    def balance(self, product_id: str) -> Balance | None:
        """Return the product's balance as it is now, or ``None``."""
        ...


class ProductDirectory(Protocol):
    """Knows which products there are, and which are confidential."""

    def is_confidential(self, product_id: str, /) -> bool | None:
        """Tell whether the product is; ``None`` when there is none such."""
        ...
