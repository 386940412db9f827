"""Whatever the saga's messages do on their way, the order ends where the world ended.

The world decides once: the goods were there or not, the payment was captured or declined. Its
messages then come in any order, any number of times, with cancellations in between.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.kernel.errors import InvalidState
from shared.kernel.events import DomainEvent
from shared.kernel.money import Money
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.events import ORDER_EVENTS
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import OrderLine
from shared.orders.domain.status import CANCELLABLE, CancelledBy, OrderOutcome, OrderStatus

CUSTOMER = CancelledBy.CUSTOMER

T0 = datetime(2026, 1, 1, tzinfo=UTC)
WORLDS = {
    "captured": (["reserved", "succeeded"], OrderStatus.PAID),
    "declined": (["reserved", "declined"], OrderStatus.PAYMENT_FAILED),
    "out of stock": (["rejected"], OrderStatus.REJECTED),
}
MOVES = {
    "reserved": lambda order, at: order.record_reservation(at=at),
    "succeeded": lambda order, at: order.complete(payment_id="payment-1", at=at),
    "declined": lambda order, at: order.fail_payment(reason="no", message="No.", at=at),
    "rejected": lambda order, at: order.reject(
        {"reason": "out_of_stock", "message": "None left.", "shortages": []}, at=at
    ),
}
_CLASSES = {event.type: event for event in ORDER_EVENTS}


def place() -> Order:
    line = OrderLine(
        product_id="product-1", mnemonic="TEAPOT", quantity=2, unit_price=Money(5, "GBP")
    )
    return Order.place(
        "order-1", customer_id="customer-1", lines=[line], payment_method="pm_x", at=T0
    )


def rebuilt(order: Order, times: list[datetime]) -> Order:
    """Return the order made anew from its events, as stored: through plain JSON values."""
    stored = [(event.type, event.to_data()) for event in order.pending_events]
    history: list[tuple[DomainEvent, datetime]] = [
        (_CLASSES[kind].from_data(data), at)
        for (kind, data), at in zip(stored, times, strict=True)
    ]
    return Order.rebuild(order.id, history)


@given(
    world=st.sampled_from(sorted(WORLDS)),
    shuffle=st.randoms(use_true_random=False),
    copies=st.integers(1, 3),
)
def test_without_a_cancellation_the_end_is_the_worlds(
    world: str, shuffle: Any, copies: int
) -> None:
    messages, end = WORLDS[world]
    deliveries = messages * copies
    shuffle.shuffle(deliveries)
    order = place()
    for message in deliveries:
        MOVES[message](order, T0)
    assert order.status is end


class SagaInAnyOrder(RuleBasedStateMachine):
    """Delivers a world's messages in any order, repeatedly, and cancels when it likes."""

    @initialize(world=st.sampled_from(sorted(WORLDS)))
    def begin(self, world: str) -> None:
        self.messages, self.end = WORLDS[world]
        self.heard: set[str] = set()
        self.now = T0
        self.order = place()
        self.times = [T0]
        self.was_cancelled = False

    @rule(choice=st.integers(0, 1))
    def deliver(self, choice: int) -> None:
        message = self.messages[choice % len(self.messages)]
        final = self.order.status.outcome is not OrderOutcome.IN_PROGRESS
        before = self.order.version
        self._move(lambda at: MOVES[message](self.order, at))
        if final or message in self.heard:
            assert self.order.version == before
        self.heard.add(message)

    @rule()
    def cancel(self) -> None:
        current = self.order.status
        if current in CANCELLABLE:
            self._cancel()
            self.was_cancelled = True
            return
        with pytest.raises(InvalidState) as refused:
            self._cancel()
        assert refused.value.current == current.value

    @precondition(lambda self: set(self.messages) <= self.heard)
    @rule()
    def everything_was_heard(self) -> None:
        if self.was_cancelled:
            assert self.order.status is OrderStatus.CANCELLED
        else:
            assert self.order.status is self.end

    @invariant()
    def the_end_was_published_once(self) -> None:
        published = [event.type for event in self.order.pending_events]
        assert len(published) == len(set(published)), "nothing happens to an order twice"
        assert ("order.cancelled" in published) == self.was_cancelled
        assert ("order.completed" in published) == ("order.paid" in published)
        failed = self.order.status is OrderStatus.PAYMENT_FAILED
        assert ("inventory.release_requested" in published) == failed
        outcomes = {"order.completed", "order.failed"} & set(published)
        assert len(outcomes) <= 1

    @invariant()
    def the_events_are_the_truth(self) -> None:
        again = rebuilt(self.order, self.times)
        assert OrderDetails.of(again) == OrderDetails.of(self.order)
        assert again.committed_version == self.order.version

    def _cancel(self) -> None:
        self._move(lambda at: self.order.cancel(by=CUSTOMER, reason="why not", at=at))

    def _move(self, move: Any) -> None:
        self.now += timedelta(seconds=1)
        before = self.order.version
        move(self.now)
        self.times += [self.now] * (self.order.version - before)


TestSagaInAnyOrder = SagaInAnyOrder.TestCase
