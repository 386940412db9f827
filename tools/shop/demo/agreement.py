"""Whether order, stock, payment and notification tell the same story."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.shop.api_client.models import HistoryEvent, Notification, Order, Payment, Stock
from tools.shop.demo.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What each part of the system says in the end.

    *notifications* and *mails* are those about this order; a mail is its subject.
    """

    order: Order
    events: Sequence[HistoryEvent]
    before: Stock
    after: Stock
    payment: Payment | None
    notifications: Sequence[Notification]
    mails: Sequence[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact beside what it must be."""

    about: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.found


def findings(story: Story, facts: Facts) -> list[Finding]:
    """Hold *facts* against *story*."""
    return list(_findings(story, facts))


def _findings(story: Story, facts: Facts) -> Iterator[Finding]:
    order, events = facts.order, facts.events
    yield Finding("outcome", story.outcome, order.outcome)
    yield Finding("status", story.status, order.status)
    of_order = [event.type for event in events if event.type.startswith("order.")]
    yield Finding("last event", story.last_event, of_order[-1] if of_order else "none")
    numbers = [event.version for event in events]
    yield Finding("events without a gap", _list(range(1, len(events) + 1)), _list(numbers))
    yield Finding("stock", _stock(_expected_stock(story, facts)), _stock(facts.after))
    yield Finding("payment", *_payments(story, facts))
    kinds = [notification.kind for notification in facts.notifications]
    yield Finding("notification", story.notification, ", ".join(kinds) or "none")
    subjects = [notification.subject for notification in facts.notifications]
    yield Finding("e-mail", ", ".join(subjects) or "one", ", ".join(facts.mails) or "none")


def _expected_stock(story: Story, facts: Facts) -> Stock:
    sold = sum(line.quantity for line in facts.order.lines) if story.sells else 0
    before = facts.before
    changed = {"available": before.available - sold, "sold": before.sold + sold}
    return before.model_copy(update=changed)


def _payments(story: Story, facts: Facts) -> tuple[str, str]:
    due = facts.order.total.amount if story.sells else 0
    expected = f"{story.payment}, net {due}" if story.payment else "none"
    payment = facts.payment
    return expected, f"{payment.status}, net {payment.net_amount}" if payment else "none"


def _stock(stock: Stock) -> str:
    return f"{stock.available} available, {stock.reserved} reserved, {stock.sold} sold"


def _list(numbers: Sequence[int]) -> str:
    return " ".join(str(number) for number in numbers) or "none"
