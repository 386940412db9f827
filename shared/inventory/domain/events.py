"""What happens to stock and to what is held of it.

``lines`` are ``{"product_id", "quantity"}``, one for each product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.events import DomainEvent

Lines = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAdjusted(DomainEvent):
    """Units came in or were written off; ``available`` is what was on offer afterwards."""

    type = "inventory.adjusted"

    product_id: str
    quantity: int
    reason: str
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReserved(DomainEvent):
    """All lines of an order are held for it."""

    type = "inventory.reserved"
    schema_version = 2

    order_id: str
    customer_id: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRejected(DomainEvent):
    """No line is held: some are short.

    ``shortages`` are ``{"product_id", "requested", "available", "short"}``.
    """

    type = "inventory.rejected"

    order_id: str
    customer_id: str
    shortages: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReleased(DomainEvent):
    """What the order held is on offer again; no lines when it held nothing yet."""

    type = "inventory.released"

    order_id: str
    reason: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCommitted(DomainEvent):
    """What the order held is sold."""

    type = "inventory.committed"

    order_id: str
    lines: Lines
