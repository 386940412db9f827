import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import ValidationError

from shared.kernel.ids import new_id
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.payments.conftest import (
    ORDER,
    Service,
    cancelled,
    cancelled_since,
    held,
    held_before,
    reserved,
    reserved_before,
)
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check


def statuses(service: Service) -> list[str]:
    return [state["status"] for state in service.table.states("Payment#")]


@pytest.mark.row("EVT-04")
def test_an_event_delivered_three_times_counts_once(service: Service) -> None:
    event = reserved()
    assert service.deliver("process_payment", event, event) == []
    assert service.deliver("process_payment", event) == []
    assert len(service.table.events("Payment#")) == len(service.ledger.items()) == 1


@pytest.mark.row("EVT-04")
@pytest.mark.parametrize("cancelled_first", [False, True])
def test_the_order_of_the_events_does_not_matter(service: Service, cancelled_first: bool) -> None:
    deliveries = [("process_payment", reserved()), ("refund_payment", cancelled())]
    for use_case, event in reversed(deliveries) if cancelled_first else deliveries:
        assert service.deliver(use_case, event) == []
    assert statuses(service) == ["voided" if cancelled_first else "refunded"]
    (entry,) = service.ledger.items()
    assert entry["captured"] == entry["refunded"]


ROUTES = {
    "before": (held_before, reserved_before),
    "while both say what is due": (held_before, reserved),
    "since": (held, reserved),
}
"""What announces that an order's goods are set aside: inventory's event, or the order's."""


