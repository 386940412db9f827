"""The log of a table's events: what a page costs, and that segments are parts of one whole."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from shared.platform.aws.clients import capacity_spent, dynamodb
from shared.platform.dynamodb.codec import to_item
from shared.platform.dynamodb.event_log import EventLog
from tests.support.tiers import DYNAMODB_LOCAL
from tools.lab.engines.shop import ORDERS
from tools.lab.simulation.engine.engine import Engine, Freedom
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("EVT-06")

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)
PADDING = "x" * 20_000
COUNT = 120


@pytest.fixture
def log(table: Table) -> EventLog:
    """120 events of 20 KB, two of each aggregate, half of them in January."""
    for number in range(COUNT):
        aggregate, version = f"o-{number // 2:03d}", number % 2 + 1
        month = 1 if number % 4 < 2 else 2
        table.put(
            {
                "PK": f"Order#{aggregate}",
                "SK": f"EVENT#{version:012d}",
                "event_id": f"e-{number}",
                "type": "order.placed",
                "schema_version": 1,
                "aggregate_type": "Order",
                "aggregate_id": aggregate,
                "version": version,
                "occurred_at": f"2026-{month:02d}-01T00:00:00.000Z",
                "data": {"padding": PADDING},
            }
        )
        table.put({"PK": f"Order#{aggregate}", "SK": "STATE", "version": version})
    return EventLog(dynamodb(), table.name)


def read(log: EventLog, *, segments: int) -> tuple[list[tuple[str, int]], int]:
    """Return (aggregate, version) of January's events in the order read, and items looked at."""
    found, looked_at = [], 0
    for segment in range(segments):
        start = None
        while True:
            page = log.scan(
                since=JANUARY, until=FEBRUARY, segment=segment, segments=segments, start=start
            )
            found += [(event.aggregate_id, event.version) for event in page.events]
            looked_at += page.looked_at
            start = page.next
            if start is None:
                break
    return found, looked_at


@pytest.mark.parametrize("segments", [1, 3])
def test_segments_and_pages_together_are_the_whole_each_aggregate_in_order(
    log: EventLog, segments: int
) -> None:
    found, looked_at = read(log, segments=segments)
    assert looked_at == COUNT + COUNT // 2
    expected = {(f"o-{n // 2:03d}", n % 2 + 1) for n in range(COUNT) if n % 4 < 2}
    assert len(found) == len(expected)
    assert set(found) == expected
    for aggregate in {each for each, _ in expected}:
        assert [version for each, version in found if each == aggregate] == [1, 2]


@pytest.mark.parametrize("engine", [DYNAMODB_LOCAL])  # moto does not count capacity as it does
def test_a_scan_costs_what_the_table_holds_however_many_segments(log: EventLog) -> None:
    units = []
    for segments in (1, 4):
        before = capacity_spent()
        read(log, segments=segments)
        units.append(capacity_spent() - before)
    kilobytes = COUNT * len(PADDING) / 1024
    assert units[0] == pytest.approx(kilobytes / 4, rel=0.05)  # a unit for 4 KB
    assert units[1] == pytest.approx(units[0], abs=4)  # a page of each segment rounds up


def test_a_stream_is_one_aggregates(log: EventLog) -> None:
    page = log.stream("Order", "o-007")
    assert [(event.aggregate_id, event.version) for event in page.events] == [
        ("o-007", 1),
        ("o-007", 2),
    ]
    assert (page.next, page.looked_at) == (None, 2)
    assert log.stream("Order", "nobody").events == []


def test_a_scan_leaves_out_nothing_that_was_committed_just_before() -> None:
    """A copy that is behind would: it is not the one that is asked."""
    engine = Engine(now=lambda: 1_000.0, freedom=Freedom(behind=lambda: 1.0, bound=1.0))
    engine.create_table(ORDERS)

    class Client:
        def scan(self, **request: Any) -> dict[str, Any]:
            return engine.call("Scan", request)

    item = {
        "PK": "Order#o-1",
        "SK": "EVENT#000000000001",
        "event_id": "e-1",
        "type": "order.placed",
        "schema_version": 1,
        "aggregate_type": "Order",
        "aggregate_id": "o-1",
        "version": 1,
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "data": {},
    }
    engine.call("PutItem", {"TableName": ORDERS.name, "Item": to_item(item)})
    assert engine.call("Scan", {"TableName": ORDERS.name})["Items"] == []
    log = EventLog(cast("Any", Client()), ORDERS.name)
    assert read(log, segments=1)[0] == [("o-1", 1)]
    assert sum(len(read(log, segments=number)[0]) for number in (2, 3)) == 2
