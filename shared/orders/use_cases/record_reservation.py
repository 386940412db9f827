"""Record that an order's goods are set aside."""

from dataclasses import dataclass

from shared.orders.ports import OrdersUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReservation:
    """All goods of the order are reserved."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReservationHandler:
    """Moves a pending order to reserved."""

    uow: OrdersUnitOfWork

    def __call__(self, command: RecordReservation) -> None:
        """Record it; an order that has moved on is left as it is. Raises `OrderNotFound`."""
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            order.record_reservation(at=uow.now)
            uow.orders.save(order)
            uow.commit()
