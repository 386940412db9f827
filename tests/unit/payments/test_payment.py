from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import InvalidState
from shared.kernel.money import Money
from shared.kernel.result import Failure, Success
from shared.payments.domain.gateway import Charge, Declined, Refund
from shared.payments.domain.payment import Payment, PaymentStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRICE = Money(5990, "EUR")


def settled(outcome: Success[Charge] | Failure[Declined]) -> Payment:
    return Payment.settled(
        "order-1", customer_id="customer-1", amount=PRICE, outcome=outcome, now=NOW
    )


@pytest.mark.row("EXC-03")
def test_the_gateways_answer_decides_what_a_payment_is() -> None:
    charged = settled(Success(Charge(reference="ch-1")))
    assert charged.status is PaymentStatus.SUCCEEDED
    assert [event.to_data() for event in charged.pending_events] == [
        {
            "payment_id": "order-1",
            "order_id": "order-1",
            "customer_id": "customer-1",
            "amount": {"amount": 5990, "currency": "EUR"},
            "gateway_reference": "ch-1",
        }
    ]
    declined = settled(Failure(Declined(reason="card_declined", message="No.")))
    assert declined.status is PaymentStatus.FAILED
    assert [(e.type, e.reason, e.message) for e in declined.pending_events] == [
        ("payment.failed", "card_declined", "No.")
    ]


def test_a_captured_payment_is_refunded_once() -> None:
    payment = settled(Success(Charge(reference="ch-1")))
    later = NOW + timedelta(days=1)
    payment.refund(Refund(reference="re-1"), now=later)
    assert payment.status is PaymentStatus.REFUNDED
    assert (payment.created_at, payment.updated_at) == (NOW, later)
    assert [event.type for event in payment.pending_events] == [
        "payment.succeeded",
        "payment.refunded",
    ]
    with pytest.raises(InvalidState) as refused:
        payment.refund(Refund(reference="re-2"), now=later)
    assert (refused.value.current, refused.value.expected) == ("refunded", ("succeeded",))


def test_nothing_is_refunded_where_nothing_was_captured() -> None:
    declined = settled(Failure(Declined(reason="card_declined", message="No.")))
    tombstone = Payment.voided("order-1", customer_id="customer-1", now=NOW)
    for payment in (declined, tombstone):
        with pytest.raises(InvalidState):
            payment.refund(Refund(reference="re-1"), now=NOW)
    assert tombstone.status is PaymentStatus.VOIDED
    assert tombstone.amount is None
