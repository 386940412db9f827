"""POST /api/v1/inventory/{product_id}/adjustments and GET /api/v1/inventory/{product_id}."""

from dataclasses import replace
from typing import Any

import pytest

from tests.functions.inventory.conftest import CLERK, POT, SECRET, TEA, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import ANONYMOUS, INVALID, ByKey, Caller

DELIVERY = {"quantity": 10, "reason": "delivery"}


@pytest.mark.row("CQR-01", "API-01")
def test_stock_is_adjusted_and_shown(service: Service) -> None:
    answer = service.adjust(TEA, DELIVERY)
    assert (answer.status, answer.headers["location"]) == (201, f"/api/v1/inventory/{TEA}")
    expected = {"product_id": TEA, "available": 10, "reserved": 0, "sold": 0, "received": 10}
    assert answer.json["data"] == expected
    shown = service.get(TEA)
    assert (shown.status, shown.json["data"]) == (200, expected)


@pytest.mark.row("CQR-02")
def test_round_trips(service: Service) -> None:
    with counted_calls() as first:
        service.adjust(TEA, DELIVERY)
    with counted_calls() as second:
        service.adjust(TEA, DELIVERY)
    with counted_calls() as shown:
        service.get(TEA)
    assert first.dynamodb == {"GetItem": 2, "TransactWriteItems": 1}  # asks the catalog, once ever
    assert second.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert shown.dynamodb == {"GetItem": 1}


@pytest.mark.row("API-03")
def test_the_same_request_counts_once(service: Service) -> None:
    answers = [service.adjust(TEA, DELIVERY, key="delivery-1") for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 201]
    assert answers[0].json["data"] == answers[1].json["data"] == answers[2].json["data"]
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert service.balance() == (10, 0, 0, 10)
    other = service.adjust(TEA, DELIVERY | {"quantity": 11}, key="delivery-1")
    assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    elsewhere = service.adjust(POT, DELIVERY, key="delivery-1")
    assert (elsewhere.status, elsewhere.code) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.row("API-03")
def test_a_write_off_that_was_answered_is_answered_again(service: Service) -> None:
    service.adjust(TEA, DELIVERY)
    written_off = {"quantity": -10, "reason": "fire"}
    for _ in range(2):  # the second finds nothing left, and must hear that it succeeded
        assert service.adjust(TEA, written_off, key="fire").status == 201
    assert service.balance() == (0, 0, 0, 0)


def test_more_than_there_is_cannot_be_written_off(service: Service) -> None:
    service.adjust(TEA, DELIVERY)
    answer = service.adjust(TEA, {"quantity": -11, "reason": "broken"})
    assert (answer.status, answer.code) == (422, "INSUFFICIENT_STOCK")
    assert service.balance() == (10, 0, 0, 10)


@pytest.mark.parametrize(
    "product", ["0190a000-0000-7000-8000-0000000000ff", "tea", "%F0%9F%AB%96", "x" * 300]
)
def test_what_is_not_there(service: Service, product: str) -> None:
    answer, shown = service.adjust(product, DELIVERY), service.get(product)
    assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")
    assert (shown.status, shown.code) == (404, "STOCK_NOT_FOUND")
    assert service.table.items() == []


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(("caller", "status"), [(Caller(), 403), (ANONYMOUS, 401), (INVALID, 401)])
def test_who_may(service: Service, caller: Any, status: int) -> None:
    assert service.adjust(TEA, DELIVERY, caller=caller).status == status
    assert service.get(TEA, caller=caller).status == status
    assert service.table.items("Stock#") == []


@pytest.mark.row("PRM-04")
def test_stock_of_a_confidential_product_is_for_those_who_may_know_of_it(service: Service) -> None:
    assert service.adjust(SECRET, DELIVERY).status == 201
    porter = Caller(grants=["inventory:read", "inventory:adjust"])
    for body in (DELIVERY, DELIVERY | {"quantity": -11}):
        answer = service.adjust(SECRET, body, caller=porter)
        assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")
    shown = service.get(SECRET, caller=porter)
    assert (shown.status, shown.code) == (404, "STOCK_NOT_FOUND")
    assert service.balance(SECRET) == (10, 0, 0, 10)
    assert service.get(SECRET).status == 200
    with counted_calls() as adjusted:
        assert service.adjust(TEA, DELIVERY, caller=porter).status == 201
    with counted_calls() as shown_tea:
        assert service.get(TEA, caller=porter).status == 200
    assert adjusted.dynamodb == {"GetItem": 2, "TransactWriteItems": 1}  # asks the catalog always
    assert shown_tea.dynamodb == {"GetItem": 2}


@pytest.mark.parametrize(
    "body",
    [
        {},
        None,
        [],
        "{",
        DELIVERY | {"quantity": 0},
        DELIVERY | {"quantity": "1"},
        DELIVERY | {"quantity": True},
        DELIVERY | {"quantity": 1.5},
        DELIVERY | {"quantity": 10**9 + 1},
        '{"quantity": ' + "1" * 5000 + ', "reason": "much"}',
        DELIVERY | {"reason": ""},
        DELIVERY | {"reason": "x" * 201},
        DELIVERY | {"reason": None},
        DELIVERY | {"surprise": 1},
        '{"quantity": 1, "quantity": 2, "reason": "twice"}',
        '{"quantity": NaN, "reason": "nan"}',
        b"\xff",
    ],
    ids=lambda body: str(body)[:40],
)
def test_bad_bodies(service: Service, body: Any) -> None:
    answer = service.adjust(TEA, body, caller=CLERK)
    assert answer.status in (400, 422)
    assert answer.json["success"] is False
    assert service.table.items() == []


@pytest.mark.row("RLM-01", "SEC-04")
@pytest.mark.usefixtures("one_window")
def test_a_program_makes_so_many_changes_and_another_of_its_owner_goes_on(
    service: Service,
) -> None:
    """Refused ones count as any other; people are counted by nobody here."""
    program = ByKey(role="warehouse", scopes=("inventory:adjust",))
    other = replace(program, api_key_id=program.api_key_id[:-1] + "2")
    for _ in range(240):
        assert service.adjust(TEA, {}, caller=program).status == 422
    refused_ = service.adjust(TEA, {}, caller=program)
    assert (refused_.status, refused_.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert refused_.json["error"]["details"]["violated_policies"] == ["changes-by-key"]
    assert service.adjust(TEA, {}, caller=other).headers["x-ratelimit-remaining"] == "239"
    with counted_calls() as calls:
        person = service.adjust(TEA, {})
    assert (person.status, "ratelimit" in person.headers, calls.round_trips) == (422, False, 0)
