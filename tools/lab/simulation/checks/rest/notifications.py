"""Customers heard of everything that concerns them, and not again once it was on record."""

from collections.abc import Iterator
from typing import Any

from tools.lab.simulation.checks.books import Books, version_of
from tools.lab.simulation.checks.facts import STATE, Item
from tools.lab.simulation.checks.violation import broken, require

NOTIFIED = "notifications: a customer is notified of everything that concerns them"
SENT = "notifications: what is called sent was sent"
PAST = "notifications: who knows what an order is does not hear what it was"
AGAIN = "notifications: what is on record is not sent again"

LARGE = "notifications: sales hears of large orders that are complete, and of no others"

_CONSUMER, _SALES = "notifications.notify_on_event", "notifications.notify_sales"
_THRESHOLD = 2_000
"""Of the run's currency; see `tools.lab.simulation.world.templates`."""


def check(world: Any, books: Books) -> None:
    """Hold the notifications on record to the events, and the mails to the notifications."""
    _all_notified(world, books)
    by_invocation = {delivery.invocation: delivery for delivery in world.deliveries}
    _sales(books)
    for mail in world.mails:
        if by_invocation[mail.invocation].consumer == _SALES:
            continue
        _not_again(books, mail, by_invocation[mail.invocation])
        _not_past(books, mail, by_invocation[mail.invocation])


def _all_notified(world: Any, books: Books) -> None:
    rules = [each for each in world.subscriptions if each.consumer == _CONSUMER]
    sent = [(mail.to, mail.subject) for mail in world.mails]
    for event in books.events:
        envelope = {
            "source": f"tradewind.{event['context']}",
            "detail-type": event["type"],
            "detail": event,
        }
        if not any(rule.matches(envelope) for rule in rules):
            continue
        name = f"{event['type']} {event['event_id']}"
        record = books.state("notifications", "Notification", event["event_id"])
        if record is None and any(_later(books, event)):
            continue
        require(record is not None, NOTIFIED, f"nobody was notified of {name}")
        assert record is not None
        data = event["data"]
        whom = data.get("customer_id") or data["user_id"]
        require(record["user_id"] == whom, NOTIFIED, f"{name} went to {record['user_id']}")
        contact: Any = books.state("notifications", "Contact", whom)
        if {"channel": "email", "status": "sent"} in record["channels"]:
            mail = contact["email"], record["subject"]
            require(mail in sent, SENT, f"{name} went to {mail}, says the record; it did not")
            sent.remove(mail)


def _sales(books: Books) -> None:
    """Hold what sales was told to the orders that were completed."""
    told = {each["id"] for each in books.states("notifications", "LargeOrder")}
    for event in books.events:
        if event["type"] == "order.completed":
            order_id, total = event["data"]["order_id"], event["data"]["total"]["amount"]
            due = total > _THRESHOLD
            name = f"{order_id} over {total}: {order_id in told}"
            right = (order_id in told) == due or (due and any(_later(books, event)))
            require(right, LARGE, name)
            told.discard(order_id)
    require(not told, LARGE, f"{told} were never complete")


def _later(books: Books, event: Item) -> Iterator[str]:
    """Yield the notifications there are of what happened to the same order later."""
    if event["context"] == "orders":
        for other in books.history("orders", "Order", event["data"]["order_id"]):
            told = books.state("notifications", "Notification", other["event_id"])
            if version_of(other["SK"]) > version_of(event["SK"]) and told is not None:
                yield other["event_id"]


def _not_past(books: Books, mail: Any, delivery: Any) -> None:
    """A mail tells nothing that was over, as its reader knew when its delivery began."""
    events = {event["event_id"]: event for event in books.events}
    about = [
        events[event_id]
        for event_id in delivery.event_ids
        if (told := books.state("notifications", "Notification", event_id)) is not None
        and told["subject"] == mail.subject
    ]
    over = [
        event
        for event in about
        for later in _later(books, event)
        if books.existed_at("notifications", "Notification", later, delivery.started)
    ]
    require(not about or len(over) < len(about), PAST, f"{mail} in {delivery}: {over}")


def _not_again(books: Books, mail: Any, delivery: Any) -> None:
    """A mail belongs to an event of its delivery that was not on record when that started."""
    for event_id in delivery.event_ids:
        first = books.items.get(("notifications", f"Notification#{event_id}", STATE))
        existed = books.existed_at("notifications", "Notification", event_id, delivery.started)
        if first is None or (first["subject"] == mail.subject and not existed):
            return
    broken(AGAIN, f"{mail} in {delivery}")
