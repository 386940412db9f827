"""A summary is the sum over the orders, however their updates arrive."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.customers.domain.order_facts import OrderFacts
from shared.customers.domain.order_update import End, OrderUpdate
from shared.customers.domain.summary import CustomerSummary

pytestmark = pytest.mark.row("CQR-04")

Life = tuple[int, str, tuple[End, ...]]
LIVES = st.tuples(
    st.integers(1, 900),
    st.sampled_from(("EUR", "GBP")),
    st.sampled_from(
        [(), (End.COMPLETED,), (End.FAILED,), (End.CANCELLED,), (End.COMPLETED, End.CANCELLED)]
    ),
)


def updates_of(lives: Sequence[Life]) -> list[OrderUpdate]:
    """Return the updates of orders with these lives, in their true order."""
    found, moment = [], 0
    for number, (amount, currency, ends) in enumerate(lives):
        placed: list[tuple[tuple[int, str] | None, End | None]] = [((amount, currency), None)]
        for total, end in placed + [(None, end) for end in ends]:
            moment += 1
            at = f"2026-01-01T00:00:{moment:02d}.000Z"
            found.append(
                OrderUpdate(customer_id="c", order_id=f"o-{number}", at=at, placed=total, end=end)
            )
    return found


def summed(updates: Sequence[OrderUpdate]) -> CustomerSummary:
    known: dict[str, OrderFacts] = {}
    summary = CustomerSummary(customer_id="c")
    for each in updates:
        before = known.get(each.order_id, OrderFacts())
        now = before.with_update(each)
        if now != before:
            known[each.order_id] = now
            summary = summary.after(before, now, at=each.at)
    return summary


@given(st.lists(LIVES, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_the_news_give_the_same(
    lives: list[Life], chance: random.Random
) -> None:
    updates = updates_of(lives)
    shuffled = updates + chance.choices(updates, k=len(updates)) if updates else []
    chance.shuffle(shuffled)
    assert summed(shuffled) == summed(updates)


@given(st.lists(LIVES, max_size=6))
def test_the_sums_are_those_of_the_orders(lives: list[Life]) -> None:
    summary = summed(updates_of(lives))
    sold = [life for life in lives if life[2] == (End.COMPLETED,)]
    assert summary.orders == len(lives)
    assert summary.completed == len(sold)
    assert summary.cancelled == sum(End.CANCELLED in ends for *_, ends in lives)
    assert summary.failed == sum(End.FAILED in ends for *_, ends in lives)
    assert summary.open == sum(not ends for *_, ends in lives)
    for currency in ("EUR", "GBP"):
        spent = sum(amount for amount, paid_in, _ in sold if paid_in == currency)
        assert summary.spent.get(currency, 0) == spent


def test_times() -> None:
    summary = summed(updates_of([(1, "EUR", (End.COMPLETED,)), (1, "EUR", ())]))
    assert (summary.first_order_at, summary.last_order_at, summary.as_of) == (
        "2026-01-01T00:00:01.000Z",
        "2026-01-01T00:00:03.000Z",
        "2026-01-01T00:00:03.000Z",
    )


def test_an_order_that_was_only_heard_to_end_does_not_count_yet() -> None:
    updates = updates_of([(5, "EUR", (End.COMPLETED,))])
    assert summed(updates[1:]).orders == 0
    facts = OrderFacts().with_update(updates[1])
    assert OrderFacts.from_data(facts.to_data()) == facts
