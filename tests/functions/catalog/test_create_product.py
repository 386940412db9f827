"""POST /api/v1/products."""

from typing import Any

import pytest

from tests.functions.catalog.conftest import SHOPKEEPER, TEAPOT, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, Caller

PRICE = {"amount": 1_000, "currency": "GBP"}


@pytest.mark.row("API-01", "API-04", "CQR-01")
def test_a_product_is_created(service: Service) -> None:
    answer = service.create()
    product = answer.data
    assert answer.status == 201
    assert answer.headers["location"] == f"/api/v1/products/{product['id']}"
    assert answer.headers["etag"] == '"1"'
    assert product | TEAPOT == product
    assert (product["is_confidential"], product["version"]) == (False, 1)
    assert product["created_at"] == product["updated_at"]
    (event,) = service.table.events()
    assert (event["type"], event["actor"]) == ("product.created", SHOPKEEPER.user_id)


@pytest.mark.row("CQR-02")
def test_it_takes_two_round_trips(service: Service) -> None:
    with counted_calls() as calls:
        service.create(key="teapot")
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}  # the rules come first


@pytest.mark.row("API-03")
def test_the_same_request_counts_once(service: Service) -> None:
    answers = [service.create(key="teapot") for _ in range(3)]
    assert {answer.status for answer in answers} == {201}
    assert answers[0].data == answers[1].data == answers[2].data
    assert answers[2].headers["idempotency-replayed"] == "true"
    assert answers[2].headers["etag"] == '"1"'
    assert len(service.table.states()) == 1
    other = service.create(key="teapot", mnemonic="KETTLE")
    assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    someone_else = service.create(key="teapot", mnemonic="KETTLE", caller=ADMIN)
    assert someone_else.status == 201


@pytest.mark.row("VAL-04")
def test_a_mnemonic_is_taken_once(service: Service) -> None:
    service.create()
    answer = service.create()
    assert (answer.status, answer.code) == (409, "MNEMONIC_TAKEN")
    assert len(service.table.states()) == 1


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(("caller", "status"), [(Caller(), 403), (ANONYMOUS, 401), (INVALID, 401)])
def test_who_may(service: Service, caller: Any, status: int) -> None:
    assert service.create(caller=caller).status == status
    assert [item for item in service.table.items() if item["type"] != "permission.denied"] == []


@pytest.mark.row("PRM-01")
def test_grants_are_enough(service: Service) -> None:
    """To know all products is one of them: a taken mnemonic tells of what may be confidential."""
    service.create(is_confidential=True)
    alone = service.create(caller=Caller(grants=["product:create"]))
    assert (alone.status, alone.code) == (403, "PERMISSION_DENIED")
    both = Caller(grants=["product:create", "product:read_confidential"])
    assert service.create(caller=both).status == 409
    assert service.create(mnemonic="OTHER", caller=both).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "null",
        "{",
        b"\xff\xfe",
        TEAPOT | {"mnemonic": "tea pot"},
        TEAPOT | {"mnemonic": "TEA\n"},
        TEAPOT | {"mnemonic": "A" * 51},
        TEAPOT | {"mnemonic": 1},
        TEAPOT | {"overview": "x" * 1001},
        TEAPOT | {"overview": None},
        TEAPOT | {"is_confidential": "false"},
        TEAPOT | {"is_confidential": 0},
        TEAPOT | {"price": 10},
        TEAPOT | {"price": {"amount": 10}},
        TEAPOT | {"price": PRICE | {"amount": -1}},
        TEAPOT | {"price": PRICE | {"amount": "1"}},
        TEAPOT | {"price": PRICE | {"amount": True}},
        TEAPOT | {"price": PRICE | {"amount": 1.0}},
        TEAPOT | {"price": PRICE | {"amount": 2**53}},
        TEAPOT | {"price": PRICE | {"currency": "gbp"}},
        TEAPOT | {"price": PRICE | {"currency": "ZZZ"}},
        TEAPOT | {"price": PRICE | {"more": 1}},
        TEAPOT | {"id": "mine"},
        '{"mnemonic": "A", "mnemonic": "B", "overview": "", "price": {}}',
        '{"mnemonic": "A", "overview": "\\ud800", "price": {"amount": 1, "currency": "GBP"}}',
        '{"mnemonic": "A", "overview": "", "price": {"amount": 1e999, "currency": "GBP"}}',
    ],
)
def test_bad_bodies(service: Service, body: Any) -> None:
    answer = service.create(body)
    assert answer.status in (400, 422)
    assert answer.json["success"] is False
    assert service.table.items() == []
