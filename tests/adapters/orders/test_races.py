"""Everybody at once, on DynamoDB Local."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import InvalidState
from shared.kernel.ids import new_id
from shared.orders.adapters.order import COUNTER_SHARDS, counter_name
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.details import OrderDetails
from shared.orders.use_cases.cancel_order import CancelOrder, CancelOrderHandler
from shared.orders.use_cases.fail_order import FailOrderHandler, PaymentDeclined
from shared.orders.use_cases.finalize_order import FinalizeOrder, FinalizeOrderHandler
from shared.orders.use_cases.place_order import PlaceOrder, PlaceOrderHandler, WantedProduct
from shared.orders.use_cases.record_reservation import (
    RecordReservation,
    RecordReservationHandler,
)
from shared.platform.dynamodb.counters import total
from shared.platform.dynamodb.markers import RequestInFlight
from shared.platform.entry.commands import execute, retrying
from shared.platform.runtime.context import Idempotency, request_context
from tests.adapters.orders.test_orders import load, place
from tests.support.racing import race
from tests.unit.orders.fakes import AllMethods, PriceList
from tools.lab.support.tables import Table

T0 = datetime(2026, 1, 1, tzinfo=UTC)
RUNNERS = 12


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    return "dynamodb_local"


def open_uow(table: Table) -> DynamoOrdersUnitOfWork:
    return DynamoOrdersUnitOfWork(table.client, table.name)


@pytest.mark.row("API-03")
def test_one_key_from_many_clients_at_once_makes_one_order(table: Table) -> None:
    prices = PriceList()
    command = PlaceOrder(
        customer_id="customer-1",
        wanted=[WantedProduct(product_id=prices.add(), quantity=1)],
        payment_method="pm_card_visa",
    )

    def run(_: int) -> OrderDetails:
        handler = PlaceOrderHandler(
            uow=open_uow(table), prices=prices, payment_methods=AllMethods(), new_id=new_id
        )
        request = Idempotency(principal="c", route="POST /orders", key="k", fingerprint="f")
        with request_context(idempotency=request):
            return execute(handler, command, returns=OrderDetails)

    answers = race(RUNNERS, run)
    (order,) = table.states("Order#")
    given = [answer for answer in answers if isinstance(answer, OrderDetails)]
    assert given
    assert {answer.id for answer in given} == {order["id"]}
    others = [answer for answer in answers if not isinstance(answer, OrderDetails)]
    assert all(isinstance(other, RequestInFlight) for other in others)


@pytest.mark.row("PAG-01")
def test_orders_placed_at_once_all_count(table: Table) -> None:
    placed = race(RUNNERS, lambda _: place(open_uow(table), 1))
    assert all(isinstance(order, OrderDetails) for order in placed)
    name = counter_name("customer-1")
    assert total(table.client, table.name, name, shards=COUNTER_SHARDS) == RUNNERS


@pytest.mark.row("CQR-02", "EVT-04")
@pytest.mark.parametrize("payment", ["captured", "declined"])
def test_a_cancellation_in_the_middle_of_the_saga_wins_or_loses_whole(
    table: Table, payment: str
) -> None:
    order_id = place(open_uow(table), 1).id
    events = {
        "captured": lambda: FinalizeOrderHandler(uow=open_uow(table))(
            FinalizeOrder(order_id=order_id, payment_id=order_id)
        ),
        "declined": lambda: FailOrderHandler(uow=open_uow(table))(
            PaymentDeclined(order_id=order_id, reason="card_declined", message="Declined.")
        ),
    }
    runs = [
        lambda: RecordReservationHandler(uow=open_uow(table))(
            RecordReservation(order_id=order_id)
        ),
        events[payment],
        lambda: CancelOrderHandler(uow=open_uow(table), paid_until=timedelta(days=1))(
            CancelOrder(order_id=order_id, requested_by="customer-1", manages_orders=False)
        ),
    ]
    results = race(RUNNERS, lambda number: retrying(runs[number % 3]))
    assert [it for it in results if isinstance(it, Exception)] == [
        it for it in results if isinstance(it, InvalidState)
    ]
    cancelled = [it for it in results if isinstance(it, OrderDetails)]
    events = table.events(f"Order#{order_id}")
    types = [event["type"] for event in events]
    assert [event["version"] for event in events] == list(range(1, len(events) + 1))
    assert len(types) == len(set(types))
    end = load(open_uow(table), order_id)
    if cancelled:
        assert (end.status, types[-1], len(cancelled)) == ("cancelled", "order.cancelled", 1)
    else:
        assert (payment, end.status) == ("declined", "payment_failed")
