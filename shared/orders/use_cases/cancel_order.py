"""Cancel an order."""

from dataclasses import dataclass
from datetime import timedelta

from shared.kernel.limits import UNLIMITED, Limiter
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderChanged, OrderNotFound
from shared.orders.domain.status import CancelledBy
from shared.orders.ports import NoteEnd, OrdersUnitOfWork, unnoted

CUSTOMERS_LIMIT = "30 cancellations an hour per user"
"""Whoever orders and cancels all day keeps goods from other customers. The shop may."""


_UNSAID = {
    CancelledBy.CUSTOMER: "Cancelled by the customer.",
    CancelledBy.STAFF: "Cancelled by the shop.",
}
"""What stands for a reason where nobody gave one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Cancel an order: its customer may, and whoever manages orders."""

    order_id: str
    requested_by: str
    manages_orders: bool
    reason: str | None = None
    versions: frozenset[int] | None = None
    """Those that the caller is willing to cancel; ``None`` for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrderHandler:
    """Cancels orders; stock and money follow by the event."""

    uow: OrdersUnitOfWork
    paid_until: timedelta
    """For how long after its payment a customer may cancel an order; the shop always may."""
    limiter: Limiter = UNLIMITED
    note_end: NoteEnd = unnoted

    def __call__(self, command: CancelOrder) -> OrderDetails:
        """Return the cancelled order.

        Raises `OrderNotFound` for an order that is not there or not theirs, `OrderChanged` for one
        at another version than those named, `InvalidState` for one that has ended or is on its
        way, `CancellationPeriodOver` for a customer's that was paid too long ago, and the
        limiter's refusal for a customer's 31st within an hour.
        """
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            is_owner = order.customer_id == command.requested_by
            if not (is_owner or command.manages_orders):
                raise OrderNotFound(command.order_id).hiding()
            OrderChanged.check(command.versions, version=order.version)
            by = CancelledBy.CUSTOMER if is_owner else CancelledBy.STAFF
            order.cancel(
                by=by,
                reason=command.reason or _UNSAID[by],
                at=uow.now,
                until=None if command.manages_orders else self.paid_until,
            )
            if not command.manages_orders:
                self.limiter.check(CUSTOMERS_LIMIT, of=order.customer_id)
            age = order.age_at_end
            cancelled = uow.orders.save(order)
            uow.commit(cancelled)
        if age is not None:
            self.note_end(age)
        return cancelled
