"""What a request and an event write about themselves: lines, metrics, and no secret."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from tests.functions.orders.conftest import CUSTOMER, Service, reserved
from tools.lab.support.http_events import ANONYMOUS

Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(service: Service, capsys: pytest.CaptureFixture[str]) -> Iterator[Read]:
    """Return what was written since the last time, at every level."""
    service.call("get_order", "x")  # the function is warm
    logger = get_logger(settings().service)
    level = logger.log_level
    logger.setLevel("DEBUG")
    capsys.readouterr()

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    logger.setLevel(level)


@pytest.mark.row("LOG-02", "LOG-03")
def test_a_line_knows_its_request_and_nothing_of_the_one_before(
    service: Service, lines: Read
) -> None:
    service.call("get_order", "x", headers={"x-correlation-id": "story-number-7"})
    first = [line for line in lines() if line["message"] == "request handled"]
    service.call("get_order", "x", caller=ANONYMOUS)
    second = [line for line in lines() if line["message"] == "request handled"]
    (mine,), (theirs,) = first, second
    assert (mine["user_id"], mine["correlation_id"]) == (CUSTOMER.user_id, "story-number-7")
    assert mine["request_id"] != theirs["request_id"]
    assert "user_id" not in theirs
    assert theirs["correlation_id"] != "story-number-7"


@pytest.mark.row("LOG-05")
def test_a_secret_that_a_client_sends_as_something_else_is_masked(
    service: Service, lines: Read
) -> None:
    service.call("get_order", "x", headers={"x-correlation-id": "AKIAIOSFODNN7EXAMPLE"})
    written = lines()
    assert [line["message"] for line in written].count("request handled") == 1
    assert "AKIAIOSFODNN7EXAMPLE" not in json.dumps(written)


@pytest.mark.row("LOG-06")
def test_each_call_of_a_repository_is_told_at_debug(
    service: Service, product: str, lines: Read
) -> None:
    order = service.place((product, 1)).data["id"]
    lines()
    service.call("get_order", order)
    (call,) = (line for line in lines() if line["message"] == "repository call")
    assert (call["operation"], call["entity"], call["level"]) == ("find", "Order", "DEBUG")
    assert call["duration_ms"] > 0
    assert call["capacity_units"] > 0


@pytest.mark.row("MET-02")
def test_a_request_is_counted_and_timed_by_its_route(service: Service, lines: Read) -> None:
    service.call("get_order", "x")
    (measured,) = (line for line in lines() if "Request" in line)
    assert (measured["route"], measured["status"]) == ("GET /api/v1/orders/{order_id}", "404")
    assert len(measured["RequestDuration"]) == 1


@pytest.mark.row("MET-05")
def test_a_trace_goes_from_the_request_through_its_events(service: Service, product: str) -> None:
    story = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    body = {"lines": [{"product_id": product, "quantity": 1}], "payment_method": "pm_card_visa"}
    service.call("place_order", body=body, headers={"x-amzn-trace-id": story})
    (placed,) = service.table.events("Order#")
    assert placed["trace"] == story
    order = placed["PK"].removeprefix("Order#")
    assert service.deliver("record_reservation", reserved(order, trace=placed["trace"])) == []
    _, recorded = service.table.events("Order#")
    assert recorded["trace"] == story
