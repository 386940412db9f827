"""The orders functions count: requests to place orders, and customers' cancellations."""

import json
from typing import Any

import pytest

from tests.functions.orders.conftest import CUSTOMER, STRANGER, Service
from tests.support.aws_calls import counted_calls
from tests.support.outages import unreachable
from tools.lab.support import environment
from tools.lab.support.http_events import ADMIN, ByKey, http_event

NOWHERE = "0190a000-0000-7000-8000-0000000000ee"
pytestmark = [pytest.mark.row("RLM-01", "RLM-02", "RLM-03"), pytest.mark.usefixtures("one_window")]


def spend(service: Service, count: int, **request: Any) -> list[int]:
    """Send requests that end in a 422, which count as any other; return their statuses."""
    return [service.call("place_order", body={}, **request).status for _ in range(count)]


def test_every_answer_says_what_is_left(service: Service) -> None:
    first, second = (service.call("place_order", body={}) for _ in range(2))
    assert first.headers["ratelimit-policy"] == '"orders";q=60;w=60'
    for answer, left in ((first, 59), (second, 58)):
        seconds = int(answer.headers["ratelimit"].removeprefix(f'"orders";r={left};t='))
        assert 0 < seconds <= 60
        assert answer.headers["x-ratelimit-limit"] == "60"
        assert answer.headers["x-ratelimit-remaining"] == str(left)


PROGRAM = ByKey(user_id=CUSTOMER.user_id, scopes=("order:place", "order:cancel"))


@pytest.mark.row("SEC-04")
def test_a_program_is_counted_by_its_key_besides(service: Service) -> None:
    by_key = service.call("place_order", body={}, caller=PROGRAM)
    assert by_key.headers["ratelimit-policy"] == '"orders";q=60;w=60, "changes-by-key";q=240;w=120'
    person = service.call("place_order", body={})
    assert person.headers["ratelimit-policy"] == '"orders";q=60;w=60'
    assert person.headers["x-ratelimit-remaining"] == "58"  # the program's owner is them


@pytest.mark.row("SEC-04")
def test_who_cancels_is_held_up_by_no_rule_of_programs(service: Service) -> None:
    answer = service.call("cancel_order", NOWHERE, body={}, caller=PROGRAM)
    assert (answer.status, "ratelimit" in answer.headers) == (404, False)


def test_one_too_many_is_429_in_the_envelope(service: Service) -> None:
    assert spend(service, 60) == [422] * 60
    with counted_calls() as calls:
        answer = service.call("place_order", body={})
    assert (answer.status, answer.code) == (429, "RATE_LIMIT_EXCEEDED")
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 60
    assert answer.json["message"] == f"Too many orders. Please try again in {wait} seconds."
    assert answer.json["error"]["details"] == {
        "retry_after_seconds": wait,
        "violated_policies": ["orders"],
    }
    assert answer.headers["ratelimit"] == f'"orders";r=0;t={wait}'
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert calls.round_trips == 0  # this function knows that the window is used up
    assert spend(service, 1, caller=STRANGER) == [422]


@pytest.mark.row("ERR-03")
def test_problem_details_of_one_too_many(service: Service) -> None:
    spend(service, 60)
    answer = service.call("place_order", body={}, headers={"accept": "application/problem+json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["type"] == "urn:tradewind:error:rate-limit-exceeded"
    assert answer.json["details"]["violated_policies"] == ["orders"]


@pytest.mark.row("RLM-04")
def test_orders_are_taken_while_they_cannot_be_counted(
    service: Service, product: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with unreachable("UpdateItem"):
        answer = service.place((product, 1))
    assert answer.status == 201
    assert "ratelimit" not in answer.headers
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (said,) = [line for line in lines if line.get("message") == "rate limit not counted"]
    assert (said["level"], said["rule"], said["requests"]) == ("ERROR", "orders", "allowed")
    assert [line["RateLimiterUnavailable"] for line in lines if "RateLimiterUnavailable" in line]


def test_customers_cancel_thirty_times_an_hour_and_the_shop_as_it_likes(
    service: Service, product: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_FACTOR", "10")  # placing them is not the point here
    orders = [service.place((product, 1)).data["id"] for _ in range(32)]
    monkeypatch.delenv("RATE_LIMIT_FACTOR")
    environment.forget_cached()
    assert [service.call("cancel_order", each).status for each in orders[:30]] == [200] * 30
    refused = service.call("cancel_order", orders[30])
    assert (refused.status, refused.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert int(refused.headers["retry-after"]) <= 3_600
    assert service.call("get_order", orders[30]).data["status"] == "pending"
    assert service.call("cancel_order", orders[31], caller=ADMIN).status == 200
    assert service.call("cancel_order", orders[0]).code == "INVALID_STATE"  # changes nothing


def test_other_paths_do_not_count(service: Service) -> None:
    event = http_event("POST", "/elsewhere", body={}, caller=CUSTOMER)
    with counted_calls() as calls:
        assert service.send("place_order", event).status == 404
    assert calls.round_trips == 0


@pytest.mark.row("RLM-01")
def test_the_openapi_document_lists_the_limits(service: Service) -> None:
    from functions.orders.cancel_order import handler as cancels  # noqa: PLC0415  # as below
    from functions.orders.place_order.handler import app  # noqa: PLC0415  # in its environment

    assert app.endpoint.openapi_extra is not None
    assert app.endpoint.openapi_extra["x-rate-limits"] == [
        {
            "name": "orders",
            "requests": 60,
            "window_seconds": 60,
            "per": ["user"],
            "when_unavailable": "allow",
        },
        {
            "name": "changes-by-key",
            "requests": 240,
            "window_seconds": 120,
            "per": ["api_key"],
            "when_unavailable": "allow",
        },
    ]
    assert cancels.app.endpoint.openapi_extra == {"x-rate-limits": []}
