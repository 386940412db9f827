"""The orders' unit of work keeps its promises in memory, on moto and on DynamoDB Local."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.clock import FixedClock
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import MAX_LINES, OrderLine
from shared.orders.domain.status import CancelledBy
from shared.orders.ports import OrdersUnitOfWork
from shared.platform.dynamodb.markers import EventAlreadyHandled, RequestAlreadyAnswered
from shared.platform.runtime.context import Idempotency, Inbox, request_context
from tests.support.fakes.database import Database
from tests.support.tiers import DYNAMODB_LOCAL
from tests.unit.orders.fakes import OrdersInMemory
from tools.lab.support.tables import Table

CUSTOMER = CancelledBy.CUSTOMER

T0 = datetime(2026, 1, 1, tzinfo=UTC)
Open = Callable[[], OrdersUnitOfWork]


@pytest.fixture(params=["memory", "moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(T0)


@pytest.fixture
def open_uow(engine: str, request: pytest.FixtureRequest, clock: FixedClock) -> Open:
    """Open units of work over one database, as so many functions would."""
    if engine == "memory":
        database = Database()
        return lambda: OrdersInMemory(database, clock=clock)
    table: Table = request.getfixturevalue("table")
    return lambda: DynamoOrdersUnitOfWork(table.client, table.name, clock=clock)


def place(uow: OrdersUnitOfWork, lines: int = 2) -> OrderDetails:
    with uow:
        order = Order.place(
            new_id(),
            customer_id="customer-1",
            lines=[
                OrderLine(
                    product_id=new_id(),
                    mnemonic=f"P{number}",
                    quantity=number + 1,
                    unit_price=Money(1_295, "GBP"),
                )
                for number in range(lines)
            ],
            payment_method="pm_card_visa",
            at=uow.now,
        )
        placed = uow.orders.save(order)
        uow.commit(placed)
    assert placed == OrderDetails.of(order)
    return placed


def change(uow: OrdersUnitOfWork, order_id: str, move: Callable[[Order], Any]) -> OrderDetails:
    with uow:
        order = uow.orders.get(order_id)
        move(order)
        changed = uow.orders.save(order)
        uow.commit()
    assert changed == OrderDetails.of(order)
    return changed


def load(uow: OrdersUnitOfWork, order_id: str) -> OrderDetails:
    with uow:
        return OrderDetails.of(uow.orders.get(order_id))


@pytest.mark.row("CQR-03", "EVT-06")
@pytest.mark.parametrize("lines", [1, MAX_LINES])
def test_an_order_comes_back_as_it_was_saved(open_uow: Open, lines: int) -> None:
    placed = place(open_uow(), lines)
    assert load(open_uow(), placed.id) == placed
    assert placed.version == 1


@pytest.mark.row("EVT-06")
def test_events_are_appended_with_their_times(open_uow: Open, clock: FixedClock) -> None:
    order_id = place(open_uow()).id
    clock.advance(timedelta(seconds=5))
    change(open_uow(), order_id, lambda order: order.record_reservation(at=clock.now()))
    clock.advance(timedelta(seconds=5))
    paid = change(
        open_uow(), order_id, lambda order: order.complete(payment_id="p", at=clock.now())
    )
    stored = load(open_uow(), order_id)
    assert stored == paid
    assert (stored.status, stored.version) == ("paid", 4)
    assert stored.placed_at == "2026-01-01T00:00:00.000Z"
    assert stored.updated_at == "2026-01-01T00:00:10.000Z"


@pytest.mark.row("EVT-06", "CQR-02")
def test_appending_behind_somebody_elses_back_is_refused(open_uow: Open) -> None:
    order_id = place(open_uow()).id
    mine, theirs = open_uow(), open_uow()
    with mine:
        order = mine.orders.get(order_id)
        order.cancel(by=CUSTOMER, reason="mine", at=mine.now)
        change(theirs, order_id, lambda other: other.record_reservation(at=T0))
        mine.orders.save(order)
        with pytest.raises(StaleAggregate):
            mine.commit()
    stored = load(open_uow(), order_id)
    assert (stored.status, stored.version) == ("reserved", 2)


def test_no_news_is_no_change(open_uow: Open) -> None:
    placed = place(open_uow())
    change(open_uow(), placed.id, lambda _: None)
    assert load(open_uow(), placed.id) == placed


def test_what_was_never_placed_is_not_found(open_uow: Open) -> None:
    with open_uow() as uow, pytest.raises(OrderNotFound):
        uow.orders.get(new_id())


@pytest.mark.row("CQR-02")
def test_what_is_not_committed_does_not_happen(open_uow: Open) -> None:
    order_id = place(open_uow()).id
    with open_uow() as uow:
        order = uow.orders.get(order_id)
        order.cancel(by=CUSTOMER, reason="no", at=uow.now)
        uow.orders.save(order)
    assert load(open_uow(), order_id).status == "pending"


@pytest.mark.row("API-03", "EVT-04")
def test_requests_and_events_count_once(open_uow: Open) -> None:
    request = Idempotency(principal="c", route="POST /orders", key="k", fingerprint="f")
    with request_context(idempotency=request):
        order_id = place(open_uow()).id
        with pytest.raises(RequestAlreadyAnswered):
            place(open_uow())
    with request_context(inbox=Inbox(consumer="c", event_id="e")):
        change(open_uow(), order_id, lambda order: order.record_reservation(at=T0))
        with pytest.raises(EventAlreadyHandled):
            change(open_uow(), order_id, lambda order: order.complete(payment_id="p", at=T0))
    assert load(open_uow(), order_id).status == "reserved"
