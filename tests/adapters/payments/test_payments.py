"""Payments on both engines: what is stored, what it costs, what a crash leaves behind."""

import pytest

from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.payments.adapters.payment_reader import DynamoPaymentReader
from shared.payments.domain.errors import PaymentNotFound
from shared.payments.ports import GatewayUnavailable
from shared.payments.queries.get_payment import GetPayment, GetPaymentHandler
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.runtime.errors import NetworkError
from tests.adapters.payments.conftest import Service
from tests.support.aws_calls import counted_calls
from tests.support.faults import losing_answers

ORDER = new_id()


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_a_payment_comes_back_as_it_was_stored(service: Service, method: str) -> None:
    service.process(ORDER, method)
    payment = service.uow().payments.get(ORDER)
    assert payment.amount == Money(5990, "EUR")
    assert (payment.customer_id, payment.version) == ("customer-1", 1)
    outcome = payment.outcome
    assert outcome is not None
    service.refund(ORDER)
    assert service.uow().payments.get(ORDER).outcome == outcome


@pytest.mark.row("EVT-04")
def test_a_consumer_reads_once_and_writes_once(service: Service) -> None:
    with counted_calls() as calls:
        service.process(ORDER)
    # PutItem is the sandbox's own: one round trip to the gateway.
    assert calls.dynamodb == {"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1}
    with counted_calls() as calls:
        service.refund(ORDER)
    assert calls.dynamodb == {"GetItem": 1, "UpdateItem": 1, "TransactWriteItems": 1}
    tombstone = new_id()
    with counted_calls() as calls:
        service.refund(tombstone)
    assert calls.dynamodb == {"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1}


@pytest.mark.row("EVT-04")
def test_the_second_delivery_of_an_event_changes_nothing(service: Service) -> None:
    service.process(ORDER, event_id="event-1")
    before = service.table.items(), service.ledger.items()
    with pytest.raises(EventAlreadyHandled):
        service.process(ORDER, event_id="event-1")
    assert (service.table.items(), service.ledger.items()) == before


def test_a_crash_between_charge_and_commit_is_healed_by_the_retry(service: Service) -> None:
    class DiesAfterCharging(type(service.gateway)):  # type: ignore[misc]
        def charge(self, request: object) -> object:
            super().charge(request)
            raise ConnectionError

    gateway = DiesAfterCharging(service.ledger.client, service.ledger.name)
    with pytest.raises(ConnectionError):
        service.process(ORDER, gateway=gateway, event_id="event-1")
    assert service.table.items() == []
    service.process(ORDER, event_id="event-1")
    assert service.money(ORDER) == (5990, 0)
    assert service.event_types(ORDER) == ["payment.succeeded"]


def test_a_commit_whose_answer_was_lost_is_not_repeated(service: Service) -> None:
    with (
        losing_answers(service.table.client, "TransactWriteItems"),
        pytest.raises(NetworkError),
    ):
        service.process(ORDER, event_id="event-1")
    with pytest.raises(EventAlreadyHandled):
        service.process(ORDER, event_id="event-1")
    assert service.money(ORDER) == (5990, 0)
    assert service.event_types(ORDER) == ["payment.succeeded"]


def test_a_charge_without_an_answer_is_asked_for_again(service: Service) -> None:
    with pytest.raises(GatewayUnavailable):
        service.process(ORDER, "pm_card_timeoutAfterCharge", event_id="event-1")
    service.process(ORDER, "pm_card_timeoutAfterCharge", event_id="event-1")
    assert service.money(ORDER) == (5990, 0)
    (event,) = service.table.events(f"Payment#{ORDER}")
    (entry,) = service.ledger.items()
    assert event["data"]["gateway_reference"] == entry["reference"]


def test_a_lost_charge_goes_back_with_the_cancellation_alone(service: Service) -> None:
    with pytest.raises(GatewayUnavailable):
        service.process(ORDER, "pm_card_timeoutAfterCharge")
    service.refund(ORDER)
    assert service.money(ORDER) == (5990, 5990)
    service.process(ORDER, "pm_card_timeoutAfterCharge")
    assert service.money(ORDER) == (5990, 5990)
    assert service.event_types(ORDER) == ["payment.voided"]


@pytest.mark.parametrize("cancelled_first", [False, True])
def test_charge_and_cancellation_in_either_order(service: Service, cancelled_first: bool) -> None:
    steps = [service.process, service.refund]
    for step in reversed(steps) if cancelled_first else steps:
        step(ORDER)
    captured, refunded = service.money(ORDER)
    assert captured == refunded
    assert service.status(ORDER) == ("voided" if cancelled_first else "refunded")


def test_a_query_is_one_read(service: Service) -> None:
    service.process(ORDER)
    get_payment = reading(service)
    with counted_calls() as calls:
        view = get_payment(GetPayment(order_id=ORDER, owner="customer-1"))
    assert calls.dynamodb == {"GetItem": 1}
    assert (view.status, view.net) == ("succeeded", Money(5990, "EUR"))
    service.refund(ORDER)
    refunded = get_payment(GetPayment(order_id=ORDER, owner=None))
    assert (refunded.refunded, refunded.net) == (Money(5990, "EUR"), Money(0, "EUR"))
    with counted_calls() as calls:
        for order_id, owner in ((ORDER, "customer-2"), (new_id(), None), ("x" * 3000, None)):
            with pytest.raises(PaymentNotFound):
                get_payment(GetPayment(order_id=order_id, owner=owner))
    assert calls.dynamodb == {"GetItem": 2}


def test_a_declined_payment_is_worth_nothing(service: Service) -> None:
    service.process(ORDER, "pm_card_insufficientFunds")
    view = reading(service)(GetPayment(order_id=ORDER, owner=None))
    assert (view.status, view.failure_reason) == ("failed", "insufficient_funds")
    assert (view.amount, view.net) == (Money(5990, "EUR"), Money(0, "EUR"))


def reading(service: Service) -> GetPaymentHandler:
    return GetPaymentHandler(
        payments=DynamoPaymentReader(service.table.client, service.table.name)
    )
