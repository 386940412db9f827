"""The read model in DynamoDB: kept live, and rebuilt from zero while it is."""

from collections.abc import Callable, Iterator
from itertools import count
from threading import Barrier, Event
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from shared.customers.adapters.summary_reader import DynamoSummaryReader
from shared.customers.adapters.unit_of_work import DynamoCustomersUnitOfWork
from shared.customers.consumers import ORDER_EVENTS, on_order_placed
from shared.customers.use_cases.project_order import ProjectOrderHandler
from shared.kernel.errors import StaleAggregate
from shared.kernel.events import EventEnvelope
from shared.platform.dynamodb.event_log import EventLog
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.entry.commands import retrying
from shared.platform.events.bus import event_from
from shared.platform.runtime.context import Inbox, request_context
from tests.conftest import TableFactory
from tests.support.aws_calls import counted_calls
from tests.support.racing import race
from tools.lab.support.bus_events import detail
from tools.lab.support.tables import Table
from tools.operate import rebuild as tool
from tools.operate.rebuild import abandon, main, rebuild

pytestmark = pytest.mark.row("CQR-04")

TOTAL = {"amount": 700, "currency": "GBP"}
Story = Callable[..., list[EventEnvelope]]


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A rebuild works in threads, which moto does not keep apart."""
    return "dynamodb_local"


@pytest.fixture
def orders(make_table: TableFactory, table: Table) -> Table:
    """The orders' table, beside that of the customers."""
    return make_table()


def event(kind: str, number: int, version: int, customer: str = "c-1") -> EventEnvelope:
    order = f"o-{number}"
    data: dict[str, Any] = {"order_id": order, "customer_id": customer}
    if kind in ("placed", "completed"):
        data["total"] = TOTAL
    at = f"2026-01-01T00:{number % 60:02d}:{version:02d}.000Z"
    return event_from(
        detail(
            f"order.{kind}",
            data,
            aggregate_type="Order",
            aggregate_id=order,
            version=version,
            occurred_at=at,
        )
    )


def stored(orders: Table, each: EventEnvelope) -> None:
    """Store an event as the orders' unit of work does."""
    orders.put(
        {
            "PK": f"Order#{each.aggregate_id}",
            "SK": f"EVENT#{each.version:012d}",
            "event_id": each.id,
            "type": each.type,
            "schema_version": 1,
            "aggregate_type": "Order",
            "aggregate_id": each.aggregate_id,
            "version": each.version,
            "occurred_at": each.occurred_at.isoformat(timespec="milliseconds")[:23] + "Z",
            "data": dict(each.data),
        }
    )


def project(table: Table, each: EventEnvelope, **options: Any) -> None:
    """Handle an event as the consumer does."""
    uow = DynamoCustomersUnitOfWork(table.client, table.name, **options)
    retrying(lambda: ProjectOrderHandler(uow=uow)(ORDER_EVENTS[each.type](each)))


def shown(table: Table, customer: str = "c-1") -> tuple[int, int, int, dict[str, int]] | None:
    found = DynamoSummaryReader(table.client, table.name).find(customer)
    return found and (found.orders, found.completed, found.cancelled, found.spent)


def lives() -> Iterator[EventEnvelope]:
    for number in range(6):
        customer = f"c-{number % 2}"
        yield event("placed", number, 1, customer)
        yield event("completed", number, 4, customer)
    yield event("cancelled", 3, 5, "c-1")


def happened(orders: Table, table: Table) -> None:
    """Have everything happen, and the consumer hear of it."""
    for each in lives():
        stored(orders, each)
        project(table, each)


EXPECTED = {"c-0": (3, 3, 0, {"GBP": 2_100}), "c-1": (3, 2, 1, {"GBP": 1_400})}


def test_it_follows_the_events(table: Table) -> None:
    for each in lives():
        project(table, each)
    assert {customer: shown(table, customer) for customer in EXPECTED} == EXPECTED
    assert shown(table, "c-9") is None


@pytest.mark.row("CQR-02")
def test_an_event_is_one_read_and_one_transaction_and_counts_once(table: Table) -> None:
    uow = DynamoCustomersUnitOfWork(table.client, table.name)
    handler = ProjectOrderHandler(uow=uow)
    placed = event("placed", 1, 1)
    with request_context(inbox=Inbox(consumer="c", event_id="e-1")), counted_calls() as calls:
        handler(on_order_placed(placed))
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}
    with (
        request_context(inbox=Inbox(consumer="c", event_id="e-1")),
        pytest.raises(EventAlreadyHandled),
    ):
        handler(on_order_placed(placed))
    with request_context(inbox=Inbox(consumer="c", event_id="e-2")):
        handler(on_order_placed(placed))  # the same update under another id
    assert shown(table) == (1, 0, 0, {})
    reader = DynamoSummaryReader(table.client, table.name)
    with counted_calls() as calls:
        reader.find("c-1")
    assert calls.dynamodb == {"BatchGetItem": 1}


def test_orders_of_one_customer_at_the_same_moment_are_all_counted(table: Table) -> None:
    race(8, lambda number: project(table, event("placed", number, 1)))
    assert shown(table) == (8, 0, 0, {})


