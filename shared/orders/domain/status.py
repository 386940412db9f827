"""The states of an order, and how each of them looks to somebody who waits for the end."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands."""

    PENDING = "pending"
    RESERVED = "reserved"
    PAID = "paid"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    PAYMENT_FAILED = "payment_failed"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def outcome(self) -> "OrderOutcome":
        """What has become of an order in this state."""
        return _OUTCOMES[self]


class OrderOutcome(StrEnum):
    """What has become of an order; anything but ``in_progress`` ends the saga."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Who cancelled an order; ``system`` is for what ends orders by itself."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


_OUTCOMES = {
    OrderStatus.PENDING: OrderOutcome.IN_PROGRESS,
    OrderStatus.RESERVED: OrderOutcome.IN_PROGRESS,
    OrderStatus.PAID: OrderOutcome.COMPLETED,
    OrderStatus.CONFIRMED: OrderOutcome.COMPLETED,
    OrderStatus.SHIPPED: OrderOutcome.COMPLETED,
    OrderStatus.DELIVERED: OrderOutcome.COMPLETED,
    OrderStatus.CANCELLED: OrderOutcome.CANCELLED,
    OrderStatus.PAYMENT_FAILED: OrderOutcome.FAILED,
    OrderStatus.REJECTED: OrderOutcome.REJECTED,
    OrderStatus.EXPIRED: OrderOutcome.FAILED,
}

UNPAID = (OrderStatus.PENDING, OrderStatus.RESERVED)
CANCELLABLE = (*UNPAID, OrderStatus.PAID, OrderStatus.CONFIRMED)
"""The states in which an order can be cancelled: until it is shipped."""
