"""What customers reads of the orders' events, and nothing more of them."""

from collections.abc import Mapping
from typing import Any

from shared.customers.domain.news import End, OrderNews
from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.platform.events.bus import MalformedEvent

_ENDS = {
    "order.completed": End.COMPLETED,
    "order.failed": End.FAILED,
    "order.cancelled": End.CANCELLED,
}
ORDER_EVENTS = ("order.placed", *_ENDS)
"""Every event that the summary is made of."""


def order_news(event: EventEnvelope) -> OrderNews:
    """Read an order's event; `MalformedEvent` where a field is missing or of no use."""
    placed = _total(event.data) if event.type == "order.placed" else None
    return OrderNews(
        customer_id=_text(event.data, "customer_id"),
        order_id=_text(event.data, "order_id"),
        at=to_iso(event.occurred_at),
        placed=placed,
        end=_ENDS.get(event.type),
    )


def _total(data: Mapping[str, Any]) -> tuple[int, str]:
    total = data.get("total")
    if not isinstance(total, Mapping) or type(total.get("amount")) is not int:
        raise MalformedEvent("total is not an amount of money")
    return total["amount"], _text(total, "currency")


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"{name} is not a text")
    return value
