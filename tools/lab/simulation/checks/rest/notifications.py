"""Customers heard of everything that concerns them, as far as each kind of mail promises."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tools.lab.simulation.checks import rules
from tools.lab.simulation.checks.books import Books, version_of
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.flags import ALERTS, Flags
from tools.lab.simulation.checks.violation import broken, require
from tools.lab.simulation.world.faults import Fault

NOTIFIED = "notifications: a customer is notified of everything that concerns them"
ARRIVED = "notifications: what must arrive arrives"
SENT = "notifications: what is called sent was sent"
ONCE = "notifications: what must not repeat comes once at most"
PAST = "notifications: who knows what an order is does not hear what it was"
AGAIN = "notifications: what is on record is not sent again"
EARLY = "notifications: what may have arrived is not sent again before a quarter of an hour"

LARGE = "notifications: sales hears of large orders that are complete, and of no others"

_CONSUMER = "notifications.notify_on_event"
_SALES = "notifications.notify_sales"
_THRESHOLDS = {"EUR": 2_000, "GBP": 100_000}
"""In minor units, by currency; of another every order is large: see the world's intrinsics."""
_MUST_ARRIVE = frozenset({"order_completed", "order_failed", "order_cancelled"})
_OVER = frozenset({"sent", "failed", "unknown", "withdrawn"})
_WAITS = 15 * 60.0
_LATE = 60.0
"""How much later than its call a mail may be sent, and be accounted for."""


def check(world: Any, books: Books, flags: Flags) -> None:
    """Hold the notifications on record to the events, and the mails to the notifications."""
    _all_notified(world, books)
    _sales(world, books, flags)
    by_invocation = {delivery.invocation: delivery for delivery in world.deliveries}
    for mail in world.mails:
        if by_invocation[mail.invocation].consumer == _SALES:
            continue
        _not_again(books, mail, by_invocation[mail.invocation])
        _not_past(books, mail, by_invocation[mail.invocation])
    _not_early(world)


def _events_for(consumer: str, books: Books) -> list[Item]:
    return [event for event in books.events if consumer in rules.consumers(event)]


def _all_notified(world: Any, books: Books) -> None:
    sent: Counter[tuple[str, str]] = Counter()
    for mail in world.mails:
        sent[mail.to, mail.subject] += 1
    for event in _events_for(_CONSUMER, books):
        name = f"{event['type']} {event['event_id']}"
        record = books.state("notifications", "Notification", event["event_id"])
        over = any(_later(books, event))
        if record is None and over:
            continue
        require(record is not None, NOTIFIED, f"nobody was notified of {name}")
        assert record is not None
        data = event["data"]
        whom = data.get("customer_id") or data["user_id"]
        require(record["user_id"] == whom, NOTIFIED, f"{name} went to {record['user_id']}")
        contact: Any = books.state("notifications", "Contact", whom)
        times = sent[contact["email"], _subject(record)]
        statuses = [c["status"] for c in record["channels"] if c["channel"] == "email"]
        if not statuses:  # the flag was off for them: `flags` has seen to that
            require(record["kind"] not in _MUST_ARRIVE or not times, SENT, f"{name} was sent")
            continue
        (status,) = statuses
        require(status in _OVER, NOTIFIED, f"{name} is {status} for ever")
        if status == "withdrawn":
            require(over, ARRIVED, f"{name} was withdrawn, and nothing came after it")
        elif record["kind"] in _MUST_ARRIVE:
            require(status == "sent" and times > 0, ARRIVED, f"{name} is {status}, {times} sent")
        else:
            require(times <= 1, ONCE, f"{name} was sent {times} times")
        require(status != "sent" or times > 0, SENT, f"{name} is on record as sent; it was not")


def _sales(world: Any, books: Books, flags: Flags) -> None:
    """Hold what sales was told to the orders that were completed."""
    records = books.states("notifications", "LargeOrder")
    told = {each["id"] for each in records if each["delivery"]["status"] == "sent"}
    sent = [mail.subject for mail in world.mails]
    for order_id in told:
        arrived = any(subject.endswith(_reference(order_id)) for subject in sent)
        require(arrived, ARRIVED, f"sales never heard of {order_id}")
    for event in books.events:
        if event["type"] == "order.completed":
            order_id, total = event["data"]["order_id"], event["data"]["total"]
            due = total["amount"] > _THRESHOLDS.get(total["currency"], 0)
            name = f"{order_id} over {total}: {order_id in told}"
            silent = any(_later(books, event)) or flags.may_be_off(ALERTS)
            right = (order_id in told) == due or (due and silent)
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
        and _subject(told) == mail.subject
    ]
    over = [
        event
        for event in about
        for later in _later(books, event)
        if books.existed_at("notifications", "Notification", later, delivery.started)
    ]
    require(not about or len(over) < len(about), PAST, f"{mail} in {delivery}: {over}")


def _not_again(books: Books, mail: Any, delivery: Any) -> None:
    """A mail belongs to an event of its delivery that was not at its end when that started."""
    for event_id in delivery.event_ids:
        states = books.shown_since("notifications", "Notification", event_id, delivery.started)
        if not states or _subject(states[-1]) != mail.subject:
            continue
        existed = books.existed_at("notifications", "Notification", event_id, delivery.started)
        statuses = {c["status"] for c in states[0]["channels"] if c["channel"] == "email"}
        if not existed or not statuses & _OVER:
            return
    broken(AGAIN, f"{mail} in {delivery}")


def _not_early(world: Any) -> None:
    """Two mails of one reference are as far apart as an attempt of which nothing is known."""
    if world.faults.counts[Fault.CLOCK_JUMP]:
        return  # a container that is an hour ahead has waited, by its own clock
    before: dict[str, float] = {}
    for mail in world.mails:
        if mail.subject.endswith("]"):
            since = mail.sent_at - before.get(mail.subject, -_WAITS)
            require(since >= _WAITS - _LATE, EARLY, f"{mail} after {since:.0f} seconds")
            before[mail.subject] = mail.sent_at


def _subject(record: Item) -> str:
    subject = str(record["subject"])
    return f"{subject} {_reference(record['id'])}" if record["kind"] in _MUST_ARRIVE else subject


def _reference(id: str) -> str:
    return f"[{id.replace('-', '')[-8:].upper()}]"
