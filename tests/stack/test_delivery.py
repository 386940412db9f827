"""What the bus may do to a consumer: again, late, in another order, and nonsense."""

import json
import random
from uuid import uuid4

import pytest

from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tools.lab.support.shop import eventually

pytestmark = [pytest.mark.row("EVT-04"), pytest.mark.row("EVT-05")]

CONSUMERS = {
    "order.placed": [("inventory", "ReserveStockQueue")],
    "inventory.reserved": [
        ("payments", "ProcessPaymentQueue"),
        ("orders", "RecordReservationQueue"),
    ],
    "order.reserved": [("payments", "ProcessPaymentQueue")],
    "payment.succeeded": [("orders", "FinalizeOrderQueue")],
    "order.completed": [
        ("inventory", "CommitStockQueue"),
        ("notifications", "NotifyOnEventQueue"),
    ],
    "order.cancelled": [("inventory", "ReleaseStockQueue"), ("payments", "RefundPaymentQueue")],
}


def stored_events(shop, service, partition):
    found = shop.stack.client("dynamodb").query(
        TableName=shop.stack.table(service),
        KeyConditionExpression="PK = :pk AND begins_with(SK, :event)",
        ExpressionAttributeValues={":pk": {"S": partition}, ":event": {"S": "EVENT#"}},
        ConsistentRead=True,
    )
    return [envelope_of(from_item(item)) for item in found["Items"]]


def deliver(shop, service, queue, event):
    """Send an event to one consumer's queue, as its rule would."""
    message = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": event.type,
        "source": "tradewind.test",
        "detail": detail_of(event),
    }
    url = shop.stack.queue_url(service, queue)
    shop.stack.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(message))


def drained(shop, service, queue):
    url = shop.stack.queue_url(service, queue)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def waiting():
        known = shop.stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(known["Attributes"][name]) for name in names)

    eventually(waiting, lambda count: count == 0, f"{queue} is drained")


def test_every_event_again_three_times_in_any_order_changes_nothing(shop, customer, product):
    mug = product(stock=10, price=500)
    paid = customer.place((mug, 2)).json()["data"]["id"]
    cancelled = customer.place((mug, 1)).json()["data"]["id"]
    for order_id in (paid, cancelled):
        customer.settled(order_id)
    customer.post(f"/api/v1/orders/{cancelled}/cancel")
    shop.stock_becomes(mug, available=8, reserved=0, sold=2)
    eventually(
        lambda: len(customer.data("/api/v1/notifications")["items"]),
        lambda count: count >= 4,
        "welcome, two completions and a cancellation",
    )
    eventually(
        lambda: customer.data(f"/api/v1/payments/{cancelled}")["status"],
        "refunded".__eq__,
        "the refund",
    )

    def everything():
        return (
            shop.stock_of(mug),
            [customer.order(each) for each in (paid, cancelled)],
            [customer.data(f"/api/v1/payments/{each}") for each in (paid, cancelled)],
            customer.data("/api/v1/notifications")["items"],
            {s: shop.item_count(s) for s in ("orders", "inventory", "payments", "notifications")},
            len([mail for mail in shop.stack.mails() if customer.email in str(mail)]),
        )

    before = everything()
    events = [
        event
        for order_id in (paid, cancelled)
        for service, kind in (
            ("orders", "Order"),
            ("inventory", "Reservation"),
            ("payments", "Payment"),
        )
        for event in stored_events(shop, service, f"{kind}#{order_id}")
    ]
    again = [event for event in events if event.type in CONSUMERS] * 3
    random.Random(7).shuffle(again)
    assert {event.type for event in again} == set(CONSUMERS)
    for event in again:
        for service, queue in CONSUMERS[event.type]:
            deliver(shop, service, queue, event)
    for targets in CONSUMERS.values():
        for service, queue in targets:
            drained(shop, service, queue)
    assert everything() == before


def test_poison_ends_in_the_dead_letter_queue_while_its_neighbours_go_through(
    shop, customer, product
):
    sqs = shop.stack.client("sqs")
    url = shop.stack.queue_url("inventory", "ReserveStockQueue")
    dead = shop.stack.queue_url("inventory", "ReserveStockDeadLetterQueue")
    poison = json.dumps({"detail": {"id": "poison", "type": "order.placed"}})
    sqs.send_message(QueueUrl=url, MessageBody="this is not JSON")
    sqs.send_message(QueueUrl=url, MessageBody=poison)
    mug = product(stock=3)
    orders = [customer.place((mug, 1)).json()["data"]["id"] for _ in range(3)]
    for order_id in orders:
        assert customer.settled(order_id)["outcome"] == "completed"

    found: set[str] = set()

    def dead_letters():
        answer = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)
        found.update(message["Body"] for message in answer.get("Messages", []))
        return found

    eventually(dead_letters, lambda bodies: len(bodies) == 2, "both are dead letters", seconds=120)
    assert found == {"this is not JSON", poison}
    shop.stock_becomes(mug, available=0, reserved=0, sold=3)
