"""What can happen to an order; published under these names (``events/schemas``)."""

from dataclasses import dataclass
from typing import ClassVar

from shared.kernel.events import DomainEvent
from shared.orders.domain.data import LineData, MoneyData, ShortageData


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(DomainEvent):
    """A customer placed the order at these prices.

    ``payment_method`` is ``None`` (since version 2) where nothing is due.
    """

    type: ClassVar[str] = "order.placed"
    schema_version: ClassVar[int] = 2

    order_id: str
    customer_id: str
    lines: list[LineData]
    total: MoneyData
    payment_method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReserved(DomainEvent):
    """All of its goods are set aside: what is due may be charged.

    What is due (since version 2) is ``None`` where version 1 was recorded: such an order was
    charged on its ``inventory.reserved``, which said it then.
    """

    type: ClassVar[str] = "order.reserved"
    schema_version: ClassVar[int] = 2

    order_id: str
    customer_id: str | None
    total: MoneyData | None
    payment_method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(DomainEvent):
    """Its total was captured."""

    type: ClassVar[str] = "order.paid"

    order_id: str
    payment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCompleted(DomainEvent):
    """The sale stands: the goods are the customer's, the money is the shop's."""

    type: ClassVar[str] = "order.completed"

    order_id: str
    customer_id: str
    total: MoneyData


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFailed(DomainEvent):
    """The order ended without a sale; ``status`` is the final state it ended in."""

    type: ClassVar[str] = "order.failed"

    order_id: str
    customer_id: str
    status: str
    reason: str
    message: str
    shortages: list[ShortageData]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(DomainEvent):
    """Somebody cancelled the order; ``previous_status`` is the state it was in.

    ``paid`` (since version 2): money had been taken by then. ``cancelled_by`` and ``total`` (since
    version 3) are ``None`` where an earlier version was recorded.
    """

    type: ClassVar[str] = "order.cancelled"
    schema_version: ClassVar[int] = 3

    order_id: str
    customer_id: str
    reason: str
    previous_status: str
    paid: bool
    cancelled_by: str | None
    total: MoneyData | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryReleaseRequested(DomainEvent):
    """The goods set aside for the order are free again."""

    type: ClassVar[str] = "inventory.release_requested"

    order_id: str
    reason: str


ORDER_EVENTS: tuple[type[DomainEvent], ...] = (
    OrderPlaced,
    OrderReserved,
    OrderPaid,
    OrderCompleted,
    OrderFailed,
    OrderCancelled,
    InventoryReleaseRequested,
)
"""Every event of the order stream."""
