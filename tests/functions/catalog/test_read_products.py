"""GET /api/v1/products/{product_id} and GET /api/v1/products."""

from typing import Any

import boto3
import pytest

from tests.functions.catalog.conftest import SHOPKEEPER, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support import environment
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, Caller


@pytest.fixture
def shop(service: Service) -> Service:
    """Five products, B and D confidential."""
    for name in "ABCDE":
        service.create(mnemonic=name, is_confidential=name in "BD")
    return service


def names(answer: Any) -> str:
    return "".join(product["mnemonic"] for product in answer.data["items"])


@pytest.mark.row("API-04")
def test_a_product_is_shown_with_its_tag(service: Service) -> None:
    product = {k: v for k, v in service.create().data.items() if k != "is_confidential"}
    with counted_calls() as calls:
        shown = service.get(product["id"])
    assert (shown.status, shown.data, shown.headers["etag"]) == (200, product, '"1"')
    assert calls.dynamodb == {"GetItem": 1}
    unchanged = service.get(product["id"], if_none_match='"1"')
    assert (unchanged.status, unchanged.json, unchanged.headers["etag"]) == (304, None, '"1"')
    assert service.get(product["id"], if_none_match='"2"').status == 200


@pytest.mark.row("PRM-03")
@pytest.mark.parametrize(
    ("caller", "status"), [(ANONYMOUS, 404), (Caller(), 404), (SHOPKEEPER, 200), (ADMIN, 200)]
)
def test_a_confidential_product_is_not_there_for_most(
    service: Service, caller: Any, status: int
) -> None:
    product = service.create(is_confidential=True).data["id"]
    assert service.get(product, caller=caller).status == status
    assert names(service.list(caller=caller)) == ("TEAPOT" if status == 200 else "")


@pytest.mark.row("PRM-04")
@pytest.mark.parametrize("caller", [ANONYMOUS, Caller(), SHOPKEEPER, ADMIN])
def test_whether_a_product_is_confidential_is_shown_to_those_who_may_know(
    service: Service, caller: Any
) -> None:
    product = service.create().data["id"]
    knows = caller in (SHOPKEEPER, ADMIN)
    shown = [
        service.get(product, caller=caller).data,
        service.list(caller=caller).data["items"][0],
        service.v2("GET", f"/{product}", caller=caller).data,
        service.v2("GET", caller=caller).data["items"][0],
    ]
    assert ["is_confidential" in each for each in shown] == [knows] * 4


def test_bad_credentials_are_not_anonymous(shop: Service) -> None:
    assert shop.list(caller=INVALID).status == 401
    assert shop.get("0190a000-0000-7000-8000-0000000000ff", caller=INVALID).status == 401


@pytest.mark.parametrize(
    "product", ["0190a000-0000-7000-8000-0000000000ff", "x", "..", "%00", "x" * 1500]
)
def test_what_is_not_there(service: Service, product: str) -> None:
    answer = service.get(product)
    assert answer.status == 404


@pytest.mark.row("PAG-01")
def test_lists(shop: Service) -> None:
    assert names(shop.list()) == "ECA"
    assert names(shop.list(sort="created_at")) == "ACE"
    assert names(shop.list(sort="mnemonic", caller=ADMIN)) == "ABCDE"
    assert names(shop.list(sort="-mnemonic", caller=ADMIN)) == "EDCBA"


@pytest.mark.row("PAG-01")
def test_pages_with_a_total(shop: Service) -> None:
    with counted_calls() as calls:
        first = shop.list(sort="mnemonic", limit="2", include_total="true", caller=ADMIN)
    assert calls.dynamodb == {"Query": 1, "BatchGetItem": 1}
    assert (names(first), first.data["total"]) == ("AB", 5)
    assert (first.data["has_next"], first.data["has_prev"]) == (True, False)
    cursor = first.data["next_cursor"]
    with counted_calls() as calls:
        second = shop.list(sort="mnemonic", limit="2", cursor=cursor, caller=ADMIN)
    assert calls.dynamodb == {"Query": 1}
    assert (names(second), second.data["has_prev"]) == ("CD", True)
    assert "total" not in second.data
    assert second.data["limit"] == 2
    assert set(second.json["meta"]) == {"request_id", "correlation_id", "timestamp"}
    back = second.data["prev_cursor"]
    assert names(shop.list(sort="mnemonic", limit="2", cursor=back, caller=ADMIN)) == "AB"


@pytest.mark.row("PAG-03")
def test_a_cursor_is_its_readers_own(shop: Service) -> None:
    cursor = shop.list(limit="1", caller=ADMIN).data["next_cursor"]
    spoilt = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for query, caller in [
        ({"cursor": cursor}, SHOPKEEPER),
        ({"cursor": cursor}, ANONYMOUS),
        ({"cursor": cursor, "sort": "mnemonic"}, ADMIN),
        ({"cursor": spoilt}, ADMIN),
        ({"cursor": cursor + "A"}, ADMIN),
        ({"cursor": "é"}, ADMIN),
    ]:
        answer = shop.list(caller=caller, **query)
        assert (answer.status, answer.code) == (422, "INVALID_CURSOR")


@pytest.mark.row("PAG-03")
def test_cursors_outlive_one_rotation_of_the_secret(shop: Service) -> None:
    secrets, name = boto3.client("secretsmanager"), "catalog"
    cursor = shop.list(limit="1").data["next_cursor"]
    for expected in (200, 422):
        secrets.put_secret_value(SecretId=name, SecretString=f"{expected}" * 20)
        environment.forget_cached()
        assert shop.list(limit="1", cursor=cursor).status == expected


@pytest.mark.row("PAG-03")
def test_sort_fields_are_named(shop: Service) -> None:
    for wanted in ("overview", "price,created_at", "-price,mnemonic", "mnemonic,price"):
        answer = shop.list(sort=wanted)
        assert (answer.status, answer.code) == (422, "INVALID_SORT_FIELD")
        allowed = ["created_at,id", "mnemonic", "price,mnemonic"]
        assert answer.json["error"]["details"] == {"allowed": allowed}


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"include_total": "maybe"}, {"sort": "--"}],
)
def test_bad_queries(service: Service, query: dict[str, str]) -> None:
    assert service.list(**query).status == 422