@pytest.mark.row("EVT-04", "EVT-07")
@pytest.mark.parametrize("order_first", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_an_order_is_charged_once_whichever_release_informed(
    service: Service, route: str, order_first: bool
) -> None:
    events = [make() for make in ROUTES[route]]
    for event in reversed(events) if order_first else events:
        check(event)
        assert service.deliver("process_payment", event, event) == []
        assert service.deliver("process_payment", event) == []
    (payment,) = service.table.states("Payment#")
    assert (payment["PK"], payment["status"]) == (f"Payment#{ORDER}", "succeeded")
    (entry,) = service.ledger.items()
    assert (entry["PK"], entry["captured"]) == (f"CHARGE#{ORDER}", 5990)
    handled = {item["PK"].rpartition("#")[2] for item in service.table.items("INBOX#")}
    assert handled == {event["id"] for event in events}


def asked(written: str) -> list[tuple[str, str, str]]:
    """Return message, call and outcome of the lines about calls of the gateway."""
    lines = [json.loads(line) for line in written.splitlines()]
    about = [line for line in lines if "SandboxGateway." in line.get("operation", "")]
    assert all(line["duration_ms"] > 0 for line in about if line["message"] != "started")
    return [
        (line["message"], line["operation"].rpartition(".")[2], line.get("outcome", ""))
        for line in about
    ]


@pytest.mark.row("LOG-04")
def test_each_call_of_the_gateway_is_timed_and_its_outcome_told(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    declined = reserved(new_id(), payment_method="pm_card_chargeDeclined")
    unclear = reserved(new_id(), payment_method="pm_card_timeoutAfterCharge")
    service.deliver("process_payment", reserved(), declined, unclear)
    assert asked(capsys.readouterr().out) == [
        ("started", "charge", ""),
        ("finished", "charge", "success"),
        ("started", "charge", ""),
        ("finished", "charge", "declined"),
        ("started", "charge", ""),
        ("failed", "charge", "error"),
    ]
    service.deliver("refund_payment", cancelled())
    assert ("finished", "refund", "success") in asked(capsys.readouterr().out)


def test_no_gateway_hears_of_an_order_over_nothing(service: Service) -> None:
    free = held_before()
    free["data"]["total"] = {"amount": 0, "currency": "EUR"}
    off = cancelled_since(0)
    check(off)
    with counted_calls() as calls:
        assert service.deliver("process_payment", free) == []
        assert service.deliver("refund_payment", off) == []
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 2}
    assert statuses(service) == ["voided"]
    assert service.ledger.items() == []


def test_what_a_release_before_charged_over_nothing_is_closed_all_the_same(
    service: Service,
) -> None:
    free = reserved()
    free["data"]["total"] = {"amount": 0, "currency": "EUR"}
    assert service.deliver("process_payment", free) == []
    assert statuses(service) == ["succeeded"], "its order waits for this"
    assert service.deliver("refund_payment", cancelled_since(0)) == []
    assert statuses(service) == ["refunded"]


@pytest.mark.parametrize("amount", [1, 5990])
def test_what_costs_something_is_cancelled_at_the_gateway(service: Service, amount: int) -> None:
    assert service.deliver("refund_payment", cancelled_since(amount)) == []
    (entry,) = service.ledger.items()
    assert (entry["status"], entry["captured"]) == ("declined", 0)


@pytest.mark.parametrize("make", [held, reserved_before])
def test_an_event_that_does_not_say_what_is_due_charges_nothing(
    service: Service, make: Callable[[], dict[str, Any]]
) -> None:
    with counted_calls() as calls:
        assert service.deliver("process_payment", make()) == []
    assert calls.dynamodb == {"TransactWriteItems": 1}
    assert service.table.states("Payment#") == service.ledger.items() == []


@pytest.mark.row("EVT-04", "EVT-05")
def test_a_gateway_that_times_out_gets_its_message_again(service: Service) -> None:
    slow, other = reserved(payment_method="pm_card_timeoutAfterCharge"), reserved(new_id())
    assert service.deliver("process_payment", slow, other) == ["message-1"]
    assert statuses(service) == ["succeeded"]
    assert service.deliver("process_payment", slow) == []
    assert statuses(service) == ["succeeded", "succeeded"]
    assert [entry["captured"] for entry in service.ledger.items()] == [5990, 5990]


@pytest.mark.row("EVT-05")
@pytest.mark.parametrize(
    "poison",
    [
        "not json",
        json.dumps({"detail": {"type": "order.reserved"}}),
        held_before(payment_method=None),
        held_before() | {"data": {"order_id": ORDER, "total": {"amount": 1, "currency": "EUR"}}},
        held() | {"data": {"lines": []}},
        reserved(payment_method=None),
        reserved(payment_method=7),
        reserved() | {"data": {}},
        reserved() | {"data": {**reserved()["data"], "total": {"amount": -1, "currency": "EUR"}}},
        reserved() | {"data": {**reserved()["data"], "total": {"amount": 1, "currency": "XXX"}}},
        reserved() | {"data": {**reserved()["data"], "total": {"amount": 1.5, "currency": "EUR"}}},
        reserved() | {"type": "inventory.sneezed"},
    ],
)
def test_poison_stays_on_the_queue_and_its_neighbours_go_through(
    service: Service, poison: str | dict[str, object]
) -> None:
    good = reserved(new_id()), reserved(new_id())
    assert service.deliver("process_payment", good[0], poison, good[1]) == ["message-2"]
    assert statuses(service) == ["succeeded", "succeeded"]
    assert len(service.ledger.items()) == 2


def test_cancellations_must_say_whose_they_are(service: Service) -> None:
    nobodys = cancelled() | {"data": {"order_id": ORDER}}
    assert service.deliver("refund_payment", nobodys) == ["message-1"]
    assert service.ledger.items() == []


@pytest.mark.row("EVT-01")
def test_what_is_published_keeps_to_its_schema(service: Service) -> None:
    orders = {name: new_id() for name in ("refunded", "failed", "voided", "reported")}
    service.deliver("process_payment", reserved(orders["refunded"]))
    service.deliver("refund_payment", cancelled(orders["refunded"]), cancelled(orders["voided"]))
    service.deliver("process_payment", reserved(orders["failed"], "pm_card_chargeDeclined"))
    service.deliver("process_payment", reserved(orders["reported"], "pm_card_timeoutAfterCharge"))
    published = [detail_of(envelope_of(item)) for item in service.table.events()]
    assert {event["type"] for event in published} == {
        "payment.succeeded",
        "payment.failed",
        "payment.refunded",
        "payment.voided",
        "error.reported",
    }
    for event in published:
        check(event)
        with pytest.raises(ValidationError):
            check(event | {"data": {**event["data"], "surprise": 1}})


@pytest.mark.row("EVT-04")
def test_round_trips(service: Service) -> None:
    with counted_calls() as calls:
        service.deliver("process_payment", reserved())
    assert calls.dynamodb == {"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1}
    with counted_calls() as calls:
        service.get()
    assert calls.dynamodb == {"GetItem": 1}
