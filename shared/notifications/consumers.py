"""What notifications reads of other contexts' events, and nothing more of them."""

# ruff: noqa: PLC0415  # a consumer loads the messages of its own use case, and no neighbour's
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.kernel.email import Email
from shared.kernel.events import EventEnvelope
from shared.kernel.money import Money
from shared.notifications.domain.occasions import (
    Occasion,
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    OrderMoment,
    Shortage,
    Welcome,
)
from shared.platform.events.fields import amount, reads_event, text

if TYPE_CHECKING:
    from shared.notifications.use_cases.notify import Notify
    from shared.notifications.use_cases.notify_sales import NotifySales


@reads_event
def on_user_registered(event: EventEnvelope) -> "Notify":
    """Read ``user.registered``; every function here raises `MalformedEvent`."""
    from shared.notifications.use_cases.notify import Notify, Registration

    data = event.data
    return Notify(
        event_id=event.id,
        user_id=text(data, "user_id"),
        occasion=Welcome(),
        registration=Registration(name=text(data, "name"), email=Email(text(data, "email"))),
    )


@reads_event
def on_order_completed(event: EventEnvelope) -> "Notify":
    """Read ``order.completed``."""
    data = event.data
    total = Money(*amount(data, "total"))
    return _notify(event, OrderCompleted(order_id=text(data, "order_id"), total=total))


@reads_event
def on_order_completed_for_sales(event: EventEnvelope) -> "NotifySales":
    """Read ``order.completed`` for sales."""
    from shared.notifications.use_cases.notify_sales import NotifySales

    data = event.data
    return NotifySales(
        moment=OrderMoment(order_id=text(data, "order_id"), version=event.version),
        customer_id=text(data, "customer_id"),
        total=Money(*amount(data, "total")),
    )


@reads_event
def on_order_failed(event: EventEnvelope) -> "Notify":
    """Read ``order.failed``."""
    data = event.data
    failed = OrderFailed(
        order_id=text(data, "order_id"),
        message=data.get("message"),
        shortages=[_shortage(each) for each in data.get("shortages") or ()],
    )
    return _notify(event, failed)


@reads_event
def on_order_cancelled(event: EventEnvelope) -> "Notify":
    """Read ``order.cancelled``."""
    data = event.data
    cancelled = OrderCancelled(
        order_id=text(data, "order_id"),
        by=data.get("cancelled_by"),
        paid=data["paid"] is True,
        free=data.get("total") is not None and amount(data, "total")[0] == 0,
    )
    return _notify(event, cancelled)


def _notify(event: EventEnvelope, occasion: Occasion) -> "Notify":
    """Return the command to tell an order's customer."""
    from shared.notifications.use_cases.notify import Notify

    customer = text(event.data, "customer_id")
    moment = OrderMoment(order_id=text(event.data, "order_id"), version=event.version)
    return Notify(event_id=event.id, user_id=customer, occasion=occasion, moment=moment)


def _shortage(data: Mapping[str, Any]) -> Shortage:
    return Shortage(
        product=data.get("mnemonic") or data["product_id"],
        requested=int(data["requested"]),
        available=int(data["available"]),
    )
