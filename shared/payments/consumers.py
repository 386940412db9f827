"""What payments reads of other contexts' events, and nothing more of them."""

# ruff: noqa: PLC0415  # a consumer loads the messages of its own use case, and no neighbour's
from typing import TYPE_CHECKING

from shared.kernel.events import EventEnvelope
from shared.kernel.money import Money
from shared.platform.events.fields import amount, reads_event, text

if TYPE_CHECKING:
    from shared.payments.use_cases.process_payment import AwaitTerms, ProcessPayment
    from shared.payments.use_cases.refund_payment import RefundPayment


@reads_event
def on_order_reserved(event: EventEnvelope) -> "ProcessPayment | AwaitTerms":
    """Read ``order.reserved``; every function here raises `MalformedEvent`."""
    return _terms(event)


@reads_event
def on_inventory_reserved(event: EventEnvelope) -> "ProcessPayment | AwaitTerms":
    """Read ``inventory.reserved`` as it was when it said what is due; nothing may be."""
    from shared.payments.use_cases.process_payment import AwaitTerms, ProcessPayment

    terms = _terms(event)
    if isinstance(terms, ProcessPayment) and terms.amount.amount == 0:
        return AwaitTerms(order_id=terms.order_id)
    return terms


@reads_event
def on_order_cancelled(event: EventEnvelope) -> "RefundPayment":
    """Read ``order.cancelled``."""
    from shared.payments.use_cases.refund_payment import RefundPayment

    data = event.data
    return RefundPayment(
        order_id=text(data, "order_id"),
        customer_id=text(data, "customer_id"),
        was_free=data.get("total") is not None and amount(data, "total")[0] == 0,
    )


def _terms(event: EventEnvelope) -> "ProcessPayment | AwaitTerms":
    """Return what is due, if the event says it: if not, the other one of that order does.

    See ADR 23.
    """
    from shared.payments.use_cases.process_payment import AwaitTerms, ProcessPayment

    data = event.data
    if data.get("total") is None and data.get("payment_method") is None:
        return AwaitTerms(order_id=text(data, "order_id"))
    return ProcessPayment(
        order_id=text(data, "order_id"),
        customer_id=text(data, "customer_id"),
        amount=Money(*amount(data, "total")),
        payment_method=text(data, "payment_method"),
    )
