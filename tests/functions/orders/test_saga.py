"""The consumers: what an order makes of the events of inventory and payments."""

from typing import Any

import pytest

from shared.platform.aws.clients import dynamodb
from tests.functions.orders.conftest import (
    Service,
    declined,
    rejected,
    reserved,
    sample,
    succeeded,
)
from tests.support.aws_calls import counted_calls
from tests.support.faults import losing_answers
from tools.lab.support.bus_events import bus_event, failed_ids, sqs_batch

CONSUMER_OF = {
    "inventory.reserved": "record_reservation",
    "inventory.rejected": "fail_order",
    "payment.succeeded": "finalize_order",
    "payment.failed": "fail_order",
}


@pytest.fixture
def order_id(service: Service, product: str) -> str:
    """A pending order."""
    found: str = service.place((product, 2)).data["id"]
    return found


@pytest.mark.row("CQR-02")
def test_a_paid_order_is_complete(service: Service, order_id: str) -> None:
    with counted_calls() as calls:
        service.deliver("record_reservation", reserved(order_id))
        service.deliver("finalize_order", succeeded(order_id))
    assert calls.dynamodb == {"Query": 2, "TransactWriteItems": 2}
    order = service.call("get_order", order_id).data
    assert (order["status"], order["outcome"], order["version"]) == ("paid", "completed", 4)
    completed = service.table.events(f"Order#{order_id}")[-1]
    assert completed["type"] == "order.completed"
    assert completed["data"] == {
        "order_id": order_id,
        "customer_id": order["customer_id"],
        "total": order["total"],
    }


@pytest.mark.row("CQR-02")
def test_an_order_over_nothing_is_complete_as_soon_as_its_goods_are_there(
    service: Service,
) -> None:
    gift = service.create_product(price=0)
    order_id = service.place((gift, 3)).data["id"]
    with counted_calls() as calls:
        service.deliver("record_reservation", reserved(order_id), reserved(order_id))
    assert calls.dynamodb == {"Query": 2, "TransactWriteItems": 2}
    order = service.call("get_order", order_id).data
    assert (order["status"], order["outcome"], order["version"]) == ("paid", "completed", 2)
    assert service.events_of(order_id) == ["order.placed", "order.completed"]
    assert service.call("list_my_orders", query={"status": "paid"}).data["items"] == [order]
    assert service.call("cancel_order", order_id).status == 200
    cancelled = service.table.events(f"Order#{order_id}")[-1]["data"]
    assert (cancelled["paid"], cancelled["total"]["amount"]) == (False, 0)


@pytest.mark.row("CQR-02")
def test_a_declined_payment_fails_the_order_and_frees_the_stock(
    service: Service, order_id: str
) -> None:
    service.deliver("record_reservation", reserved(order_id))
    with counted_calls() as calls:
        service.deliver("fail_order", declined(order_id))
    assert calls.dynamodb == {"Query": 1, "TransactWriteItems": 1}
    order = service.call("get_order", order_id).data
    assert (order["status"], order["outcome"]) == ("payment_failed", "failed")
    assert order["failure"] == {
        "reason": "card_declined",
        "message": "The card was declined.",
        "shortages": [],
    }
    assert service.events_of(order_id)[-2:] == ["order.failed", "inventory.release_requested"]


def test_an_order_without_stock_is_rejected(service: Service, order_id: str) -> None:
    service.deliver("fail_order", rejected(order_id))
    order = service.call("get_order", order_id).data
    assert (order["status"], order["outcome"]) == ("rejected", "rejected")
    assert order["failure"] == {
        "reason": "out_of_stock",
        "message": "There is not enough stock of one product.",
        "shortages": [
            {
                "product_id": "product-1",
                "mnemonic": None,
                "requested": 3,
                "available": 1,
                "short": 2,
            }
        ],
    }
    assert service.events_of(order_id) == ["order.placed", "order.failed"]


@pytest.mark.row("EVT-04")
@pytest.mark.parametrize(
    ("sequence", "end"),
    [
        ([reserved, succeeded], "paid"),
        ([succeeded, reserved], "paid"),
        ([reserved, declined], "payment_failed"),
        ([declined, reserved], "payment_failed"),
    ],
)
def test_three_deliveries_in_either_order_have_one_effect(
    service: Service, order_id: str, sequence: list[Any], end: str
) -> None:
    for make in sequence:
        event = make(order_id)
        assert service.deliver(CONSUMER_OF[event["type"]], event, event) == []
        assert service.deliver(CONSUMER_OF[event["type"]], event) == []
        # The same event under another id: the inbox lets it through, the order does not.
        assert service.deliver(CONSUMER_OF[event["type"]], make(order_id)) == []
    assert service.call("get_order", order_id).data["status"] == end
    types = service.events_of(order_id)
    assert len(types) == len(set(types))


@pytest.mark.row("EVT-04")
def test_an_event_handled_before_changes_nothing(service: Service, order_id: str) -> None:
    event = succeeded(order_id)
    service.deliver("finalize_order", event)
    before = service.table.items()
    assert service.deliver("finalize_order", event, event, event) == []
    assert service.table.items() == before


@pytest.mark.row("EVT-04")
def test_a_consumer_that_dies_after_its_commit_changes_nothing_more(
    service: Service, order_id: str
) -> None:
    event = succeeded(order_id)
    with losing_answers(dynamodb(), "TransactWriteItems"):
        assert service.deliver("finalize_order", event) == ["message-1"]
    before = service.table.items("Order#")
    assert service.events_of(order_id)[-1] == "order.completed"
    assert service.deliver("finalize_order", event) == []
    assert service.table.items("Order#") == before


@pytest.mark.row("EVT-05")
def test_a_poison_message_stays_while_its_neighbours_go_through(
    service: Service, product: str
) -> None:
    first, second = (service.place((product, 1)).data["id"] for _ in range(2))
    broken = declined(first) | {"data": {"order_id": first}}
    unknown = declined("0190a000-0000-7000-8000-00000000dead")
    batch = sqs_batch(
        bus_event(declined(first), source="payments"),
        "no json",
        bus_event(broken, source="payments"),
        bus_event(rejected(second) | {"data": {"order_id": second}}, source="inventory"),
        bus_event(unknown, source="payments"),
        bus_event(rejected(second), source="inventory"),
    )
    left = failed_ids(service.invoke("fail_order", batch))
    assert left == ["message-2", "message-3", "message-4", "message-5"]
    assert service.call("get_order", first).data["status"] == "payment_failed"
    assert service.call("get_order", second).data["status"] == "rejected"


@pytest.mark.row("LOG-02")
def test_correlation_and_causation_run_through(service: Service, order_id: str) -> None:
    event = reserved(order_id, correlation_id="story-1")
    service.deliver("record_reservation", event)
    stored = service.table.events(f"Order#{order_id}")[-1]
    assert (stored["correlation_id"], stored["causation_id"]) == ("story-1", event["id"])


def test_the_samples_of_one_queue_cover_all_its_events() -> None:
    types = {
        record["body"].split('"detail-type": "')[1].split('"')[0]
        for use_case in ("record_reservation", "finalize_order", "fail_order")
        for record in sample(use_case)["Records"]
    }
    assert types == set(CONSUMER_OF)
