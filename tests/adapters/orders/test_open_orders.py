"""The index of orders in progress: sparse, in order, one query a page, filled by a migration."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import FixedClock, from_iso
from shared.kernel.paging import PageRequest
from shared.orders.adapters.migrations import MIGRATIONS
from shared.orders.adapters.open_order_reader import DynamoOpenOrderReader
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.open_order import WAITS_FOR, OpenOrder
from shared.orders.domain.order import Order
from shared.orders.domain.status import CancelledBy, OrderOutcome, OrderStatus
from shared.platform.dynamodb.cursors import CursorCodec
from shared.platform.migrations.runner import Runner
from tests.adapters.orders.test_orders import change, place
from tests.support.aws_calls import counted_calls
from tools.check.project import ROOT
from tools.lab.support.tables import Table
from tools.local.templates import load_template

CUSTOMER = CancelledBy.CUSTOMER

T0 = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = PageRequest(limit=20)
UNITS_OF_A_LARGE_ORDER = 2.0
"""Fifty lines are some 8 KB."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(T0)


@pytest.fixture
def uow(table: Table, clock: FixedClock) -> DynamoOrdersUnitOfWork:
    return DynamoOrdersUnitOfWork(table.client, table.name, clock=clock)


@pytest.fixture
def orders(table: Table) -> DynamoOpenOrderReader:
    return DynamoOpenOrderReader(table.client, table.name, CursorCodec(lambda: ["secret"]))


def open_at(
    orders: DynamoOpenOrderReader, now: datetime, age: timedelta = timedelta(0)
) -> list[OpenOrder]:
    return list(orders.older_than(age, PAGE, now=now, reader="admin").items)


def test_an_order_is_in_it_from_its_placing_to_its_end(
    table: Table, uow: DynamoOrdersUnitOfWork, orders: DynamoOpenOrderReader, clock: FixedClock
) -> None:
    later = T0 + timedelta(seconds=1)

    def ends(order: Order) -> None:
        order.complete(payment_id="p", at=later)

    first = place(uow)
    assert [each.id for each in open_at(orders, later)] == [first.id]
    change(uow, first.id, lambda it: it.record_reservation(at=later))
    (seen,) = open_at(orders, later)
    assert (seen.status, seen.waits_for) == ("reserved", WAITS_FOR[OrderStatus.RESERVED])
    assert seen.age_at(T0 + timedelta(seconds=90, milliseconds=900)) == 90
    change(uow, first.id, ends)
    assert open_at(orders, later) == []
    item = table.get(f"Order#{first.id}", "STATE")
    assert item is not None
    assert not {"GSI2PK", "GSI2SK"} & item.keys()


def test_the_age_is_exact(
    uow: DynamoOrdersUnitOfWork, orders: DynamoOpenOrderReader, clock: FixedClock
) -> None:
    order, age = place(uow), timedelta(minutes=5)
    placed_at = from_iso(order.placed_at)
    assert open_at(orders, placed_at + age, age) == []
    assert len(open_at(orders, placed_at + age + timedelta(milliseconds=1), age)) == 1


def test_a_page_is_one_query_and_costs_by_what_it_shows(
    engine: str, uow: DynamoOrdersUnitOfWork, orders: DynamoOpenOrderReader
) -> None:
    for _ in range(30):
        ended = place(uow)
        change(uow, ended.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=T0))
    for _ in range(3):
        place(uow, lines=50)
    with counted_calls() as made:
        found = open_at(orders, T0 + timedelta(days=1))
    assert len(found) == 3
    assert made.dynamodb == {"Query": 1, "BatchGetItem": 1}
    if engine == "dynamodb_local":
        assert made.units == 0.5 + 3 * UNITS_OF_A_LARGE_ORDER  # what has ended costs nothing


def test_orders_from_before_the_index_are_put_into_it(
    table: Table, uow: DynamoOrdersUnitOfWork, orders: DynamoOpenOrderReader
) -> None:
    waiting, ended = place(uow), place(uow)
    change(uow, ended.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=T0))
    item = table.get(f"Order#{waiting.id}", "STATE")
    assert item is not None
    table.put({name: value for name, value in item.items() if name[:4] not in ("GSI2", "GSI3")})
    later = T0 + timedelta(days=1)
    assert open_at(orders, later) == []
    summaries = Runner(client=table.client, table=table.name).run(MIGRATIONS)
    assert [summary.changed for summary in summaries] == [1, 1]
    assert [each.id for each in open_at(orders, later)] == [waiting.id]
    assert table.get(f"Order#{waiting.id}", "STATE") == item


def test_every_state_in_progress_says_what_it_waits_for() -> None:
    in_progress = {each for each in OrderStatus if each.outcome is OrderOutcome.IN_PROGRESS}
    assert set(WAITS_FOR) == in_progress
    template = load_template(ROOT / "functions/orders/template.yaml")["Resources"]
    consumed = {
        event
        for resource in template.values()
        if resource["Type"] == "AWS::Events::Rule"
        for event in resource["Properties"]["EventPattern"]["detail-type"]
    }
    assert {event for events in WAITS_FOR.values() for event in events} == consumed


def test_what_has_ended_since_the_index_was_read_is_not_shown(
    table: Table, uow: DynamoOrdersUnitOfWork, orders: DynamoOpenOrderReader
) -> None:
    """An index that lags: its entry is older than the order."""
    ended, gone, waiting = (place(uow) for _ in range(3))
    item = table.get(f"Order#{ended.id}", "STATE")
    assert item is not None
    table.put(item | {"status": "paid", "outcome": "completed"})
    entry = {name: item[name] for name in ("GSI2PK", "GSI2SK")}
    table.put({"PK": f"Order#{gone.id}", "SK": "STATE", "status": "rejected", **entry})
    assert [each.id for each in open_at(orders, T0 + timedelta(days=1))] == [waiting.id]
