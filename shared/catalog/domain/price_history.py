"""What a product has cost since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """The price from a moment on: minor units of a currency; RFC 3339 in UTC."""

    amount: int
    currency: str
    since: str


def price_points(events: Iterable[EventEnvelope]) -> tuple[PricePoint, ...]:
    """Return every price in a product's *events*, oldest first."""
    return tuple(
        PricePoint(
            amount=price["amount"], currency=price["currency"], since=to_iso(event.occurred_at)
        )
        for event in events
        if (price := _price_in(event)) is not None
    )


def _price_in(event: EventEnvelope) -> Any:
    if event.type == "product.created":
        return event.data["price"]
    return event.data.get("changes", {}).get("price")
