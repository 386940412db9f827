"""The typed calls: pages are followed, and tokens renewed before they expire."""

import json
from typing import Any

import httpx
import pytest

from tools.shop.api_client.account import MARGIN_SECONDS, Account
from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport


def _product(number: int) -> dict[str, Any]:
    price = {"amount": 100, "currency": "GBP"}
    return {
        "id": str(number),
        "mnemonic": f"P{number}",
        "overview": "",
        "price": price,
        "version": 1,
    }


def _pages(request: httpx.Request) -> httpx.Response:
    second = request.url.params.get("cursor") == "next"
    items = [_product(3)] if second else [_product(1), _product(2)]
    data = {"items": items, "next_cursor": None if second else "next"}
    return httpx.Response(200, json={"data": data})


def test_products_follow_the_cursor() -> None:
    with Transport("http://shop", http=httpx.MockTransport(_pages)) as transport:
        assert [p.mnemonic for p in Shop(transport).products()] == ["P1", "P2", "P3"]


@pytest.mark.parametrize(
    ("seconds_later", "logins"), [(0, 1), (899 - MARGIN_SECONDS, 1), (900 - MARGIN_SECONDS, 2)]
)
def test_a_token_is_renewed_before_it_expires(seconds_later: float, logins: int) -> None:
    issued: list[str] = []
    now = 1000.0

    def log_in(_: httpx.Request) -> httpx.Response:
        issued.append(f"token-{len(issued) + 1}")
        data = {"access_token": issued[-1], "expires_in": 900}
        return httpx.Response(200, json={"data": data})

    with Transport("http://shop", http=httpx.MockTransport(log_in)) as transport:
        account = Account(transport, "a@b.example", "secret", clock=lambda: now)
        account.token()
        now += seconds_later
        assert account.token() == f"token-{logins}"
    assert len(issued) == logins


def test_a_device_is_known_by_the_token_of_the_log_in_before() -> None:
    now = 1000.0
    said: list[str | None] = []

    def log_in(request: httpx.Request) -> httpx.Response:
        said.append(json.loads(request.content).get("device_token"))
        told = {"device_token": "device-1"} if said == [None] else {}
        data = {"access_token": "token", "expires_in": 900, **told}
        return httpx.Response(200, json={"data": data})

    with Transport("http://shop", http=httpx.MockTransport(log_in)) as transport:
        account = Account(transport, "a@b.example", "secret", clock=lambda: now)
        for _ in range(3):
            account.token()
            now += 900
    assert said == [None, "device-1", "device-1"]


def test_a_session_goes_on_and_a_new_one_begins_when_it_has_ended() -> None:
    now = 1000.0
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        if asked == ["login", "refresh", "refresh"]:
            error = {"code": "INVALID_REFRESH_TOKEN", "details": {}, "errors": []}
            return httpx.Response(401, json={"message": "over", "error": error})
        if asked[-1] == "refresh":
            assert json.loads(request.content) == {"refresh_token": f"refresh-{len(asked) - 1}"}
        number = len(asked)
        data = {
            "access_token": f"token-{number}",
            "expires_in": 600,
            "refresh_token": f"refresh-{number}",
        }
        return httpx.Response(200, json={"data": data})

    with Transport("http://shop", http=httpx.MockTransport(answer)) as transport:
        account = Account(transport, "a@b.example", "secret", clock=lambda: now)
        tokens = []
        for _ in range(3):
            tokens.append(account.token())
            now += 600
        account.log_out()
        account.token()
    assert asked == ["login", "refresh", "refresh", "login", "logout", "login"]
    assert tokens == ["token-1", "token-2", "token-4"]


def _refuse(code: str) -> httpx.MockTransport:
    body = {"message": "no", "error": {"code": code, "details": {}, "errors": []}}
    return httpx.MockTransport(lambda _: httpx.Response(404, json=body))


def test_a_product_that_was_never_delivered_has_no_stock() -> None:
    with Transport("http://shop", http=_refuse("STOCK_NOT_FOUND")) as transport:
        assert Shop(transport).stock("p").received == 0
    unknown = Transport("http://shop", http=_refuse("PRODUCT_NOT_FOUND"))
    with unknown, pytest.raises(ApiError):
        Shop(unknown).stock("p")


def test_an_order_that_was_never_charged_has_no_payment() -> None:
    with Transport("http://shop", http=_refuse("PAYMENT_NOT_FOUND")) as transport:
        assert Shop(transport).payment("o") is None
