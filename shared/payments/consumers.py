"""What payments reads of other contexts' events, and nothing more of them."""

from shared.kernel.errors import ValidationFailed
from shared.kernel.events import EventEnvelope
from shared.kernel.money import Money
from shared.payments.use_cases.process_payment import AwaitTerms, ProcessPayment
from shared.payments.use_cases.refund_payment import RefundPayment
from shared.platform.events.bus import MalformedEvent


def process_payment_command(event: EventEnvelope) -> ProcessPayment | AwaitTerms:
    """Read ``order.reserved``, or ``inventory.reserved`` as it was when it said what is due.

    Either may say nothing of it: then the other one of that order does (ADR 23). `MalformedEvent`
    where a field is missing or of no use.
    """
    try:
        data = event.data
        if data.get("total") is None and data.get("payment_method") is None:
            return AwaitTerms(order_id=_text(event, "order_id"))
        return ProcessPayment(
            order_id=_text(event, "order_id"),
            customer_id=_text(event, "customer_id"),
            amount=Money(data["total"]["amount"], data["total"]["currency"]),
            payment_method=_text(event, "payment_method"),
        )
    except (KeyError, TypeError, ValidationFailed) as error:
        raise MalformedEvent(f"{event.type}: {type(error).__name__}: {error}") from None


def refund_payment_command(event: EventEnvelope) -> RefundPayment:
    """Read ``order.cancelled``; `MalformedEvent` where a field is missing or of no use."""
    try:
        return RefundPayment(
            order_id=_text(event, "order_id"), customer_id=_text(event, "customer_id")
        )
    except (KeyError, TypeError) as error:
        raise MalformedEvent(f"{event.type}: {type(error).__name__}: {error}") from None


def _text(event: EventEnvelope, field: str) -> str:
    value = event.data[field]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{field} is not a text")
    return value
