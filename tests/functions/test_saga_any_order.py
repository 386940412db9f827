"""However its events come, an order ends, and money, stock and news agree with how it ended.

Random orders of delivery, duplicates, containers side by side that meet at their writes, and
containers killed before and after each write; cancellations and adjustments in between.
"""

from collections import Counter
from typing import Any

import pytest

from shared.inventory.domain.reservation import Reservation, ReservationStatus
from shared.payments.use_cases.refund_payment import RefundPayment, RefundPaymentHandler
from tests.conftest import TableFactory
from tests.support.saga_containers import TABLES
from tests.support.saga_story import Story
from tests.support.tables import Table

SEEDS = 8


def check(story: Story) -> None:
    """Hold everything that is stored to what was promised."""
    sold: Counter[str] = Counter()
    for order_id in story.orders:
        order = state(story, "orders", f"Order#{order_id}")
        outcome = order["outcome"]
        assert outcome != "in_progress"
        held = state(story, "inventory", f"Reservation#{order_id}")
        ledger = story.tables["gateway"].get(f"CHARGE#{order_id}", "CHARGE")
        net = ledger["captured"] - ledger["refunded"] if ledger else 0
        types = Counter(event["type"] for event in events_of(story, order_id))
        assert max(types.values()) == 1, types
        if outcome == "completed":
            assert net == order["total"]["amount"]
            assert held["status"] == "committed"
            assert types["payment.succeeded"] == 1
            sold.update({line["product_id"]: line["quantity"] for line in order["lines"]})
        else:
            assert net == 0
            assert held["status"] in ("released", "rejected")
        payment = story.tables["payments"].get(f"Payment#{order_id}", "STATE")
        assert (payment is not None and payment["status"] == "succeeded") == (net != 0)
    for product_id in story.products:
        stock = state(story, "inventory", f"Stock#{product_id}")
        assert stock["received"] == story.received[product_id]
        assert (stock["sold"], stock["reserved"]) == (sold[product_id], 0)
        assert stock["available"] == stock["received"] - stock["sold"] >= 0


def check_news(story: Story) -> None:
    """Every event was handled by every consumer, and the customer told of each once."""
    told = Counter()
    for name, message in story.cloud.published:
        event_id = message["detail"]["id"]
        context = name.partition(".")[0]
        assert story.tables[context].get(f"INBOX#{name}#{event_id}", "INBOX"), (name, event_id)
        if name == "notifications.notify_on_event":
            assert story.tables[context].get(f"Notification#{event_id}", "STATE")
            told[event_id] += 1
    assert set(told.values()) == {1}


def state(story: Story, context: str, pk: str) -> dict[str, Any]:
    """Return a state item that has to be there."""
    item = story.tables[context].get(pk, "STATE")
    assert item is not None, pk
    return item


def events_of(story: Story, order_id: str) -> list[dict[str, Any]]:
    """Return what has happened to an order, its reservation and its payment."""
    return [
        message["detail"]
        for message in {each["detail"]["id"]: each for _, each in story.cloud.published}.values()
        if message["detail"]["data"].get("order_id") == order_id
    ]


@pytest.fixture
def tables(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> dict[str, Table]:
    """A table for every context of the saga, and the gateway's ledger."""
    tables = {context: make_table() for context in TABLES}
    monkeypatch.setenv("TABLE_NAME", tables["orders"].name)  # where errors are reported
    monkeypatch.setenv("SANDBOX_TABLE_NAME", tables["gateway"].name)
    monkeypatch.setenv("SENDER_EMAIL", "shop@tradewind.example")
    monkeypatch.setenv("SALES_EMAIL", "sales@tradewind.example")
    return tables


@pytest.mark.row("EVT-04")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_the_cloud_does_the_saga_ends_in_agreement(tables, seed):
    story = Story(tables, seed)
    story.play()
    check(story)
    check_news(story)


def release_what_is_reserved(self: Reservation, *, reason: str) -> Any:
    """Leave no tombstone, and what was sold sold."""
    if self.status is not ReservationStatus.RESERVED:
        return {}
    return RELEASE(self, reason=reason)


def refund_what_is_recorded(self: RefundPaymentHandler, command: RefundPayment) -> None:
    """Leave no tombstone, and the gateway alone, where there is no payment yet."""
    with self.uow as uow:
        if uow.payments.find(command.order_id) is None:
            uow.commit()
            return
    REFUND(self, command)


BUGS = {
    "a release before its reservation is lost": (Reservation, "release", release_what_is_reserved),
    "a refund before its charge is lost": (
        RefundPaymentHandler,
        "__call__",
        refund_what_is_recorded,
    ),
}
RELEASE, REFUND = (getattr(owner, name) for owner, name, _ in BUGS.values())


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_shows(tables, monkeypatch, name):
    monkeypatch.setattr(*BUGS[name])
    with pytest.raises(AssertionError):
        play_until_something_is_wrong(tables)


def play_until_something_is_wrong(tables: dict[str, Table]) -> None:
    """Play stories; `AssertionError` for the first that ends in disagreement."""
    for seed in range(100):
        story = Story(tables, seed)
        story.play()
        check(story)