def test_a_rebuild_from_zero_shows_what_the_events_say(orders: Table, table: Table) -> None:
    """Whatever the model has become: items lost, sums wrong, orders that never were."""
    happened(orders, table)
    project(table, event("placed", 77, 1, "c-1"))  # never stored: a phantom
    summary = next(item for item in table.items("CUSTOMER#1#c-0") if item["SK"] == "SUMMARY")
    table.put(summary | {"orders": 99})
    assert shown(table, "c-0") != EXPECTED["c-0"]
    done = rebuild(table.client, orders.name, table.name, generation="2")
    assert (done.generation, done.events, done.removed) == ("2", 13, 9)
    assert {customer: shown(table, customer) for customer in EXPECTED} == EXPECTED
    assert table.items("CUSTOMER#1#") == []
    project(table, event("placed", 6, 1, "c-0"))
    assert shown(table, "c-0") == (4, 3, 0, {"GBP": 2_100})


def test_events_that_arrive_during_a_rebuild_are_in_it_once(
    orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live updates come before, while and after the segment that holds them is read."""
    happened(orders, table)
    numbers = count(100)
    scan = EventLog.scan
    monkeypatch.setattr(tool, "SEGMENTS", 1)

    def busy(log: EventLog, **options: Any) -> Any:
        for kind, version in (("placed", 1), ("completed", 4)):
            live = event(kind, number := next(numbers), version, "c-0")
            if kind == "completed":
                live = event("completed", number - 1, 4, "c-0")
            stored(orders, live)
            project(table, live)
        before = shown(table, "c-0")
        page = scan(log, **options)
        late = event("placed", next(numbers), 1, "c-0")
        stored(orders, late)
        project(table, late)
        assert before is not None
        assert shown(table, "c-0") == (before[0] + 1, *before[1:])  # readers see the old one
        return page

    monkeypatch.setattr(EventLog, "scan", busy)
    live = shown(table, "c-0")
    rebuild(table.client, orders.name, table.name)
    assert live == EXPECTED["c-0"]
    assert shown(table, "c-0") == (5, 4, 0, {"GBP": 2_800})


def interrupted(orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a rebuild that dies before its end; its one thread has nothing on its way then."""

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tool, "SEGMENTS", 1)
    with pytest.raises(KeyboardInterrupt):
        rebuild(table.client, orders.name, table.name, generation="dead", progress=killed)


def test_one_rebuild_at_a_time_and_an_interrupted_one_can_be_given_up(
    orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(orders, table)
    interrupted(orders, table, monkeypatch)
    with pytest.raises(StaleAggregate):
        rebuild(table.client, orders.name, table.name)
    assert {customer: shown(table, customer) for customer in EXPECTED} == EXPECTED
    assert abandon(table.client, table.name) == 8
    assert len(table.items("CUSTOMER#")) == 8
    assert rebuild(table.client, orders.name, table.name).events == 13


def test_what_comes_late_to_a_generation_that_has_ended_goes_with_the_next_rebuild(
    orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that Ctrl-C left, or an event whose handler had looked just before the end."""
    happened(orders, table)
    interrupted(orders, table, monkeypatch)
    abandon(table.client, table.name)
    project(table, event("placed", 9, 1), only="dead")
    assert len(table.items("CUSTOMER#dead#")) == 2
    rebuild(table.client, orders.name, table.name, generation="next")
    assert len(table.items("CUSTOMER#")) == len(table.items("CUSTOMER#next#")) == 8
    assert {customer: shown(table, customer) for customer in EXPECTED} == EXPECTED


def test_a_rebuild_that_somebody_gave_up_stops_and_shows_nothing(
    orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(orders, table)
    pages = tool._pages

    def given_up(*arguments: Any) -> Any:
        for page in pages(*arguments):
            abandon(table.client, table.name)
            yield page

    monkeypatch.setattr(tool, "SEGMENTS", 1)
    monkeypatch.setattr(tool, "_pages", given_up)
    with pytest.raises(StaleAggregate):
        rebuild(table.client, orders.name, table.name)
    assert len(table.items("CUSTOMER#")) == len(table.items("CUSTOMER#1#")) == 8


def test_ctrl_c_stops_the_other_threads_at_their_next_event(
    orders: Table, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in lives():
        stored(orders, each)
    begun, done = Barrier(2), Event()
    log = EventLog(orders.client, orders.name)
    everything = log.scan(since=tool._START, until=tool._END)

    def pages(_: EventLog, segment: int) -> Any:
        begun.wait()
        if segment == 0:
            raise KeyboardInterrupt
        done.wait()
        yield everything

    finished: list[int] = []
    others = {*enumerate_threads()}
    monkeypatch.setattr(tool, "SEGMENTS", 2)
    monkeypatch.setattr(tool, "_pages", pages)
    with pytest.raises(KeyboardInterrupt):
        rebuild(table.client, orders.name, table.name, progress=finished.append)
    done.set()
    for thread in {*enumerate_threads()} - others:
        thread.join(5)
        assert not thread.is_alive()
    assert finished == []
    assert table.items("CUSTOMER#") == []


def test_the_command_line(orders: Table, table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([orders.name, table.name]) == 1  # nothing to build from is no success
    for each in lives():
        stored(orders, each)
    assert main([orders.name, table.name]) == 0
    assert "13 events" in capsys.readouterr().out
    assert main([orders.name, table.name, "--abandon"]) == 0
    with pytest.raises(SystemExit):
        main([])
