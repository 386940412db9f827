"""POST /api/v1/orders/{order_id}/cancel."""

import pytest

from tests.functions.orders.conftest import (
    STRANGER,
    Service,
    declined,
    rejected,
    reserved,
    succeeded,
)
from tests.support.aws_calls import counted_calls
from tools.lab.support import environment
from tools.lab.support.http_events import ADMIN, ANONYMOUS

UNTIL_SHIPPED = ["pending", "reserved", "paid", "confirmed"]


@pytest.fixture
def order_id(service: Service, product: str) -> str:
    """A pending order."""
    found: str = service.place((product, 2)).data["id"]
    return found


@pytest.mark.row("CQR-02")
def test_cancelling_takes_one_read_and_one_transaction(service: Service, order_id: str) -> None:
    service.call("cancel_order", "0190a000-0000-7000-8000-00000000dead")
    with counted_calls() as calls:
        answer = service.call("cancel_order", order_id, body={"reason": "Too slow."})
    assert calls.dynamodb == {"Query": 1, "UpdateItem": 1, "TransactWriteItems": 1}
    assert answer.status == 200
    assert (answer.data["status"], answer.data["outcome"]) == ("cancelled", "cancelled")
    assert answer.headers["etag"] == '"2"'
    assert answer.data == service.call("get_order", order_id).data
    assert service.table.events(f"Order#{order_id}")[-1]["data"] == {
        "order_id": order_id,
        "customer_id": answer.data["customer_id"],
        "reason": "Too slow.",
        "previous_status": "pending",
        "paid": False,
        "cancelled_by": "customer",
        "total": {"amount": 2_590, "currency": "GBP"},
    }


@pytest.mark.parametrize("body", [None, {}, {"reason": None}, {"reason": ""}])
def test_no_reason_needs_to_be_given(service: Service, order_id: str, body: object) -> None:
    assert service.call("cancel_order", order_id, body=body).status == 200
    event = service.table.events(f"Order#{order_id}")[-1]
    assert event["data"]["reason"] == "Cancelled by the customer."


@pytest.mark.parametrize(
    "body",
    [
        {"reason": 1},
        {"reason": "   "},
        {"reason": "\u200b"},
        {"reason": "x" * 201},
        {"why": "x"},
        [],
        "{",
    ],
)
def test_malformed_bodies_are_refused(service: Service, order_id: str, body: object) -> None:
    before = service.table.items()
    assert service.call("cancel_order", order_id, body=body).status == 422
    assert service.table.items() == before


@pytest.mark.row("API-04")
@pytest.mark.parametrize(
    ("tag", "status"),
    [('"2"', 200), ('"1", "2"', 200), ("*", 200), ('"1"', 412), ('W/"2"', 412), ("2", 412)],
)
def test_an_order_is_cancelled_at_the_version_that_its_customer_saw(
    service: Service, order_id: str, tag: str, status: int
) -> None:
    service.deliver("record_reservation", reserved(order_id))
    before = service.table.items()
    answer = service.call("cancel_order", order_id, body={}, headers={"if-match": tag})
    assert answer.status == status
    if status == 412:
        (error,) = answer.json["error"]["errors"]
        assert (answer.code, error["loc"]) == ("PRECONDITION_FAILED", ["header", "if-match"])
        assert answer.json["error"]["details"] == {"version": 2}
        assert service.table.items() == before


@pytest.mark.row("API-03")
def test_a_repeated_cancel_with_its_key_hears_the_same(service: Service, order_id: str) -> None:
    headers = {"idempotency-key": "cancel-1"}
    first = service.call("cancel_order", order_id, headers=headers)
    again = service.call("cancel_order", order_id, headers=headers)
    assert (again.status, again.data) == (200, first.data)
    assert again.headers["idempotency-replayed"] == "true"
    other = service.call("cancel_order", order_id, headers=headers, body={"reason": "no"})
    assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    fresh = service.call("cancel_order", order_id, headers={"idempotency-key": "cancel-2"})
    assert (fresh.status, fresh.code) == (409, "INVALID_STATE")
    assert service.events_of(order_id) == ["order.placed", "order.cancelled"]


@pytest.mark.row("EXC-01")
def test_an_order_that_has_ended_cannot_be_cancelled(service: Service, product: str) -> None:
    for end, current in (
        ([rejected], "rejected"),
        ([reserved, declined], "payment_failed"),
    ):
        order_id = service.place((product, 1)).data["id"]
        for make in end:
            consumer = "record_reservation" if make is reserved else "fail_order"
            service.deliver(consumer, make(order_id))
        answer = service.call("cancel_order", order_id)
        assert (answer.status, answer.code) == (409, "INVALID_STATE")
        assert answer.json["error"]["details"] == {"current": current, "expected": UNTIL_SHIPPED}


def test_a_paid_order_can_be_cancelled_and_stays_so(service: Service, order_id: str) -> None:
    service.deliver("finalize_order", succeeded(order_id))
    answer = service.call("cancel_order", order_id)
    assert (answer.status, answer.data["outcome"]) == (200, "cancelled")
    service.deliver("finalize_order", succeeded(order_id))
    service.deliver("record_reservation", reserved(order_id))
    assert service.call("get_order", order_id).data == answer.data


@pytest.mark.row("PRM-03")
def test_only_the_customer_and_the_administrator_cancel(service: Service, product: str) -> None:
    order_id = service.place((product, 1)).data["id"]
    refused = service.call("cancel_order", order_id, caller=STRANGER)
    assert (refused.status, refused.code) == (404, "ORDER_NOT_FOUND")
    assert service.call("cancel_order", order_id, caller=ANONYMOUS).status == 401
    assert service.call("cancel_order", order_id, caller=ADMIN).status == 200
    event = service.table.events(f"Order#{order_id}")[-1]
    assert (event["actor"], event["data"]["reason"]) == (ADMIN.user_id, "Cancelled by the shop.")
    assert event["data"]["cancelled_by"] == "staff"


def test_a_paid_order_can_be_cancelled_by_its_customer_until_the_setting_says(
    service: Service, product: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANCEL_PAID_MINUTES", "0")
    environment.forget_cached()
    unpaid, sold = (service.place((product, 1)).data["id"] for _ in range(2))
    service.deliver("finalize_order", succeeded(sold))
    since = service.call("get_order", sold).data["updated_at"]
    before = service.table.items()
    refused = service.call("cancel_order", sold)
    assert (refused.status, refused.code) == (409, "CANCELLATION_PERIOD_OVER")
    assert refused.json["error"]["details"] == {
        "current": "paid", "expected": ["pending", "reserved"], "until": since,
    }  # fmt: skip
    assert since in refused.json["message"]
    assert service.table.items() == before
    assert service.call("cancel_order", unpaid).status == 200
    assert service.call("cancel_order", sold, caller=ADMIN).status == 200
