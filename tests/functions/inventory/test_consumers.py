"""Reserving, selling and giving back, event by event."""

import itertools
import json
from typing import Any
from unittest.mock import patch

import pytest

from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from tests.functions.inventory.conftest import (
    ORDER,
    TEA,
    Service,
    cancelled,
    completed,
    placed,
    release_requested,
)
from tests.support.aws_calls import counted_calls
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch

pytestmark = pytest.mark.row("EVT-04")
CONSUMER = {
    "order.placed": "reserve_stock",
    "order.completed": "commit_stock",
    "order.cancelled": "release_stock",
    "inventory.release_requested": "release_stock",
}


@pytest.fixture
def stocked(service: Service) -> Service:
    """Ten units of tea."""
    service.adjust(TEA, {"quantity": 10, "reason": "delivery"})
    return service


def tell(service: Service, event: dict[str, Any]) -> list[str]:
    return service.deliver(CONSUMER[event["type"]], event)


def test_an_order_is_reserved_and_nothing_of_its_money_is_kept(stocked: Service) -> None:
    assert tell(stocked, placed(4)) == []
    assert stocked.balance() == (6, 4, 0, 10)
    (event,) = stocked.table.events("Reservation#")
    assert event["type"] == "inventory.reserved"
    assert event["data"] == {
        "order_id": ORDER,
        "customer_id": "c-1",
        "lines": [{"product_id": TEA, "quantity": 4}],
    }
    assert event["schema_version"] == 2
    stored = json.dumps(stocked.table.items(), default=str)
    assert "pm_card" not in stored
    assert "GBP" not in stored
    assert event["correlation_id"] == "correlation-1"
    assert event["actor"] == "inventory.reserve_stock"


def test_an_order_that_is_short_is_rejected(stocked: Service) -> None:
    assert tell(stocked, placed(11)) == []
    assert stocked.balance() == (10, 0, 0, 10)
    (event,) = stocked.table.events("Reservation#")
    assert event["data"]["shortages"] == [
        {"product_id": TEA, "requested": 11, "available": 10, "short": 1}
    ]


def test_round_trips(stocked: Service) -> None:
    with counted_calls() as calls:
        for event in (placed(), completed(), cancelled()):
            tell(stocked, event)
    assert calls.dynamodb == {"BatchGetItem": 1, "GetItem": 2, "TransactWriteItems": 3}


STORIES = {
    "sold": ([placed(4), completed()], (6, 0, 4, 10)),
    "declined": ([placed(4), release_requested()], (10, 0, 0, 10)),
    "cancelled": ([placed(4), cancelled()], (10, 0, 0, 10)),
    "sold, then cancelled": ([placed(4), completed(), cancelled()], (10, 0, 0, 10)),
    "declined and cancelled": ([placed(4), release_requested(), cancelled()], (10, 0, 0, 10)),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_event_three_times(stocked: Service, story: str) -> None:
    events, expected = STORIES[story]
    for event in events:
        for _ in range(3):
            assert tell(stocked, event) == []
    assert stocked.balance() == expected
    for event in events * 2:  # all of them again, from the start
        assert tell(stocked, event) == []
    assert stocked.balance() == expected
    assert len(stocked.event_types()) == len(set(stocked.event_types()))


@pytest.mark.parametrize("story", STORIES)
def test_any_order_of_events_ends_the_same(service: Service, story: str) -> None:
    """An event that comes too early stays on its queue and comes again."""
    events, expected = STORIES[story]
    for number, order_of_events in enumerate(itertools.permutations(events)):
        order, product = f"order-{number}", f"product-{number}"
        service.table.put(
            {
                "PK": f"Stock#{product}",
                "SK": "STATE",
                "id": product,
                "version": 1,
                "available": 10,
                "reserved": 0,
                "sold": 0,
                "received": 10,
            }
        )
        waiting = [_about(event, order, product) for event in order_of_events]
        for _ in events:
            waiting = [event for event in waiting if tell(service, event)]
        assert waiting == []
        assert service.balance(product) == expected


def _about(event: dict[str, Any], order: str, product: str) -> dict[str, Any]:
    data = event["data"] | {"order_id": order}
    if "lines" in data:
        data["lines"] = [line | {"product_id": product} for line in data["lines"]]
    return detail(event["type"], data, aggregate_type="Order", aggregate_id=order)


@pytest.mark.parametrize("story", STORIES)
def test_a_crash_after_each_commit_changes_nothing_more(stocked: Service, story: str) -> None:
    events, expected = STORIES[story]
    commit = DynamoInventoryUnitOfWork.commit

    def crashing(uow: DynamoInventoryUnitOfWork, *result: Any) -> None:
        commit(uow, *result)
        raise MemoryError("the function dies")

    for event in events:
        with patch.object(DynamoInventoryUnitOfWork, "commit", crashing):
            assert tell(stocked, event) == ["message-1"]
        assert tell(stocked, event) == []
    assert stocked.balance() == expected
    assert len(stocked.event_types()) == len(set(stocked.event_types()))


@pytest.mark.row("EVT-05")
def test_a_poison_message_stops_nobody(stocked: Service) -> None:
    bad: list[dict[str, Any] | str] = [
        "not json",
        bus_event(placed() | {"data": {}}, source="orders"),
        bus_event(placed(-1), source="orders"),
        bus_event(placed() | {"type": "order.unheard_of"}, source="orders"),
    ]
    good = bus_event(placed(4), source="orders")
    batch = sqs_batch(*bad[:2], good, *bad[2:])
    failed = failed_ids(stocked.invoke("reserve_stock", batch))
    assert failed == ["message-1", "message-2", "message-4", "message-5"]
    assert stocked.balance() == (6, 4, 0, 10)


@pytest.mark.parametrize("use_case", ["release_stock", "commit_stock"])
def test_an_event_about_no_order_is_malformed(service: Service, use_case: str) -> None:
    event = {"release_stock": cancelled(), "commit_stock": completed()}[use_case]
    assert service.deliver(use_case, event | {"data": {"order_id": None}}) == ["message-1"]
    assert service.table.events("Reservation#") == []
