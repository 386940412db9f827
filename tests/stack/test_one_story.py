"""One request, followed by its trace and its correlation id to the last thing that it led to."""

from uuid import uuid4

import pytest

from tests.stack.test_delivery import stored_events
from tests.stack.test_observability import parsed
from tools.lab.support.shop import eventually

pytestmark = [pytest.mark.row("MET-05"), pytest.mark.row("LOG-02")]

STREAMS = {"orders": "Order", "inventory": "Reservation", "payments": "Payment"}
CAUSES = {
    "order.placed": None,
    "inventory.reserved": "order.placed",
    "order.reserved": "inventory.reserved",
    "payment.succeeded": "order.reserved",
    "order.paid": "payment.succeeded",
    "order.completed": "payment.succeeded",
    "inventory.committed": "order.completed",
}
"""What every event of a sale was caused by."""


def test_from_http_to_the_last_event_and_log_line(shop, customer, product):
    story = f"story-{uuid4()}"
    placed = customer.post(
        "/api/v1/orders",
        {"lines": [{"product_id": product(), "quantity": 1}], "payment_method": "pm_card_visa"},
        headers={"x-correlation-id": story},
    )
    assert placed.headers["x-correlation-id"] == story
    order_id = placed.json()["data"]["id"]
    customer.settled(order_id)

    def events():
        return {
            event.type: event
            for service, kind in STREAMS.items()
            for event in stored_events(shop, service, f"{kind}#{order_id}")
        }

    found = eventually(events, lambda known: known.keys() == CAUSES.keys(), "every event")
    # Lambda gave the request its trace; from there on it is one.
    root = found["order.placed"].context.trace.partition("Root=")[2].partition(";")[0]
    for kind, cause in CAUSES.items():
        context = found[kind].context
        assert context.correlation_id == story, kind
        assert f"Root={root}" in context.trace, kind
        assert context.causation_id == (found[cause].id if cause else None), kind
    assert found["order.placed"].context.request_id == placed.json()["meta"]["request_id"]
    assert found["order.placed"].context.actor == customer.id

    def lines():
        # The emulator may hand a function's last lines over only with its next invocation.
        customer.settled(customer.place((product(), 1)).json()["data"]["id"])
        return [line for line in parsed(shop) if line.get("correlation_id") == story]

    lines = eventually(
        lines,
        lambda known: {line.get("consumer") for line in known} >= CONSUMERS,
        "every consumer logs the story",
    )
    # API Gateway starts a trace for the authorizer beside that of the request.
    assert {line["trace_id"] for line in lines if line["service"] != "identity"} == {root}
    assert "POST /api/v1/orders" in {line.get("route") for line in lines}


CONSUMERS = {
    "inventory.reserve_stock",
    "payments.process_payment",
    "orders.record_reservation",
    "orders.finalize_order",
    "inventory.commit_stock",
    "notifications.notify_on_event",
}
