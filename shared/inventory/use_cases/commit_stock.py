"""Make what an order holds sold."""

from dataclasses import dataclass

from shared.inventory.ports import InventoryUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStock:
    """The order is completed."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStockHandler:
    """Commits stock."""

    uow: InventoryUnitOfWork

    def __call__(self, command: CommitStock, /) -> None:
        """Sell what is held; nothing when it was sold or given back before.

        Raises `ReservationNotFound` while nothing was asked for: the event came too early.
        """
        with self.uow as uow:
            reservation = uow.reservations.load(command.order_id)
            uow.stocks.move(reservation.commit())
            uow.reservations.save(reservation)
            uow.commit()
