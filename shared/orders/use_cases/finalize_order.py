"""Bring an order to its good end."""

from dataclasses import dataclass

from shared.orders.ports import OrdersUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalizeOrder:
    """The order's total was captured by this payment."""

    order_id: str
    payment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalizeOrderHandler:
    """Completes paid orders."""

    uow: OrdersUnitOfWork

    def __call__(self, command: FinalizeOrder) -> None:
        """Complete it; an order that has ended is left as it is. Raises `OrderNotFound`."""
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            order.complete(payment_id=command.payment_id, at=uow.now)
            uow.orders.save(order)
            uow.commit()
