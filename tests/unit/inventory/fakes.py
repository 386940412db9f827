"""The inventory without a database."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from shared.inventory.domain.balance import Balance
from shared.inventory.domain.demand import Demand, Line
from shared.inventory.domain.reservation import Movements, Reservation
from shared.inventory.domain.stock import Stock
from shared.kernel.commands import CommandResult
from shared.kernel.errors import StaleAggregate
from tests.support.fakes.database import Database
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork


class StocksInMemory(InMemoryRepository[Stock]):
    """Keeps balances as sums that commits add to."""

    def __init__(self, uow: "InventoryInMemory") -> None:
        super().__init__(uow, Stock)
        self._moves = uow.moves

    def adjust(self, stock: Stock, movements: Movements) -> None:
        self.save(stock)
        self._moves.append(movements)

    def move(self, movements: Movements) -> None:
        self._moves.append(movements)


class ReservationsInMemory(InMemoryRepository[Reservation]):
    """Keeps reservations."""

    def __init__(self, uow: "InventoryInMemory") -> None:
        super().__init__(uow, Reservation)
        self._stocks = uow.stocks

    def load(self, order_id: str) -> Reservation:
        return self.find(order_id) or Reservation(order_id)

    def load_with_balances(
        self, order_id: str, product_ids: Iterable[str]
    ) -> tuple[Reservation, dict[str, Balance]]:
        stocks = self._stocks.find_all(product_ids)
        return self.load(order_id), {id_: stock.balance for id_, stock in stocks.items()}


class InventoryInMemory(InMemoryUnitOfWork):
    """The unit of work over stock and reservations, in a dict."""

    def __init__(self, database: Database | None = None) -> None:
        super().__init__(database)
        self.moves: list[Movements] = []

    @property
    def stocks(self) -> StocksInMemory:
        return StocksInMemory(self)

    @property
    def reservations(self) -> ReservationsInMemory:
        return ReservationsInMemory(self)

    def __enter__(self) -> Self:
        self.moves.clear()
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.moves.clear()
        super().__exit__(kind, error, trace)

    def _check(self, result: CommandResult | None) -> None:
        super()._check(result)
        try:
            self._moved()
        except ValueError as error:
            raise StaleAggregate("Units were taken in between.") from error

    def _apply(self, result: CommandResult | None) -> None:
        balances = self._moved()
        super()._apply(result)
        for product_id, balance in balances.items():
            stock = self.database.states["Stock", product_id]
            assert isinstance(stock, Stock)
            stock.balance = balance

    def _moved(self) -> dict[str, Balance]:
        """Return the balances after this commit."""
        balances: dict[str, Balance] = {}
        for movements in self.moves:
            for product_id, movement in movements.items():
                stock = self.database.states.get(("Stock", product_id))
                assert stock is None or isinstance(stock, Stock)
                balances[product_id] = (stock.balance if stock else Balance()) + movement
        return balances


class Directory:
    """Knows the products it was made with, and counts the questions."""

    def __init__(self, *product_ids: str, confidential: str = "") -> None:
        self.known = {*product_ids, confidential}
        self.confidential = confidential
        self.asked = 0

    def is_confidential(self, product_id: str) -> bool | None:
        self.asked += 1
        return product_id == self.confidential if product_id in self.known else None


def demand(order_id: str = "o-1", /, **quantities: int) -> Demand:
    """Return what an order for *quantities* of products asks."""
    return Demand(
        order_id=order_id,
        customer_id="c-1",
        lines=tuple(Line(product_id=id_, quantity=units) for id_, units in quantities.items()),
    )
