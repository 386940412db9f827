"""Give back what an order holds."""

from dataclasses import dataclass

from shared.inventory.ports import InventoryUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStock:
    """The order came to nothing, for this *reason*."""

    order_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStockHandler:
    """Releases stock."""

    uow: InventoryUnitOfWork

    def __call__(self, command: ReleaseStock, /) -> None:
        """Give the units back once; an order not heard of yet will hold none."""
        with self.uow as uow:
            reservation = uow.reservations.load(command.order_id)
            uow.stocks.move(reservation.release(reason=command.reason))
            uow.reservations.save(reservation)
            uow.commit()
