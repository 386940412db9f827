"""GET /api/v2/products with filters."""

from typing import Any

import pytest

from tests.functions.catalog.conftest import Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import ADMIN

pytestmark = pytest.mark.row("CQR-03")

PRODUCTS = [
    ("TEA_BLUE", "kitchen", ["tea", "blue"], 500, "GBP"),
    ("TEA_RED", "kitchen", ["tea"], 900, "GBP"),
    ("HOSE", "garden", ["green"], 900, "EUR"),
    ("RAKE", "garden", [], 2_000, "GBP"),
]


@pytest.fixture
def shop(service: Service) -> Service:
    for mnemonic, category, tags, amount, currency in PRODUCTS:
        body = {
            "mnemonic": mnemonic,
            "overview": "",
            "category": category,
            "tags": tags,
            "price": {"amount": amount, "currency": currency},
        }
        assert service.v2("POST", body=body).status == 201
    return service


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [product["mnemonic"] for product in answer.data["items"]]


@pytest.mark.parametrize("sort", ["mnemonic", "created_at,id", "-mnemonic"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "kitchen"}, {"TEA_BLUE", "TEA_RED"}),
        ({"tag": "tea"}, {"TEA_BLUE", "TEA_RED"}),
        ({"tag": "te"}, set()),
        ({"mnemonic": "TEA"}, {"TEA_BLUE", "TEA_RED"}),
        ({"mnemonic": "TEA", "tag": "blue"}, {"TEA_BLUE"}),
        ({"currency": "GBP"}, {"TEA_BLUE", "TEA_RED", "RAKE"}),
        ({"currency": "GBP", "min_price": "900"}, {"TEA_RED", "RAKE"}),
        ({"currency": "GBP", "min_price": "501", "max_price": "1999"}, {"TEA_RED"}),
        ({"category": "garden", "currency": "EUR", "max_price": "900"}, {"HOSE"}),
    ],
)
def test_filters_narrow_the_list(
    shop: Service, query: dict[str, str], expected: set[str], sort: str
) -> None:
    shop.v2("GET")
    with counted_calls() as calls:
        answer = shop.v2("GET", **{"sort": sort, **query})
    found = names(answer)
    assert (set(found), len(found)) == (expected, len(expected))
    assert calls.dynamodb == {"Query": 1}


def test_a_filtered_list_is_read_page_by_page(shop: Service) -> None:
    first = shop.v2("GET", sort="-mnemonic", tag="tea", limit="1")
    following = {"sort": "-mnemonic", "tag": "tea", "limit": "1"}
    second = shop.v2("GET", **following | {"cursor": first.data["next_cursor"]})
    assert names(first) + names(second) == ["TEA_RED", "TEA_BLUE"]
    other = shop.v2("GET", **following | {"cursor": first.data["next_cursor"], "tag": "blue"})
    assert (other.status, other.code) == (422, "INVALID_CURSOR")


@pytest.mark.row("PAG-01")
def test_prices_of_one_currency_are_read_by_their_place(shop: Service) -> None:
    def found(**query: str) -> list[str]:
        with counted_calls() as calls:
            answer = shop.v2("GET", **query)
        assert calls.dynamodb == {"Query": 1}
        return names(answer)

    assert found(sort="price", currency="GBP") == ["TEA_BLUE", "TEA_RED", "RAKE"]
    assert found(sort="-price", currency="GBP") == ["RAKE", "TEA_RED", "TEA_BLUE"]
    assert found(sort="-price,-mnemonic", currency="EUR", category="garden") == ["HOSE"]
    assert found(sort="price", currency="GBP", min_price="501") == ["TEA_RED", "RAKE"]
    # What the place says is not filtered, so that a page is full unless the list ends.
    page = shop.v2("GET", sort="-price", currency="GBP", max_price="2000", limit="1")
    assert (names(page), page.data["has_next"]) == (["RAKE"], True)


@pytest.mark.parametrize("sort", ["price", "-price", "price,mnemonic"])
def test_prices_of_several_currencies_have_no_order(shop: Service, sort: str) -> None:
    for answer in (shop.v2("GET", sort=sort), shop.list(sort=sort)):
        assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
        (error,) = answer.json["error"]["errors"]
        assert (error["field"], error["type"]) == ("currency", "missing")
    assert names(shop.list(sort=sort, currency="EUR")) == ["HOSE"]


@pytest.mark.row("PAG-02")
def test_products_by_page_number(shop: Service) -> None:
    pages = [shop.v2("GET", sort="mnemonic", page=number, page_size="3") for number in "12"]
    assert [names(page) for page in pages] == [["HOSE", "RAKE", "TEA_BLUE"], ["TEA_RED"]]
    assert (pages[1].data["pages"], pages[1].data["total"]) == (2, 4)


@pytest.mark.parametrize(
    "query",
    [
        {"category": "Kitchen"},
        {"tag": "x" * 41},
        {"mnemonic": "tea"},
        {"min_price": "5"},
        {"currency": "GBP", "min_price": "-1"},
        {"currency": "gbp"},
        {"tag": "tea", "include_total": "true"},
        {"tag": "tea", "page": "1"},
    ],
    ids=str,
)
def test_filters_that_are_none(shop: Service, query: dict[str, str]) -> None:
    assert shop.v2("GET", caller=ADMIN, **query).status == 422
