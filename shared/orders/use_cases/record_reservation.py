"""Record that an order's goods are set aside."""

from dataclasses import dataclass

from shared.orders.ports import NoteEnd, OrdersUnitOfWork, unnoted


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReservation:
    """All goods of the order are reserved."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReservationHandler:
    """Moves a pending order to reserved, or, where nothing is due, to its good end."""

    uow: OrdersUnitOfWork
    note_end: NoteEnd = unnoted

    def __call__(self, command: RecordReservation) -> None:
        """Record it; an order that has moved on is left as it is. Raises `OrderNotFound`."""
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            order.record_reservation(at=uow.now)
            age = order.age_at_end
            uow.orders.save(order)
            uow.commit()
        if age is not None:
            self.note_end(age)
