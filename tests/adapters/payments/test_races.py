"""Many deliveries at once, on the one local engine with real transactions."""

from collections import Counter

import pytest

from shared.platform.dynamodb.markers import EventAlreadyHandled
from tests.adapters.payments.conftest import Service
from tests.support.racing import race

RACERS = 20


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Moto has no isolation between threads."""
    return "dynamodb_local"


@pytest.mark.row("EVT-04")
@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_timeoutAfterCharge"])
def test_twenty_deliveries_at_once_capture_once(service: Service, method: str) -> None:
    outcomes = race(RACERS, lambda _: service.process("order-1", method, event_id="event-1"))
    assert service.money("order-1") == (5990, 0)
    assert service.event_types("order-1") == ["payment.succeeded"]
    kinds = Counter(type(outcome) for outcome in outcomes)
    timed_out = 1 if method == "pm_card_timeoutAfterCharge" else 0
    assert kinds[type(None)] == 1
    assert kinds[EventAlreadyHandled] == RACERS - 1 - timed_out


@pytest.mark.row("EVT-04")
def test_charges_and_cancellations_at_once_end_at_net_zero(service: Service) -> None:
    orders = [f"order-{number}" for number in range(6)]

    def deliver(number: int) -> None:
        order_id = orders[number // 4]
        if number % 2:
            service.refund(order_id, event_id=f"cancelled-{order_id}")
        else:
            service.process(order_id, event_id=f"reserved-{order_id}")

    outcomes = race(4 * len(orders), deliver)
    unexpected = [o for o in outcomes if o is not None and not isinstance(o, EventAlreadyHandled)]
    assert unexpected == []
    for order_id in orders:
        captured, refunded = service.money(order_id)
        assert captured == refunded
        assert service.status(order_id) in ("refunded", "voided", "failed")
        (state,) = service.table.states(f"Payment#{order_id}")
        assert state["version"] == len(service.event_types(order_id))
