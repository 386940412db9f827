"""The order's state machine, move by move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import to_iso
from shared.kernel.errors import InvalidState, ValidationFailed
from shared.kernel.events import DomainEvent
from shared.kernel.money import MAX_AMOUNT, Money
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import (
    CancellationPeriodOver,
    CurrenciesDiffer,
    PaymentMethodRequired,
)
from shared.orders.domain.events import (
    InventoryReleaseRequested,
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    OrderPaid,
    OrderPlaced,
)
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import OrderLine
from shared.orders.domain.status import CANCELLABLE, CancelledBy, OrderOutcome, OrderStatus

CUSTOMER = CancelledBy.CUSTOMER

T0 = datetime(2026, 1, 1, tzinfo=UTC)
T1 = T0 + timedelta(seconds=1)


def line(quantity: int = 2, price: int = 1_295, currency: str = "GBP") -> OrderLine:
    return OrderLine(
        product_id=f"product-{price}",
        mnemonic="TEAPOT",
        quantity=quantity,
        unit_price=Money(price, currency),
    )


def pending() -> Order:
    order = Order.place(
        "order-1",
        customer_id="customer-1",
        lines=[line(), line(1, 5)],
        payment_method="pm_card_visa",
        at=T0,
    )
    order.mark_committed()
    return order


def reserved() -> Order:
    return after(pending(), lambda order: order.record_reservation(at=T1))


def paid() -> Order:
    return after(pending(), lambda order: order.complete(payment_id="payment-1", at=T1))


def cancelled() -> Order:
    return after(pending(), lambda order: order.cancel(by=CUSTOMER, reason="why not", at=T1))


def payment_failed() -> Order:
    return after(pending(), lambda order: order.fail_payment(reason="no", message="No.", at=T1))


def rejected() -> Order:
    return after(pending(), lambda order: order.reject(OUT_OF_STOCK, at=T1))


OUT_OF_STOCK = {"reason": "out_of_stock", "message": "None left.", "shortages": []}
FINAL = [paid, cancelled, payment_failed, rejected]
CHANGES: dict[str, Callable[[Order], None]] = {
    "inventory.reserved": lambda order: order.record_reservation(at=T1),
    "payment.succeeded": lambda order: order.complete(payment_id="payment-2", at=T1),
    "payment.failed": lambda order: order.fail_payment(reason="no", message="No.", at=T1),
    "inventory.rejected": lambda order: order.reject(OUT_OF_STOCK, at=T1),
}


def after(order: Order, move: Callable[[Order], None]) -> Order:
    move(order)
    order.mark_committed()
    return order


def recorded(order: Order) -> list[type[DomainEvent]]:
    return [type(event) for event in order.pending_events]


def test_a_placed_order_has_its_total_and_one_event() -> None:
    order = Order.place(
        "order-1",
        customer_id="customer-1",
        lines=[line(2, 1_295), line(3, 5)],
        payment_method="pm_card_visa",
        at=T0,
    )
    assert order.total == {"amount": 2_605, "currency": "GBP"}
    assert (order.status, order.version, order.committed_version) == (OrderStatus.PENDING, 1, 0)
    assert (order.placed_at, order.updated_at) == (T0, T0)
    (event,) = order.pending_events
    assert isinstance(event, OrderPlaced)
    assert [each["total"]["amount"] for each in event.lines] == [2_590, 15]


def test_one_order_has_one_currency() -> None:
    with pytest.raises(CurrenciesDiffer) as refused:
        Order.place(
            "order-1",
            customer_id="customer-1",
            lines=[line(), line(currency="EUR")],
            payment_method="pm_card_visa",
            at=T0,
        )
    assert refused.value.details == {"currencies": ["EUR", "GBP"]}


def test_a_total_stays_within_what_money_holds() -> None:
    with pytest.raises(ValidationFailed):
        Order.place(
            "order-1",
            customer_id="customer-1",
            lines=[line(1, MAX_AMOUNT), line(1, 1)],
            payment_method="pm_card_visa",
            at=T0,
        )


def test_a_pending_order_is_reserved() -> None:
    order = pending()
    order.record_reservation(at=T1)
    assert (order.status, order.updated_at) == (OrderStatus.RESERVED, T1)
    (event,) = order.pending_events
    assert (event.type, event.schema_version) == ("order.reserved", 2)
    assert event.to_data() == {
        "order_id": "order-1",
        "customer_id": "customer-1",
        "total": {"amount": 2_595, "currency": "GBP"},
        "payment_method": "pm_card_visa",
    }


def free() -> Order:
    order = Order.place(
        "order-1",
        customer_id="customer-1",
        lines=[line(3, 0), line(1, 0)],
        payment_method=None,
        at=T0,
    )
    order.mark_committed()
    return order


@pytest.mark.parametrize("named", [None, "pm_card_visa"])
def test_an_order_over_nothing_keeps_no_payment_method(named: str | None) -> None:
    order = Order.place(
        "order-1", customer_id="customer-1", lines=[line(2, 0)], payment_method=named, at=T0
    )
    assert order.payment_method is None
    (event,) = order.pending_events
    assert (event.schema_version, event.to_data()["payment_method"]) == (2, None)


def test_an_order_over_something_names_what_it_is_paid_with() -> None:
    with pytest.raises(PaymentMethodRequired) as refused:
        Order.place(
            "order-1",
            customer_id="customer-1",
            lines=[line(2, 0), line(1, 1)],
            payment_method=None,
            at=T0,
        )
    assert refused.value.details == {"total": {"amount": 1, "currency": "GBP"}}
    assert [(each["loc"], each["type"]) for each in refused.value.errors] == [
        (("payment_method",), "needed")
    ]


def test_an_order_over_nothing_is_completed_by_its_goods_and_nobody_is_asked_to_charge_it() -> (
    None
):
    order = free()
    order.record_reservation(at=T1)
    assert (order.status, order.status.outcome) == (OrderStatus.PAID, OrderOutcome.COMPLETED)
    assert recorded(order) == [OrderCompleted]
    assert (order.paid_at, order.age_at_end) == (T1, T1 - T0)
    order.mark_committed()
    for change in CHANGES.values():
        change(order)
    assert recorded(order) == []


def test_an_order_over_nothing_is_cancelled_without_money() -> None:
    order = after(free(), lambda order: order.record_reservation(at=T1))
    order.cancel(by=CUSTOMER, reason="why not", at=T1, until=HOUR)
    (event,) = order.pending_events
    assert isinstance(event, OrderCancelled)
    assert (event.previous_status, event.paid) == ("paid", False)
    assert event.total == {"amount": 0, "currency": "GBP"}
    assert order.age_at_end is None, "it had ended before"


@pytest.mark.parametrize("make", [pending, reserved])
def test_a_captured_payment_completes_an_order(make: Callable[[], Order]) -> None:
    order = make()
    order.complete(payment_id="payment-1", at=T1)
    assert (order.status, order.status.outcome) == (OrderStatus.PAID, OrderOutcome.COMPLETED)
    assert recorded(order) == [OrderPaid, OrderCompleted]


@pytest.mark.parametrize("make", [pending, reserved])
def test_a_declined_payment_fails_an_order_and_frees_its_goods(
    make: Callable[[], Order],
) -> None:
    order = make()
    order.fail_payment(reason="card_declined", message="Declined.", at=T1)
    assert order.status.outcome is OrderOutcome.FAILED
    assert order.failure == {"reason": "card_declined", "message": "Declined.", "shortages": []}
    assert recorded(order) == [OrderFailed, InventoryReleaseRequested]


def test_missing_stock_rejects_a_pending_order_only() -> None:
    order = pending()
    order.reject(OUT_OF_STOCK, at=T1)
    assert order.status.outcome is OrderOutcome.REJECTED
    assert recorded(order) == [OrderFailed]
    moved = reserved()
    moved.reject(OUT_OF_STOCK, at=T1)
    assert recorded(moved) == []


@pytest.mark.parametrize("make", FINAL)
@pytest.mark.parametrize("change", CHANGES)
def test_news_changes_nothing_about_an_order_that_has_ended(
    make: Callable[[], Order], change: str
) -> None:
    order = make()
    before = OrderDetails.of(order)
    CHANGES[change](order)
    assert recorded(order) == []
    assert OrderDetails.of(order) == before


@pytest.mark.parametrize("make", [pending, reserved, paid])
def test_an_order_is_cancelled_until_it_is_on_its_way(make: Callable[[], Order]) -> None:
    order = make()
    before = order.status
    order.cancel(by=CUSTOMER, reason="changed my mind", at=T1)
    assert order.status.outcome is OrderOutcome.CANCELLED
    (event,) = order.pending_events
    assert isinstance(event, OrderCancelled)
    assert (event.reason, event.previous_status) == ("changed my mind", before.value)
    assert (event.cancelled_by, event.total) == ("customer", order.total)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("later", "until", "possible"),
    [
        (HOUR - timedelta(milliseconds=1), HOUR, True),
        (HOUR, HOUR, False),
        (timedelta(days=30), HOUR, False),
        (timedelta(0), timedelta(0), False),
        (timedelta(days=30), None, True),
    ],
)
def test_a_paid_order_can_be_cancelled_for_a_while(
    later: timedelta, until: timedelta | None, possible: bool
) -> None:
    order = paid()
    if possible:
        order.cancel(by=CUSTOMER, reason="why not", at=T1 + later, until=until)
        assert order.status is OrderStatus.CANCELLED
        return
    assert until is not None
    with pytest.raises(CancellationPeriodOver) as refused:
        order.cancel(by=CUSTOMER, reason="why not", at=T1 + later, until=until)
    assert refused.value.details == {
        "current": "paid",
        "expected": ["pending", "reserved"],
        "until": to_iso(T1 + until),
    }
    assert recorded(order) == []


@pytest.mark.parametrize("make", [pending, reserved])
def test_an_order_that_is_not_paid_can_be_cancelled_at_any_time(make: Callable[[], Order]) -> None:
    order = make()
    order.cancel(by=CUSTOMER, reason="why not", at=T1 + timedelta(days=30), until=timedelta(0))
    assert order.status is OrderStatus.CANCELLED


@pytest.mark.row("EXC-01")
@pytest.mark.parametrize("make", [cancelled, payment_failed, rejected])
def test_an_order_that_has_ended_cannot_be_cancelled(make: Callable[[], Order]) -> None:
    order = make()
    with pytest.raises(InvalidState) as refused:
        order.cancel(by=CUSTOMER, reason="too late", at=T1)
    assert refused.value.current == order.status.value
    assert refused.value.expected == tuple(status.value for status in CANCELLABLE)
    assert recorded(order) == []


def test_every_status_has_an_outcome() -> None:
    assert {status.outcome for status in OrderStatus} == set(OrderOutcome)


def test_a_rejected_order_says_what_was_short_by_the_customer_s_name_for_it() -> None:
    order = pending()
    product_id, mnemonic = order.lines[0]["product_id"], order.lines[0]["mnemonic"]
    short = {"product_id": product_id, "requested": 3, "available": 1, "short": 2}
    order.reject({**OUT_OF_STOCK, "shortages": [short]}, at=T1)
    assert order.failure is not None
    assert order.failure["shortages"] == [{**short, "mnemonic": mnemonic}]


ENDS: dict[str, tuple[Callable[[], Order], Callable[[Order], None]]] = {
    "sold": (reserved, lambda order: order.complete(payment_id="payment-1", at=T1)),
    "declined": (reserved, lambda order: order.fail_payment(reason="no", message="No.", at=T1)),
    "out of stock": (pending, lambda order: order.reject(OUT_OF_STOCK, at=T1)),
    "cancelled": (pending, lambda order: order.cancel(by=CUSTOMER, reason="why not", at=T1)),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_end_tells_the_age(end: str) -> None:
    make, move = ENDS[end]
    order = make()
    assert order.age_at_end is None
    move(order)
    assert order.age_at_end == T1 - T0
    order.mark_committed()
    assert order.age_at_end is None


def test_what_is_no_end_tells_no_age() -> None:
    order = pending()
    order.record_reservation(at=T1)
    assert order.age_at_end is None
    sold = paid()
    sold.cancel(by=CUSTOMER, reason="why not", at=T1)
    assert sold.age_at_end is None
