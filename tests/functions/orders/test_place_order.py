"""POST /api/v1/orders."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.platform.aws.clients import dynamodb
from tests.functions.orders.conftest import CUSTOMER, STRANGER, Service
from tests.support.aws_calls import counted_calls
from tests.support.faults import losing_answers
from tools.lab.support.http_events import ANONYMOUS, INVALID, Caller


@pytest.mark.row("API-01", "CQR-02")
def test_an_order_is_placed_with_a_count_one_read_and_one_transaction(
    service: Service, product: str
) -> None:
    service.place((product, 1))  # the function is warm
    with counted_calls() as calls:
        answer = service.place((product, 2))
    assert calls.dynamodb == {"UpdateItem": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert answer.status == 201
    order = answer.data
    price = {"amount": 1_295, "currency": "GBP"}
    assert answer.headers["location"] == f"/api/v1/orders/{order['id']}"
    assert answer.headers["etag"] == '"1"'
    assert order["customer_id"] == CUSTOMER.user_id
    assert order["lines"] == [
        {
            "product_id": product,
            "mnemonic": "P0",
            "quantity": 2,
            "unit_price": price,
            "total": {"amount": 2_590, "currency": "GBP"},
        }
    ]
    assert order["total"] == {"amount": 2_590, "currency": "GBP"}
    assert (order["status"], order["outcome"]) == ("pending", "in_progress")
    assert (order["failure"], order["version"]) == (None, 1)
    assert order["placed_at"] == order["updated_at"]


@pytest.mark.row("EVT-02")
def test_state_and_event_commit_together_at_one_time(service: Service, product: str) -> None:
    order = service.place((product, 2)).data
    (event,) = service.table.events()
    (state,) = service.table.states()
    assert (event["type"], event["actor"]) == ("order.placed", CUSTOMER.user_id)
    assert event["occurred_at"] == state["placed_at"] == order["placed_at"]
    assert state["GSI1PK"] == f"CUSTOMER#{CUSTOMER.user_id}"


def test_the_same_product_twice_is_one_line(service: Service, product: str) -> None:
    other = service.create_product(price=1)
    lines = service.place((product, 2), (other, 1), (product, 3)).data["lines"]
    assert [(line["product_id"], line["quantity"]) for line in lines] == [(product, 5), (other, 1)]


@pytest.mark.row("CQR-01")
def test_one_order_takes_so_many_of_a_product_however_they_are_listed(
    service: Service, product: str
) -> None:
    assert service.place((product, 60_000), (product, 40_000)).status == 201
    refused = service.place((product, 60_000), (product, 40_001))
    assert (refused.status, refused.code) == (422, "VALIDATION_FAILED")
    assert {each["params"]["limit"] for each in refused.json["error"]["errors"]} == {100_000}


@pytest.mark.row("SEC-08")
def test_every_answer_has_the_headers_that_owasp_asks_of_an_api(
    service: Service, product: str
) -> None:
    """https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers."""
    for answer in (service.place((product, 1)), service.call("place_order", body={})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "origin" in answer.headers["vary"].lower()


@pytest.mark.row("API-03")
def test_a_repeated_request_gets_the_same_answer_and_makes_one_order(
    service: Service, product: str
) -> None:
    first = service.place((product, 2), key="key-1")
    with counted_calls() as calls:
        again = service.place((product, 2), key="key-1")
    assert (again.status, again.data) == (first.status, first.data)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert len(service.table.states()) == 1
    assert calls.round_trips == 4
    # Keys belong to their owner.
    assert service.place((product, 2), key="key-1", caller=STRANGER).data != first.data


@pytest.mark.row("API-03")
def test_a_client_that_lost_the_answer_gets_it_by_asking_again(
    service: Service, product: str
) -> None:
    with losing_answers(dynamodb(), "TransactWriteItems"):
        assert service.place((product, 2), key="key-1").status == 503
    (state,) = service.table.states("Order#")
    again = service.place((product, 2), key="key-1")
    assert (again.status, again.data["id"]) == (201, state["id"])
    assert len(service.table.states("Order#")) == 1


@pytest.mark.row("API-03")
def test_a_key_used_for_another_body_is_refused(service: Service, product: str) -> None:
    service.place((product, 2), key="key-1")
    refused = service.place((product, 3), key="key-1")
    assert (refused.status, refused.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(service.table.states()) == 1


@pytest.mark.row("EXC-01")
def test_products_that_cannot_be_ordered_are_named(service: Service, product: str) -> None:
    hidden = service.create_product(is_confidential=True)
    unknown = "0190a000-0000-7000-8000-00000000dead"
    odd = "x#/…\u007f"
    answer = service.place((product, 1), (hidden, 1), (unknown, 1), (odd, 1))
    assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")
    assert answer.json["error"]["details"] == {"product_ids": [hidden, unknown, odd]}
    assert service.table.items() == []


@pytest.mark.row("VAL-03", "CQR-02")
def test_an_order_meets_the_catalogs_rules_of_the_day(service: Service, product: str) -> None:
    other = service.create_product(price=400)
    placed = service.place((other, 1), key="before")
    at_most = service.add_rule("quantity", "range", {"max": 6})
    dear = service.add_rule("total.amount", "range", {"min": 1_000}, currency="GBP")
    service.add_rule("quantity", "range", {"max": 1}, starts_at=datetime(2100, 1, 1, tzinfo=UTC))
    with counted_calls() as calls:
        refused = service.place((product, 4), (other, 2), (product, 3))
    # the limiter's count; the prices and the rules
    assert calls.dynamodb == {"UpdateItem": 1, "BatchGetItem": 1}
    assert (refused.status, refused.code) == (422, "BROKEN_RULES")
    assert refused.json["error"]["details"] == {"rules": [at_most, dear]}
    assert [(e["loc"], e["msg"], e["type"]) for e in refused.json["error"]["errors"]] == [
        (["body", "lines", 0, "quantity"], "Must be at most 6.", "range"),
        (["body", "lines", 1], "total.amount: Must be at least 1000.", "range"),
    ]
    assert len(service.table.states("Order#")) == 1
    again = service.place((other, 1), key="before")
    assert (again.status, again.data) == (201, placed.data), "what was answered stays answered"
    with counted_calls() as calls:
        assert service.place((product, 6)).status == 201
    assert calls.dynamodb["BatchGetItem"] == 1


@pytest.mark.parametrize("method", ["pm_card_elsewhere", "tok_visa", "pm_card_VISA"])
def test_a_payment_method_that_no_gateway_knows_is_refused_at_once(
    service: Service, product: str, method: str
) -> None:
    body = wanting(product) | {"payment_method": method}
    service.call("place_order", body=body)
    with counted_calls() as calls:
        refused = service.call("place_order", body=body)
    assert calls.dynamodb == {"UpdateItem": 1}
    assert (refused.status, refused.code) == (422, "UNKNOWN_PAYMENT_METHOD")
    assert [error["field"] for error in refused.json["error"]["errors"]] == ["payment_method"]
    assert method not in json.dumps(refused.json)


CARDS = [  # test numbers that card schemes publish; 13, 15, 16 and 19 digits
    "4222222222222",
    "378282246310005",
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "4242_4242.4242 4242",
    "pm_4242424242424242",
    "pm_card_4242_4242_4242_4242_visa",
    "6304219447607087665",
]


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize("number", CARDS)
def test_the_number_of_a_card_is_refused_and_neither_repeated_nor_logged(
    service: Service, product: str, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body = wanting(product) | {"payment_method": number}
    refused = service.call("place_order", body=body, headers={"idempotency-key": "key-1"})
    assert refused.status == 422
    (error,) = refused.json["error"]["errors"]
    assert (error["field"], error["type"]) == ("payment_method", "card_number")
    written = capsys.readouterr()
    digits = "".join(each for each in number if each.isdigit())
    everything = "".join((json.dumps(refused.json), written.out, written.err))
    for text in (number, digits, digits[:8], digits[-8:]):
        assert text not in everything
    for text in (digits[:4], digits[-4:]):  # elsewhere ids and times have such digits by chance
        assert text not in json.dumps(refused.json["error"])
    assert service.table.items() == []


@pytest.mark.parametrize(
    "method", ["pm_4242424242424243", "pm_card_visa", "pm_1234567890123", "pm_424242424242"]
)
def test_other_digits_are_no_card(service: Service, product: str, method: str) -> None:
    answer = service.call("place_order", body=wanting(product) | {"payment_method": method})
    assert "card_number" not in json.dumps(answer.json)


def wanting(product: str, total: int | None = None, *versions: int | None) -> dict[str, Any]:
    return {
        "lines": [
            {"product_id": product, "quantity": 2, "product_version": version}
            for version in versions or (None,)
        ],
        "payment_method": "pm_card_visa",
        "expected_total": None if total is None else {"amount": total, "currency": "GBP"},
    }


@pytest.mark.row("API-04")
def test_an_order_may_name_the_total_and_the_versions_that_were_seen(
    service: Service, product: str
) -> None:
    placed = service.call("place_order", body=wanting(product, 2_590, 1))
    assert (placed.status, placed.data["total"]["amount"]) == (201, 2_590)
    assert "expected_total" not in placed.data
    service.call("place_order", body=wanting(product))
    service.change_price(product, 9_000)
    refused = service.call("place_order", body=wanting(product, 5_180, 1, 2))
    assert (refused.status, refused.code) == (409, "PRICE_CHANGED")
    now = {"amount": 36_000, "currency": "GBP"}
    assert refused.json["error"]["details"] == {"total": now}
    assert [(e["field"], e["type"], e["params"]) for e in refused.json["error"]["errors"]] == [
        (
            "expected_total",
            "price_changed",
            {"old": {"amount": 5_180, "currency": "GBP"}, "new": now},
        ),
        (
            "lines.0.product_version",
            "product_changed",
            {"old": 1, "new": 2, "price": {"amount": 9_000, "currency": "GBP"}},
        ),
    ]
    assert len(service.table.states("Order#")) == 2
    again = service.call("place_order", body=wanting(product, 36_000, 2, 2))
    assert again.status == 201


def paid_with(product: str, method: str | None, **said: Any) -> dict[str, Any]:
    return {"lines": [{"product_id": product, "quantity": 2}], "payment_method": method, **said}


@pytest.mark.row("API-03", "API-04")
def test_an_order_names_a_payment_method_where_something_is_due(
    service: Service, product: str
) -> None:
    gift = service.create_product(price=0)
    headers = {"idempotency-key": "key-1"}
    without = {"lines": [{"product_id": product, "quantity": 2}]}
    for body in (without, paid_with(product, None)):
        refused = service.call("place_order", body=body, headers=headers)
        assert (refused.status, refused.code) == (422, "PAYMENT_METHOD_REQUIRED")
        (error,) = refused.json["error"]["errors"]
        assert (error["field"], error["type"]) == ("payment_method", "needed")
        assert "25.90 GBP" in error["msg"]
        total = {"amount": 2_590, "currency": "GBP"}
        assert refused.json["error"]["details"] == {"total": total}
    assert service.table.states("Order#") == []
    both = {"lines": [*without["lines"], {"product_id": gift, "quantity": 1}]}
    assert service.call("place_order", body=both).code == "PAYMENT_METHOD_REQUIRED"
    named = paid_with(product, "pm_card_visa")
    assert service.call("place_order", body=named, headers=headers).status == 201


def test_an_order_over_nothing_names_none_and_keeps_none(service: Service) -> None:
    gift = service.create_product(price=0)
    without = {"lines": [{"product_id": gift, "quantity": 2}]}
    for body in (without, paid_with(gift, None), paid_with(gift, "pm_card_visa")):
        placed = service.call("place_order", body=body)
        assert (placed.status, placed.data["payment_method"]) == (201, None)
        order = service.call("get_order", placed.data["id"])
        assert order.data == placed.data
        (event,) = service.table.events(f"Order#{placed.data['id']}")
        assert (event["schema_version"], event["data"]["payment_method"]) == (2, None)
    unknown = service.call("place_order", body=paid_with(gift, "pm_card_elsewhere"))
    assert (unknown.status, unknown.code) == (422, "UNKNOWN_PAYMENT_METHOD")


def test_who_saw_that_nothing_is_due_hears_of_the_price_first(
    service: Service, product: str
) -> None:
    seen = {"amount": 0, "currency": "GBP"}
    refused = service.call("place_order", body=paid_with(product, None, expected_total=seen))
    assert (refused.status, refused.code) == (409, "PRICE_CHANGED")


@pytest.mark.row("API-03")
def test_a_refusal_for_another_price_does_not_use_up_the_key(
    service: Service, product: str
) -> None:
    headers = {"idempotency-key": "key-1"}
    for status in (409, 409, 201):
        total = 2_590 if status == 201 else 2_591
        answer = service.call("place_order", body=wanting(product, total), headers=headers)
        assert answer.status == status


def test_products_in_two_currencies_are_no_order(service: Service, product: str) -> None:
    euro = service.create_product(currency="EUR")
    answer = service.place((product, 1), (euro, 1))
    assert (answer.status, answer.code) == (422, "MIXED_CURRENCIES")


def test_a_total_beyond_what_money_holds_is_refused(service: Service) -> None:
    dear = service.create_product(price=2**53 - 1)
    assert service.place((dear, 1)).status == 201
    answer = service.place((dear, 2))
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")


BAD_BODIES = [
    {},
    [],
    "{",
    {"lines": [], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 0}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 100_001}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": "1"}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": True}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 1.0}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": 1, "quantity": 1}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "", "quantity": 1}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 1, "price": 1}], "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 1}], "payment_method": "4242424242424242"},
    {"lines": [{"product_id": "p", "quantity": 1}], "payment_method": ""},
    {
        "lines": [{"product_id": "p", "quantity": 1}],
        "payment_method": "pm_card_visa",
        "expected_total": {"amount": 1.0, "currency": "GBP"},
    },
    {
        "lines": [{"product_id": "p", "quantity": 1}],
        "payment_method": "pm_card_visa",
        "expected_total": {"amount": -1, "currency": "GBP"},
    },
    {
        "lines": [{"product_id": "p", "quantity": 1}],
        "payment_method": "pm_card_visa",
        "expected_total": {"amount": 1, "currency": "XXX"},
    },
    {
        "lines": [{"product_id": "p", "quantity": 1, "product_version": 0}],
        "payment_method": "pm_card_visa",
    },
    {
        "lines": [{"product_id": "p", "quantity": 1, "product_version": "1"}],
        "payment_method": "pm_card_visa",
    },
    {"lines": [{"product_id": "p", "quantity": 1}] * 51, "payment_method": "pm_card_visa"},
    {"lines": [{"product_id": "p", "quantity": 60_000}] * 2, "payment_method": "pm_card_visa"},
]


@pytest.mark.row("API-01")
@pytest.mark.parametrize("body", BAD_BODIES)
def test_malformed_bodies_are_refused_and_nothing_is_written(
    service: Service, body: object
) -> None:
    with counted_calls() as calls:
        answer = service.call("place_order", body=body)
    assert answer.status == 422
    assert answer.json["success"] is False
    assert calls.dynamodb == {"UpdateItem": 1}  # counted, like every request


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(
    ("caller", "status", "code"),
    [
        (None, 401, "AUTHENTICATION_FAILED"),
        (ANONYMOUS, 401, "AUTHENTICATION_FAILED"),
        (INVALID, 401, "INVALID_TOKEN"),
    ],
)
def test_only_signed_in_customers_place_orders(
    service: Service, product: str, caller: Caller | None, status: int, code: str
) -> None:
    answer = service.place((product, 1), caller=caller)
    assert (answer.status, answer.code) == (status, code)
