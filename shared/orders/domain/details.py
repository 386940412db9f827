"""An order as it is shown, stored and answered: one shape for all three."""

from dataclasses import dataclass
from typing import Self

from shared.kernel.clock import to_iso
from shared.kernel.commands import CommandResult
from shared.orders.domain.data import FailureData, LineData, MoneyData
from shared.orders.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails(CommandResult):
    """Everything about one order, in plain JSON values; times as RFC 3339 in UTC."""

    id: str
    status: str
    outcome: str
    customer_id: str
    lines: list[LineData]
    total: MoneyData
    payment_method: str | None
    failure: FailureData | None
    placed_at: str
    updated_at: str
    version: int

    @classmethod
    def of(cls, order: Order) -> Self:
        """Return what is to be seen of *order*."""
        return cls(
            id=order.id,
            status=order.status.value,
            outcome=order.status.outcome.value,
            customer_id=order.customer_id,
            lines=order.lines,
            total=order.total,
            payment_method=order.payment_method,
            failure=order.failure,
            placed_at=to_iso(order.placed_at),
            updated_at=to_iso(order.updated_at),
            version=order.version,
        )
