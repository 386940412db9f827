"""The use cases on fakes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.broken_rules import BrokenRules
from shared.kernel.clock import FixedClock
from shared.kernel.errors import InvalidState, ValidationFailed
from shared.kernel.money import Money
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import (
    OrderNotFound,
    PriceChanged,
    ProductNotFound,
    UnknownPaymentMethod,
)
from shared.orders.domain.order_line import MAX_LINES, MAX_QUANTITY
from shared.orders.use_cases.cancel_order import CancelOrder, CancelOrderHandler
from shared.orders.use_cases.fail_order import FailOrderHandler, PaymentDeclined, StockMissing
from shared.orders.use_cases.finalize_order import FinalizeOrder, FinalizeOrderHandler
from shared.orders.use_cases.place_order import PlaceOrder, PlaceOrderHandler, WantedProduct
from shared.orders.use_cases.record_reservation import (
    RecordReservation,
    RecordReservationHandler,
)
from shared.platform.dynamodb.markers import EventAlreadyHandled, RequestAlreadyAnswered
from shared.platform.runtime.context import Idempotency, Inbox, request_context
from tests.unit.orders.fakes import AllMethods, OrdersInMemory, PriceList

T0 = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(T0)


@pytest.fixture
def uow(clock: FixedClock) -> OrdersInMemory:
    return OrdersInMemory(clock=clock)


@pytest.fixture
def prices() -> PriceList:
    return PriceList()


Place = Callable[..., OrderDetails]


@pytest.fixture
def place(uow: OrdersInMemory, prices: PriceList) -> Place:
    """Place an order over (product id, quantity)."""
    numbers = iter(range(1, 1_000))
    handler = PlaceOrderHandler(
        uow=uow,
        prices=prices,
        payment_methods=AllMethods(),
        new_id=lambda: f"order-{next(numbers)}",
    )

    def placing(*wanted: tuple[str, int], customer_id: str = "customer-1") -> OrderDetails:
        return handler(order_for(*wanted, customer_id=customer_id))

    return placing


def order_for(*wanted: tuple[str, int], customer_id: str = "customer-1") -> PlaceOrder:
    return PlaceOrder(
        customer_id=customer_id,
        wanted=[WantedProduct(product_id=id_, quantity=quantity) for id_, quantity in wanted],
        payment_method="pm_card_visa",
    )


@pytest.mark.row("CQR-01")
def test_placing_asks_for_all_prices_at_once_and_fixes_them(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    tea, pot = prices.add(250), prices.add(1_295)
    order = place((tea, 1), (pot, 2), (tea, 3))
    assert prices.asked == [[tea, pot]]
    assert [(line["product_id"], line["quantity"]) for line in order.lines] == [(tea, 4), (pot, 2)]
    assert order.total == {"amount": 3_590, "currency": "GBP"}
    prices.listed[tea] = prices.listed[pot]
    assert OrderDetails.of(uow.orders.get(order.id)) == order
    assert uow.database.event_types == ["order.placed"]


@pytest.mark.row("VAL-03")
def test_every_rule_that_a_line_breaks_is_named_and_nothing_happens(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    tea, pot, cup = prices.add(at_most=3), prices.add(), prices.add(at_most=1)
    with pytest.raises(BrokenRules) as refused:
        place((tea, 2), (pot, 900), (cup, 2), (tea, 2))
    assert [error["loc"] for error in refused.value.errors] == [
        ("lines", 0, "quantity"),
        ("lines", 2, "quantity"),
    ]
    assert refused.value.errors[1]["msg"] == "is greater than 1 on 01 January"
    assert refused.value.details == {"rules": ["rule-P0", "rule-P2"]}
    assert uow.database.event_types == []
    place((tea, 3), (cup, 1))


def relying(wanted: Sequence[WantedProduct], total: Money | None = None) -> PlaceOrder:
    return PlaceOrder(
        customer_id="customer-1",
        wanted=wanted,
        payment_method="pm_card_visa",
        expected_total=total,
    )


def test_an_order_that_names_what_was_seen_is_placed_where_that_is_so(
    uow: OrdersInMemory, prices: PriceList
) -> None:
    place = PlaceOrderHandler(
        uow=uow, prices=prices, payment_methods=AllMethods(), new_id=lambda: "order-1"
    )
    tea = prices.add(250)
    wanted = WantedProduct(product_id=tea, quantity=2, product_version=1)
    order = place(relying([wanted, replace(wanted, quantity=1)], Money(750, "GBP")))
    assert order.total == {"amount": 750, "currency": "GBP"}


@pytest.mark.parametrize(
    ("expected", "versions", "wrong"),
    [
        (Money(749, "GBP"), (None, None, None), ["expected_total"]),
        (Money(751, "GBP"), (None, None, None), ["expected_total"]),
        (Money(750, "EUR"), (None, None, None), ["expected_total"]),
        (Money(0, "GBP"), (None, None, None), ["expected_total"]),
        (None, (1, None, None), [0]),
        (None, (3, 2, 2), [0]),
        (Money(750, "GBP"), (2, 1, 4), [1, 2]),
        (Money(1, "GBP"), (1, 2, 1), ["expected_total", 0, 2]),
    ],
)
def test_an_order_that_relies_on_what_was_is_refused_with_the_old_and_the_new(
    uow: OrdersInMemory,
    prices: PriceList,
    expected: Money | None,
    versions: Sequence[int | None],
    wrong: Sequence[str | int],
) -> None:
    place = PlaceOrderHandler(
        uow=uow, prices=prices, payment_methods=AllMethods(), new_id=lambda: "order-1"
    )
    tea = prices.add(250)
    prices.listed[tea] = replace(prices.listed[tea], version=2)
    wanted = [
        WantedProduct(product_id=tea, quantity=1, product_version=version) for version in versions
    ]
    with pytest.raises(PriceChanged) as refused:
        place(relying(wanted, expected))
    new = {"amount": 750, "currency": "GBP"}
    assert refused.value.details == {"total": new}
    assert [
        error["loc"][1] if len(error["loc"]) > 1 else error["loc"][0]
        for error in refused.value.errors
    ] == wrong
    for error in refused.value.errors:
        if error["loc"] == ("expected_total",):
            assert expected is not None
            old = {"amount": expected.amount, "currency": expected.currency}
            assert error["params"] == {"old": old, "new": new}
        else:
            assert error["loc"][2] == "product_version"
            old_version = versions[int(error["loc"][1])]
            price = {"amount": 250, "currency": "GBP"}
            assert error["params"] == {"old": old_version, "new": 2, "price": price}
    assert uow.database.events == []


def test_a_payment_method_that_no_gateway_knows_is_refused_before_anything_is_read(
    uow: OrdersInMemory, prices: PriceList
) -> None:
    place = PlaceOrderHandler(
        uow=uow, prices=prices, payment_methods=AllMethods(), new_id=lambda: "order-1"
    )
    wanted = [WantedProduct(product_id=prices.add(), quantity=1)]
    with pytest.raises(UnknownPaymentMethod) as refused:
        place(replace(relying(wanted), payment_method="pm_unknown"))
    assert [error["loc"] for error in refused.value.errors] == [("payment_method",)]
    assert prices.asked == []
    assert uow.database.events == []


def test_what_is_not_on_public_sale_is_named_and_nothing_happens(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    tea, secret = prices.add(), prices.add(is_confidential=True)
    with pytest.raises(ProductNotFound) as refused:
        place((tea, 1), (secret, 1), ("no id", 1))
    assert refused.value.details == {"product_ids": [secret, "no id"]}
    assert prices.asked == [[tea, secret]], "what is no id is nothing to ask the catalog for"
    assert uow.database.events == []


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        [("p", 1)] * (MAX_LINES + 1),
        [("p", 0)],
        [("p", -1)],
        [("p", MAX_QUANTITY + 1)],
        [("p", MAX_QUANTITY), ("p", 1)],
        [("p", 2), ("p", -1)],
    ],
    ids=str,
)
@pytest.mark.row("CQR-01")
def test_a_command_out_of_bounds_cannot_be_made(wanted: list[tuple[str, int]]) -> None:
    with pytest.raises(ValidationFailed):
        order_for(*wanted)


@given(
    wanted=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(1, MAX_QUANTITY // MAX_LINES)),
        min_size=1,
        max_size=MAX_LINES,
    )
)
def test_merging_keeps_every_piece(wanted: list[tuple[str, int]]) -> None:
    merged = order_for(*wanted).quantities
    assert sum(merged.values()) == sum(quantity for _, quantity in wanted)
    assert list(merged) == list(dict.fromkeys(id_ for id_, _ in wanted))


def test_an_order_happens_at_one_moment(
    place: Place, prices: PriceList, uow: OrdersInMemory, clock: FixedClock
) -> None:
    order = place((prices.add(), 1))
    clock.advance(timedelta(minutes=1))
    RecordReservationHandler(uow=uow)(RecordReservation(order_id=order.id))
    stored = uow.orders.get(order.id)
    placed, reserved = uow.database.events
    assert stored.placed_at == placed.occurred_at == T0
    assert stored.updated_at == reserved.occurred_at == T0 + timedelta(minutes=1)


@pytest.mark.row("PRM-03")
def test_only_the_customer_or_a_manager_cancels(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    order = place((prices.add(), 1))
    cancel = CancelOrderHandler(uow=uow, paid_until=timedelta(hours=1))
    with pytest.raises(OrderNotFound):
        cancel(CancelOrder(order_id=order.id, requested_by="customer-2", manages_orders=False))
    with pytest.raises(OrderNotFound):
        cancel(CancelOrder(order_id="order-9", requested_by="customer-1", manages_orders=True))
    by_shop = CancelOrder(order_id=order.id, requested_by="admin-1", manages_orders=True)
    assert cancel(by_shop).status == "cancelled"
    with pytest.raises(InvalidState):
        cancel(by_shop)


@pytest.mark.row("API-03")
def test_an_answered_request_changes_nothing_again(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    product = prices.add()
    request = Idempotency(principal="c", route="POST /orders", key="k", fingerprint="f")
    with request_context(idempotency=request):
        place((product, 1))
        with pytest.raises(RequestAlreadyAnswered):
            place((product, 1))
    assert len(uow.database.states) == 1


COMMANDS: dict[str, tuple[type[Any], Any]] = {
    "reserved": (RecordReservationHandler, RecordReservation(order_id="order-1")),
    "paid": (FinalizeOrderHandler, FinalizeOrder(order_id="order-1", payment_id="payment-1")),
    "payment_failed": (
        FailOrderHandler,
        PaymentDeclined(order_id="order-1", reason="card_declined", message="Declined."),
    ),
    "rejected": (
        FailOrderHandler,
        StockMissing(
            order_id="order-1",
            shortages=[{"product_id": "p", "requested": 3, "available": 1, "short": 2}] * 2,
        ),
    ),
}


@pytest.mark.row("EVT-04")
@pytest.mark.parametrize("status", COMMANDS)
def test_consumers_mark_every_event_even_when_it_changes_nothing(
    place: Place, prices: PriceList, uow: OrdersInMemory, status: str
) -> None:
    order = place((prices.add(), 1))
    kind, command = COMMANDS[status]
    handler = kind(uow=uow)
    for event_id in ("event-1", "event-2"):
        with request_context(inbox=Inbox(consumer="c", event_id=event_id)):
            handler(command)
            with pytest.raises(EventAlreadyHandled):
                handler(command)
    assert uow.orders.get(order.id).status == status
    assert len(uow.database.inbox) == 2
    assert len(uow.database.events) == len(set(uow.database.event_types))


def test_a_rejection_says_how_many_products_are_short(
    place: Place, prices: PriceList, uow: OrdersInMemory
) -> None:
    order = place((prices.add(), 1))
    kind, command = COMMANDS["rejected"]
    kind(uow=uow)(command)
    failure = uow.orders.get(order.id).failure
    assert failure is not None
    assert failure["message"] == "There is not enough stock of 2 products."
