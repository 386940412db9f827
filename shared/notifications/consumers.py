"""What notifications reads of other contexts' events, and nothing more of them."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.kernel.email import Email
from shared.kernel.errors import ValidationFailed
from shared.kernel.events import EventEnvelope
from shared.kernel.money import Money
from shared.notifications.domain.occasions import (
    Occasion,
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    Shortage,
    Welcome,
)
from shared.notifications.use_cases.notify import Notify, Registration
from shared.notifications.use_cases.tell_sales import TellSales
from shared.platform.events.bus import MalformedEvent

Data = Mapping[str, Any]


def notify_command(event: EventEnvelope) -> Notify:
    """Read an event; `MalformedEvent` where a field is missing or of no use."""
    data = event.data
    try:
        if event.type == "user.registered":
            return Notify(
                event_id=event.id,
                user_id=_text(data, "user_id"),
                occasion=Welcome(),
                registration=Registration(
                    name=_text(data, "name"), email=Email(_text(data, "email"))
                ),
            )
        return Notify(
            event_id=event.id,
            user_id=_text(data, "customer_id"),
            occasion=_ORDER_OCCASIONS[event.type](data),
        )
    except (KeyError, TypeError, ValueError, ValidationFailed) as error:
        raise MalformedEvent(f"{event.type}: {type(error).__name__}") from None


def large_order(event: EventEnvelope) -> TellSales:
    """Read ``order.placed``; `MalformedEvent` where a field is missing or of no use."""
    data = event.data
    try:
        return TellSales(
            order_id=_text(data, "order_id"),
            customer_id=_text(data, "customer_id"),
            total=Money(data["total"]["amount"], data["total"]["currency"]),
            lines=len(data["lines"]),
        )
    except (KeyError, TypeError, ValueError, ValidationFailed) as error:
        raise MalformedEvent(f"{event.type}: {type(error).__name__}") from None


def _completed(data: Data) -> Occasion:
    total = data["total"]
    return OrderCompleted(
        order_id=_text(data, "order_id"), total=Money(total["amount"], total["currency"])
    )


def _failed(data: Data) -> Occasion:
    return OrderFailed(
        order_id=_text(data, "order_id"),
        message=data.get("message"),
        shortages=[
            Shortage(
                product=short.get("mnemonic") or short["product_id"],
                requested=int(short["requested"]),
                available=int(short["available"]),
            )
            for short in data.get("shortages") or ()
        ],
    )


def _cancelled(data: Data) -> Occasion:
    return OrderCancelled(
        order_id=_text(data, "order_id"),
        reason=data.get("reason"),
        paid=data["paid"] is True,
    )


_ORDER_OCCASIONS: Mapping[str, Callable[[Data], Occasion]] = {
    "order.completed": _completed,
    "order.failed": _failed,
    "order.cancelled": _cancelled,
}


def _text(data: Data, field: str) -> str:
    value = data[field]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{field} is not a text")
    return value
