"""Hold an order's stock: every line, or none."""

from dataclasses import dataclass

from shared.inventory.domain.demand import Demand
from shared.inventory.ports import InventoryUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveStock:
    """Hold what an order asks for."""

    demand: Demand


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveStockHandler:
    """Reserves stock."""

    uow: InventoryUnitOfWork

    def __call__(self, command: ReserveStock, /) -> None:
        """Reserve or reject; nothing when the order was decided on before.

        Raises `StaleAggregate` when units were taken in between: the retry sees the shortage.
        """
        demand = command.demand
        with self.uow as uow:
            reservation, balances = uow.reservations.load_with_balances(
                demand.order_id, [line.product_id for line in demand.lines]
            )
            uow.stocks.move(reservation.reserve(demand, balances))
            uow.reservations.save(reservation)
            uow.commit()
