"""Bring an order to its good end."""

from dataclasses import dataclass

from shared.orders.ports import NoteEnd, OrdersUnitOfWork, unnoted


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalizeOrder:
    """The order's total was captured by this payment."""

    order_id: str
    payment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalizeOrderHandler:
    """Completes paid orders."""

    uow: OrdersUnitOfWork
    note_end: NoteEnd = unnoted

    def __call__(self, command: FinalizeOrder) -> None:
        """Complete it; an order that has ended is left as it is. Raises `OrderNotFound`."""
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            order.complete(payment_id=command.payment_id, at=uow.now)
            age = order.age_at_end
            uow.orders.save(order)
            uow.commit()
        if age is not None:
            self.note_end(age)
