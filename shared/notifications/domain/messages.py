"""The sentences customers read."""

from collections.abc import Mapping

from shared.notifications.domain.notification import Kind, Text
from shared.notifications.domain.occasions import (
    Occasion,
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    Welcome,
)


def message_about(occasion: Occasion) -> tuple[Kind, Text]:
    """Return what to tell a customer about *occasion*.

    Nobody has proved yet that an address is theirs. So a letter has no word that whoever gave the
    address wrote, neither a name nor a reason: it would be anyone's text in anyone's mailbox.
    """
    match occasion:
        case Welcome():
            kind, subject, paragraphs = Kind.WELCOME, "Welcome to Tradewind", _WELCOME
        case OrderCompleted():
            kind, subject, paragraphs = Kind.ORDER_COMPLETED, *_completed(occasion)
        case OrderFailed():
            kind, subject, paragraphs = Kind.ORDER_FAILED, *_failed(occasion)
        case OrderCancelled():
            kind, subject, paragraphs = Kind.ORDER_CANCELLED, *_cancelled(occasion)
    return kind, Text(subject=subject, body="\n\n".join(["Hello,", *paragraphs, "Tradewind"]))


_WELCOME = [
    "Your account is ready: you can look around and order right away.",
    "We will write to this address when something happens to one of your orders, and only then.",
]


_BY: Mapping[str | None, str] = {
    "customer": "Your order has been cancelled, as you asked.",
    "staff": "We are sorry: we have had to cancel your order.",
    "system": "We are sorry: your order could not be carried out and has been cancelled.",
}


def _completed(order: OrderCompleted) -> tuple[str, list[str]]:
    money = (
        f"We have received your payment of {order.total.format()}."
        if order.total.amount
        else "There is nothing to pay: your order is free of charge."
    )
    return "Thank you for your order", [
        money,
        "Everything you ordered is set aside for you; there is nothing more for you to do.",
        _order(order.order_id),
    ]


def _failed(order: OrderFailed) -> tuple[str, list[str]]:
    if not order.shortages:
        return "Your payment did not go through", [
            _sentence(order.message or "The payment was declined."),
            "You have not been charged, and your order has been closed.",
            _order(order.order_id),
            "If you still want the goods, please order again with another way of paying.",
        ]
    missing = "\n".join(
        f"- {_one_line(short.product)}: you asked for {short.requested}, "
        f"{_in_stock(short.available)}"
        for short in order.shortages
    )
    return "We do not have everything you ordered", [
        "We are sorry: there is not enough in stock for your order.",
        missing,
        "You have not been charged, and your order has been closed.",
        _order(order.order_id),
        "You are welcome to order again with what is left, or to try later.",
    ]


def _cancelled(order: OrderCancelled) -> tuple[str, list[str]]:
    money = _money_back(order)
    return "Your order has been cancelled", [
        _BY.get(order.by, "Your order has been cancelled."),
        *money,
        _order(order.order_id),
    ]


def _money_back(order: OrderCancelled) -> list[str]:
    if order.free:
        return []
    if order.paid:
        return [
            "What you paid goes back in full, the way it came; this can take your bank a few days."
        ]
    return ["You will not be charged. If a payment was just being made, it goes back in full."]


def _order(order_id: str) -> str:
    return f"Your order: {order_id}"


def _in_stock(available: int) -> str:
    return f"we have {available}" if available else "we have none left"


def _sentence(text: str) -> str:
    line = _one_line(text)
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _one_line(text: str) -> str:
    """Return *text* without line breaks: what others wrote must not look like ours."""
    return " ".join(text.split())
