"""An order in progress, as far as somebody has to know who looks for what keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from shared.kernel.clock import from_iso
from shared.orders.domain.data import MoneyData
from shared.orders.domain.status import OrderStatus

WAITS_FOR: Mapping[OrderStatus, tuple[str, ...]] = {
    OrderStatus.PENDING: ("inventory.reserved", "inventory.rejected"),
    OrderStatus.RESERVED: ("payment.succeeded", "payment.failed"),
}
"""The events one of which moves an order on that is in progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """Times as RFC 3339 in UTC."""

    id: str
    status: str
    customer_id: str
    total: MoneyData
    placed_at: str
    updated_at: str

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the order that *data*, a snapshot, shows."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The types of event one of which moves it on."""
        return WAITS_FOR[OrderStatus(self.status)]

    def age_at(self, now: datetime) -> int:
        """Return for how many whole seconds it has been on its way."""
        return int((now - from_iso(self.placed_at)).total_seconds())
