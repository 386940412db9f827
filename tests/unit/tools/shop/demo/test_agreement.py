"""Everything that may disagree in the demo is noticed."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from tools.shop.api_client.models import (
    Failure,
    HistoryEvent,
    Notification,
    Order,
    OrderLine,
    Payment,
    Price,
    Stock,
)
from tools.shop.demo.agreement import Facts, findings
from tools.shop.demo.stories import STORIES, Story

PAID, DECLINED, BEYOND_STOCK = STORIES
TEN = Price(amount=1000, currency="EUR")
NOTHING = Price(amount=0, currency="EUR")
BEFORE = Stock(product_id="p", available=8, reserved=0, sold=2, received=10)
SOLD_TWO = Stock(product_id="p", available=6, reserved=0, sold=4, received=10)


def _events(*types: str) -> list[HistoryEvent]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        HistoryEvent(type=type_, version=version, occurred_at=at, data={})
        for version, type_ in enumerate(types, start=1)
    ]


def _facts(story: Story) -> Facts:
    """What a system in order says."""
    facts: dict[str, dict[str, Any]] = {
        PAID.title: {
            "events": _events("order.placed", "order.reserved", "order.paid", "order.completed"),
            "after": SOLD_TWO,
            "payment": Payment(order_id="o", status="succeeded", net=TEN),
        },
        DECLINED.title: {
            "events": _events("order.placed", "order.failed", "inventory.release_requested"),
            "after": BEFORE,
            "payment": Payment(order_id="o", status="failed", net=NOTHING),
        },
        BEYOND_STOCK.title: {
            "events": _events("order.placed", "order.failed"),
            "after": BEFORE,
            "payment": None,
        },
    }
    half = Price(amount=500, currency="EUR")
    line = OrderLine(product_id="p", quantity=2, unit_price=half)
    return Facts(
        order=Order(
            id="o",
            status=story.status,
            outcome=story.outcome,
            lines=[line],
            total=TEN,
            failure=None if story.sells else Failure(reason="why"),
        ),
        before=BEFORE,
        notifications=[Notification(id="n", kind=story.notification, subject="S", body="o")],
        mails=["S"],
        **facts[story.title],
    )


def _disagreements(story: Story, facts: Facts) -> list[str]:
    return [finding.about for finding in findings(story, facts) if not finding.agrees]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_a_system_in_order_agrees(story: Story) -> None:
    assert _disagreements(story, _facts(story)) == []


OTHER_ORDER = {"status": "pending", "outcome": "in_progress"}
TWICE = [Notification(id=id_, kind="order_completed", subject="S", body="o") for id_ in "ab"]
WRONG_KIND = [Notification(id="n", kind="order_failed", subject="S", body="o")]


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        ({"after": BEFORE}, ["stock"]),
        ({"after": SOLD_TWO.model_copy(update={"reserved": 1})}, ["stock"]),
        ({"payment": None}, ["payment"]),
        ({"payment": Payment(order_id="o", status="succeeded", net=NOTHING)}, ["payment"]),
        ({"payment": Payment(order_id="o", status="refunded", net=TEN)}, ["payment"]),
        ({"notifications": []}, ["notification", "e-mail"]),
        ({"notifications": TWICE}, ["notification", "e-mail"]),
        ({"notifications": WRONG_KIND}, ["notification"]),
        ({"mails": []}, ["e-mail"]),
        ({"mails": ["S", "S"]}, ["e-mail"]),
        ({"mails": ["T"]}, ["e-mail"]),
        ({"events": []}, ["last event"]),
        ({"events": _events("order.placed", "order.paid")}, ["last event"]),
    ],
    ids=[
        "not sold",
        "still reserved",
        "no payment",
        "nothing captured",
        "another status",
        "not notified",
        "notified twice",
        "notified of something else",
        "no mail",
        "two mails",
        "another mail",
        "no events",
        "not completed",
    ],
)
def test_a_planted_disagreement_is_noticed(changed: dict[str, Any], noticed: list[str]) -> None:
    facts = dataclasses.replace(_facts(PAID), **changed)
    assert _disagreements(PAID, facts) == noticed


def test_an_order_that_does_not_end_is_noticed() -> None:
    facts = _facts(PAID)
    stuck = facts.order.model_copy(update=OTHER_ORDER)
    noticed = _disagreements(PAID, dataclasses.replace(facts, order=stuck))
    assert noticed == ["outcome", "status"]


def test_goods_of_a_failed_order_that_are_gone_are_noticed() -> None:
    gone = dataclasses.replace(_facts(DECLINED), after=SOLD_TWO)
    assert _disagreements(DECLINED, gone) == ["stock"]


def test_a_gap_in_the_history_is_noticed() -> None:
    facts = _facts(PAID)
    gap = [event for event in facts.events if event.type != "order.reserved"]
    noticed = _disagreements(PAID, dataclasses.replace(facts, events=gap))
    assert noticed == ["events without a gap"]
