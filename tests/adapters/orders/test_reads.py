"""What readers of orders see, and what reading and writing costs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import FixedClock, from_iso
from shared.kernel.paging import PageRequest
from shared.orders.adapters.order import STATUS_WIDTH, padded
from shared.orders.adapters.order_list_reader import _PLACES, DynamoOrderListReader
from shared.orders.adapters.order_reader import DynamoOrderReader
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.filters import wanted_orders
from shared.orders.domain.status import CancelledBy, OrderStatus
from shared.platform.dynamodb.cursors import CursorCodec, InvalidCursor
from shared.platform.dynamodb.expressions import reach_of
from shared.platform.runtime.context import Idempotency, Inbox, request_context
from tests.adapters.orders.test_orders import change, place
from tests.support.aws_calls import counted_calls
from tools.lab.support.tables import Table

CUSTOMER = CancelledBy.CUSTOMER

T0 = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(T0)


@pytest.fixture
def uow(table: Table, clock: FixedClock) -> DynamoOrdersUnitOfWork:
    return DynamoOrdersUnitOfWork(table.client, table.name, clock=clock)


@pytest.fixture
def reader(table: Table) -> DynamoOrderReader:
    return DynamoOrderReader(table.client, table.name)


@pytest.fixture
def lists(table: Table) -> DynamoOrderListReader:
    return DynamoOrderListReader(table.client, table.name, CursorCodec(lambda: ["secret"]))


@pytest.fixture
def placed(uow: DynamoOrdersUnitOfWork, clock: FixedClock) -> list[OrderDetails]:
    """Seven orders, two at each moment."""
    orders = []
    for number in range(7):
        clock.advance(timedelta(milliseconds=number % 2))
        orders.append(place(uow))
    return orders


def test_the_snapshot_is_the_order(uow: DynamoOrdersUnitOfWork, reader: DynamoOrderReader) -> None:
    order = place(uow)
    assert reader.find(order.id) == order
    cancelled = change(uow, order.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=T0))
    assert reader.find(order.id) == cancelled
    assert reader.find("nothing") is None


class TickingClock:
    """Never tells the same time twice."""

    def __init__(self) -> None:
        self._at = T0

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


def test_an_order_and_its_event_have_one_time_however_long_it_takes(table: Table) -> None:
    order = place(DynamoOrdersUnitOfWork(table.client, table.name, clock=TickingClock()))
    (event,) = table.events(f"Order#{order.id}")
    assert event["occurred_at"] == order.placed_at == order.updated_at


@pytest.mark.row("PAG-01", "PAG-04")
@pytest.mark.parametrize("sort", [None, "-placed_at", "placed_at"])
def test_pages_there_and_back_show_every_order_once(
    lists: DynamoOrderListReader, placed: list[OrderDetails], sort: str | None
) -> None:
    newest_first = sorted(placed, key=lambda it: (it.placed_at, it.id), reverse=True)
    expected = newest_first[::-1] if sort == "placed_at" else newest_first
    pages = [lists.list_of("customer-1", PageRequest(limit=3, sort=sort, include_total=True))]
    while cursor := pages[-1].next_cursor:
        pages.append(lists.list_of("customer-1", PageRequest(limit=3, sort=sort, cursor=cursor)))
    assert [order for page in pages for order in page.items] == expected
    assert pages[0].total == len(placed)
    back = [pages[-1]]
    while cursor := back[-1].prev_cursor:
        back.append(lists.list_of("customer-1", PageRequest(limit=3, sort=sort, cursor=cursor)))
    assert [page.items for page in back[::-1]] == [page.items for page in pages]
    assert lists.list_of("customer-2", PageRequest(limit=3, include_total=True)).total == 0


@pytest.mark.row("PAG-01", "PAG-04")
@pytest.mark.parametrize("sort", ["status", "-status,-placed_at"])
def test_by_status_there_and_back(
    lists: DynamoOrderListReader,
    uow: DynamoOrdersUnitOfWork,
    placed: list[OrderDetails],
    sort: str,
) -> None:
    for order in placed[::2]:
        change(uow, order.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=it.placed_at))
    everything = lists.list_of("customer-1", PageRequest(limit=50)).items
    expected = sorted(everything, key=lambda it: (it.status, it.placed_at, it.id))
    if sort.startswith("-"):
        expected.reverse()
    assert len({order.status for order in expected}) == 2
    pages = [lists.list_of("customer-1", PageRequest(limit=2, sort=sort))]
    while cursor := pages[-1].next_cursor:
        asked = PageRequest(limit=2, sort=sort, cursor=cursor)
        with counted_calls() as calls:
            pages.append(lists.list_of("customer-1", asked))
        assert calls.dynamodb == {"Query": 1}
    assert [order for page in pages for order in page.items] == expected
    back = [pages[-1]]
    while cursor := back[-1].prev_cursor:
        back.append(lists.list_of("customer-1", PageRequest(limit=2, sort=sort, cursor=cursor)))
    assert [page.items for page in back[::-1]] == [page.items for page in pages]


@pytest.mark.row("PAG-01")
def test_one_status_and_its_times_are_a_stretch_of_the_index(
    lists: DynamoOrderListReader, uow: DynamoOrdersUnitOfWork, placed: list[OrderDetails]
) -> None:
    """What the place says is not filtered: a page is full unless the list ends."""
    for order in placed[::2]:
        change(uow, order.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=it.placed_at))
    left = sorted(placed[1::2], key=lambda it: (it.placed_at, it.id), reverse=True)
    last = from_iso(left[0].placed_at)
    for where, expected in (
        (wanted_orders([OrderStatus.PENDING], None, None), left),
        (wanted_orders([OrderStatus.PENDING], None, last), left[1:]),
    ):
        reach = reach_of(where, _PLACES["status,placed_at"][1])
        assert reach.low is not None
        assert reach.high is not None
        asked = PageRequest(limit=50, sort="-status,-placed_at")
        page = lists.list_of("customer-1", asked, where=where)
        assert [order.id for order in page.items] == [order.id for order in expected]
        assert {order.status for order in page.items} == {"pending"}


def test_every_status_has_its_width() -> None:
    assert {len(padded(status)) for status in OrderStatus} == {STATUS_WIDTH}


@pytest.mark.row("PAG-02")
def test_pages_by_number(lists: DynamoOrderListReader, placed: list[OrderDetails]) -> None:
    expected = sorted(placed, key=lambda it: (it.placed_at, it.id), reverse=True)
    for number in (1, 2, 3, 9):
        asked = PageRequest(limit=3, number=number, include_total=True)
        with counted_calls() as calls:
            page = lists.list_of("customer-1", asked)
        assert calls.dynamodb == {"Query": 1, "BatchGetItem": 1}
        assert list(page.items) == expected[3 * number - 3 : 3 * number]
        assert page.total == len(placed)
        if page.next_cursor:
            following = lists.list_of("customer-1", PageRequest(limit=3, cursor=page.next_cursor))
            assert list(following.items) == expected[3 * number : 3 * number + 3]


@pytest.mark.row("CQR-03")
@pytest.mark.parametrize("sort", ["-placed_at", "placed_at", "status", "-status"])
def test_filtered_lists_show_what_the_specification_says(
    lists: DynamoOrderListReader,
    uow: DynamoOrdersUnitOfWork,
    placed: list[OrderDetails],
    sort: str,
) -> None:
    """The index serves times without a filter; states are filtered."""
    for order in placed[::2]:
        change(uow, order.id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=it.placed_at))
    everything = lists.list_of("customer-1", PageRequest(limit=50, sort=sort)).items
    times = [from_iso(order.placed_at) for order in everything]
    early, late = min(times), max(times)
    for where in (
        wanted_orders((), early, late),
        wanted_orders([OrderStatus.CANCELLED], None, None),
        wanted_orders([OrderStatus.PENDING, OrderStatus.PAID], early + (late - early) / 2, None),
        wanted_orders([OrderStatus.PAID], None, None),
        wanted_orders((), late, early),
    ):
        assert where is not None
        expected = [order for order in everything if where.is_satisfied_by(order)]
        found, cursor = [], None
        while True:
            asked = PageRequest(limit=2, sort=sort, cursor=cursor)
            with counted_calls() as calls:
                page = lists.list_of("customer-1", asked, where=where)
            assert calls.round_trips <= 1
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert found == expected


@pytest.mark.row("PAG-04")
def test_orders_placed_while_somebody_pages_disturb_nothing(
    lists: DynamoOrderListReader,
    placed: list[OrderDetails],
    uow: DynamoOrdersUnitOfWork,
    clock: FixedClock,
) -> None:
    first = lists.list_of("customer-1", PageRequest(limit=4))
    clock.advance(timedelta(seconds=1))
    place(uow)
    change(uow, first.items[0].id, lambda it: it.cancel(by=CUSTOMER, reason="no", at=T0))
    second = lists.list_of("customer-1", PageRequest(limit=4, cursor=first.next_cursor))
    seen = [order.id for order in (*first.items, *second.items)]
    assert sorted(seen) == sorted(order.id for order in placed)


@pytest.mark.row("PAG-03")
def test_cursors_are_tied_to_list_order_and_reader(
    lists: DynamoOrderListReader, placed: list[OrderDetails]
) -> None:
    cursor = lists.list_of("customer-1", PageRequest(limit=1)).next_cursor
    paid = wanted_orders([OrderStatus.PAID], None, None)
    for misused in (
        lambda: lists.list_of("customer-1", PageRequest(limit=1, cursor=cursor), where=paid),
        lambda: lists.list_of("customer-2", PageRequest(limit=1, cursor=cursor)),
        lambda: lists.list_of("customer-1", PageRequest(limit=1, cursor=cursor, sort="placed_at")),
        lambda: lists.history_of(placed[0].id, PageRequest(limit=1, cursor=cursor), reader="c"),
    ):
        with pytest.raises(InvalidCursor):
            misused()


def test_a_history_is_only_the_orders_events(
    lists: DynamoOrderListReader, uow: DynamoOrdersUnitOfWork
) -> None:
    order, _ = place(uow), place(uow)
    change(uow, order.id, lambda it: it.complete(payment_id="p", at=T0))
    page = lists.history_of(order.id, PageRequest(limit=10), reader="c")
    assert [event.type for event in page.items] == [
        "order.placed",
        "order.paid",
        "order.completed",
    ]
    assert {event.aggregate_id for event in page.items} == {order.id}
    assert lists.history_of("nothing", PageRequest(limit=10), reader="c").items == ()


PLACING = Idempotency(principal="c", route="POST /orders", key="1", fingerprint="f")
CANCELLING = Idempotency(principal="c", route="POST /cancel", key="1", fingerprint="f")


@pytest.mark.row("CQR-02")
@pytest.mark.parametrize(
    ("use_case", "calls", "units"),
    [
        ("place_order", {"TransactWriteItems": 1}, 20.0),
        ("get_order", {"GetItem": 1}, 1.0),
        ("get_order as it was", {"Query": 1}, 1.0),
        ("list_my_orders", {"Query": 1}, 0.5),
        ("list_my_orders and total", {"Query": 1, "BatchGetItem": 1}, 1.5),
        ("get_order_history", {"Query": 1}, 1.0),
        ("cancel_order", {"Query": 1, "TransactWriteItems": 1}, 25.0),
        ("record_reservation", {"Query": 1, "TransactWriteItems": 1}, 21.0),
        ("finalize_order", {"Query": 1, "TransactWriteItems": 1}, 25.0),
    ],
)
def test_round_trips_and_capacity_units_of_an_order_with_one_line(
    engine: str,
    uow: DynamoOrdersUnitOfWork,
    reader: DynamoOrderReader,
    lists: DynamoOrderListReader,
    use_case: str,
    calls: dict[str, int],
    units: float,
) -> None:
    order_id = place(uow, 1).id
    page = PageRequest(limit=20)

    def place_order() -> None:
        with request_context(idempotency=PLACING):
            place(uow, 1)

    def cancel_order() -> None:
        with request_context(idempotency=CANCELLING), uow:
            order = uow.orders.get(order_id)
            order.cancel(by=CUSTOMER, reason="Ordered by mistake.", at=T0)
            uow.commit(uow.orders.save(order))

    def finalize_order() -> None:
        with request_context(inbox=Inbox(consumer="orders.finalize_order", event_id="e")):
            change(uow, order_id, lambda it: it.complete(payment_id=order_id, at=T0))

    def record_reservation() -> None:
        with request_context(inbox=Inbox(consumer="orders.record_reservation", event_id="e")):
            change(uow, order_id, lambda it: it.record_reservation(at=T0))

    uses: dict[str, Callable[[], object]] = {
        "place_order": place_order,
        "get_order": lambda: reader.find(order_id),
        "get_order as it was": lambda: reader.past_of(order_id, up_to=None),
        "list_my_orders": lambda: lists.list_of("customer-1", page),
        "list_my_orders and total": lambda: lists.list_of(
            "customer-1", replace(page, include_total=True)
        ),
        "get_order_history": lambda: lists.history_of(order_id, page, reader="c"),
        "cancel_order": cancel_order,
        "record_reservation": record_reservation,
        "finalize_order": finalize_order,
    }
    with counted_calls() as made:
        uses[use_case]()
    assert made.dynamodb == calls
    if engine == "dynamodb_local":  # moto counts no units
        assert made.units == units
