"""What the customers context learns about an order, in its own words."""

from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """How an order can end; a completed one can still be cancelled."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """Something that happened to a customer's order, at ``at`` (RFC 3339 in UTC).

    That of its placing carries its total: minor units and currency. Others say how it ended.
    """

    customer_id: str
    order_id: str
    at: str
    placed: tuple[int, str] | None = None
    end: End | None = None
