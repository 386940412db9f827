"""PATCH /api/v1/products/{product_id}."""

from typing import Any

import pytest

from tests.functions.catalog.conftest import SHOPKEEPER, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, Caller


@pytest.fixture
def product(service: Service) -> str:
    """A teapot for 10.00 GBP."""
    found: str = service.create().data["id"]
    return found


def price(amount: int, currency: str = "GBP") -> dict[str, Any]:
    return {"price": {"amount": amount, "currency": currency}}


@pytest.mark.row("API-04")
def test_what_is_given_is_changed(service: Service, product: str) -> None:
    answer = service.update(product, {"overview": "New."})
    assert (answer.status, answer.headers["etag"]) == (200, '"2"')
    assert answer.data["overview"] == "New."
    assert answer.data["price"] == price(1_000)["price"]
    assert service.get(product, caller=SHOPKEEPER).data == answer.data
    assert [event["type"] for event in service.table.events()] == [
        "product.created",
        "product.updated",
    ]


@pytest.mark.row("API-04")
@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ('"7", "1"', 200),
        ("*", 200),
        ('"2"', 412),
        ('W/"1"', 412),
        ("1", 412),
        ("", 412),
        ("garbage", 412),
    ],
)
def test_if_match(service: Service, product: str, if_match: str, status: int) -> None:
    answer = service.update(product, {"overview": "New."}, if_match=if_match)
    assert answer.status == status
    if status == 412:
        assert answer.code == "PRECONDITION_FAILED"
        assert service.get(product).data["overview"] == "A teapot."


@pytest.mark.row("PRM-04")
@pytest.mark.parametrize(
    ("change", "by_shopkeeper"),
    [
        (price(1_200), 200),
        (price(800), 200),
        (price(1_201), 403),
        (price(799), 403),
        (price(1_000, "EUR"), 403),
        (price(0), 403),
    ],
)
def test_how_far_a_price_may_move(
    service: Service, product: str, change: Any, by_shopkeeper: int
) -> None:
    assert service.update(product, change).status == by_shopkeeper
    answer = service.update(product, change, caller=ADMIN)
    assert (answer.status, answer.data["price"]) == (200, change["price"])


@pytest.mark.row("PRM-04", "PRM-05")
def test_a_price_moved_too_far_is_a_denial_like_any_other(service: Service, product: str) -> None:
    assert service.update(product, price(1_201)).code == "PRICE_CHANGE_TOO_LARGE"
    (denied,) = service.table.events("Denial#")
    assert denied["type"] == "permission.denied"
    assert denied["data"]["needed"] == ["product:admin"]
    assert denied["data"]["code"] == "PRICE_CHANGE_TOO_LARGE"
    assert service.update(product, price(1_201), caller=ADMIN).status == 200
    assert len(service.table.events("Denial#")) == 1


@pytest.mark.row("PRM-04")
@pytest.mark.parametrize("body", [{}, {"is_confidential": False}, {"overview": "x"}, price(1)])
def test_a_confidential_product_is_not_there_to_be_changed(service: Service, body: Any) -> None:
    product = service.create(is_confidential=True).data["id"]
    editor = Caller(grants=["product:update", "product:publish", "product:admin"])
    for if_match in (None, '"1"', '"7"'):
        answer = service.update(product, body, caller=editor, if_match=if_match)
        assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")
        assert "TEAPOT" not in str(answer.json)
    assert service.get(product, caller=ADMIN).data["version"] == 1


@pytest.mark.row("PRM-04")
def test_publishing_is_a_right_of_its_own(service: Service, product: str) -> None:
    editor = Caller(grants=["product:update", "product:read_confidential"])
    assert service.update(product, {"is_confidential": False}, caller=editor).status == 200
    for now in (True, False):
        answer = service.update(product, {"is_confidential": now}, caller=editor)
        assert (answer.status, answer.code) == (403, "AUDIENCE_CHANGE_DENIED")
        assert service.update(product, {"is_confidential": now}).status == 200
    assert service.update(product, {"overview": "New."}, caller=editor).status == 200


@pytest.mark.row("PRM-04")
def test_many_small_steps_are_one(service: Service, product: str) -> None:
    """Twenty steps of a fifth each would make 10.00 into 0.11; a day allows the first alone."""
    steps = [service.update(product, price(1_000 * 4**n // 5**n)) for n in range(1, 21)]
    assert [step.status for step in steps] == [200] + [403] * 19
    assert {step.code for step in steps[1:]} == {"PRICE_CHANGE_TOO_LARGE"}
    assert service.update(product, price(1_000)).status == 200  # and back
    with counted_calls() as calls:
        service.update(product, price(1_200))
    assert calls.dynamodb == {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}


def test_nothing_new_is_nothing_written(service: Service, product: str) -> None:
    for body in ({}, {"overview": "A teapot."}):
        with counted_calls() as calls:
            answer = service.update(product, body)
        assert (answer.status, answer.headers["etag"]) == (200, '"1"')
        assert calls.dynamodb == {"BatchGetItem": 1}


@pytest.mark.row("CQR-02")
def test_round_trips(service: Service, product: str) -> None:
    with counted_calls() as calls:
        service.update(product, {"is_confidential": True})
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}


@pytest.mark.parametrize("product_id", ["0190a000-0000-7000-8000-0000000000ff", "x", "x" * 1000])
def test_what_is_not_there(service: Service, product_id: str) -> None:
    answer = service.update(product_id, {"overview": "New."})
    assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(
    ("caller", "status"), [(Caller(), 403), (ANONYMOUS, 401), (INVALID, 401), (SHOPKEEPER, 200)]
)
def test_who_may(service: Service, product: str, caller: Any, status: int) -> None:
    assert service.update(product, {"overview": "New."}, caller=caller).status == status


@pytest.mark.parametrize(
    "body",
    [
        [],
        "{",
        {"overview": None},
        {"is_confidential": None},
        {"price": None},
        {"price": {"amount": 1}},
        {"mnemonic": "OTHER"},
        {"overview": "x" * 1001},
        {"is_confidential": 1},
        price(-1),
        price(1_000, "ZZZ"),
    ],
    ids=str,
)
def test_bad_bodies(service: Service, product: str, body: Any) -> None:
    answer = service.update(product, body)
    assert answer.status in (400, 422)
    assert answer.json["success"] is False
    assert service.get(product).data["version"] == 1
