"""Sessions over HTTP: a log-out holds at the next request, on every route there is."""

import re
from collections.abc import Callable

import httpx
import pytest

from tools.lab.authorization.endpoints import authorized_routes
from tools.lab.privileges.symbols import System
from tools.lab.support.shop import PASSWORD, Customer, Shop

pytestmark = pytest.mark.row("SEC-01")
ANY_ID = "0190a000-0000-7000-8000-0000000000b1"


def protected() -> list[tuple[str, str]]:
    """Every route before which an authorizer is asked: method and path."""
    translated = System().translated
    routes = [
        each
        for stack in translated
        if stack != "root"
        for each in authorized_routes(translated[stack])
    ]
    return [(method, path) for method, path in (each.split(" ", 1) for each in sorted(routes))]


def refresh(http: httpx.Client, token: str) -> httpx.Response:
    return http.post("/api/v1/auth/refresh", json={"refresh_token": token})


def log_out(shop: Shop, customer: Customer) -> None:
    assert customer.post("/api/v1/auth/logout").status_code == 200


def deactivate(shop: Shop, customer: Customer) -> None:
    answer = shop.admin.post(f"/api/v1/users/{customer.id}/deactivate")
    assert answer.status_code == 200, answer.text


def change_the_password_elsewhere(shop: Shop, customer: Customer) -> None:
    body = {"current_password": PASSWORD, "new_password": "nine loud badgers before dawn"}
    answer = shop.log_in(customer.email).post("/api/v1/users/me/password", body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (log_out, "session_ended"),
        (deactivate, "deactivated"),
        (change_the_password_elsewhere, "session_ended"),
    ],
)
def test_what_takes_a_right_away_holds_at_the_next_request_on_every_route(
    shop: Shop, customer: Customer, end: Callable[[Shop, Customer], None], reason: str
) -> None:
    headers = {"authorization": f"Bearer {customer.token}"}
    assert shop.http.get("/api/v1/users/me", headers=headers).status_code == 200
    end(shop, customer)
    routes = protected()
    served = []
    for method, path in routes:
        asked = re.sub(r"\{[^}]*\}", ANY_ID, path)
        answer = shop.http.request(method, asked, headers=headers)
        if answer.status_code != 401:
            served.append(f"{method} {path}: {answer.status_code} {answer.text[:100]}")
        elif method != "HEAD":
            assert answer.json()["error"]["details"]["reason"] == reason
    assert served == []
    assert len(routes) >= 30
    assert refresh(shop.http, customer.session["refresh_token"]).status_code == 401


@pytest.mark.row("SEC-05")
def test_what_takes_a_right_away_takes_it_from_a_cookie_too(
    shop: Shop, customer: Customer
) -> None:
    body = {"email": customer.email, "password": PASSWORD, "session": "cookie"}
    begun = shop.http.post("/api/v1/auth/login", json=body)
    pairs = [each.partition(";")[0] for each in begun.headers.get_list("set-cookie")]
    shop.http.cookies.clear()
    proven = {"cookie": "; ".join(pairs), "x-csrf-token": begun.json()["data"]["csrf_token"]}
    assert shop.http.get("/api/v1/users/me", headers=proven).status_code == 200
    change_the_password_elsewhere(shop, customer)
    for method, path in protected():
        asked = re.sub(r"\{[^}]*\}", ANY_ID, path)
        answer = shop.http.request(method, asked, headers=proven)
        assert answer.status_code == 401, (method, path, answer.text)
    over = shop.http.post("/api/v1/auth/refresh", headers=proven)
    assert over.status_code == 401
    assert [each.partition(";")[0] for each in over.headers.get_list("set-cookie")] == [
        f"{each.partition('=')[0]}=" for each in pairs
    ]


def test_a_day_with_a_session(shop: Shop, customer: Customer) -> None:
    first = customer.session
    second = refresh(shop.http, first["refresh_token"])
    assert second.status_code == 200, second.text
    assert "set-cookie" not in second.headers
    again = refresh(shop.http, first["refresh_token"]).json()["data"]
    assert again["refresh_token"] == second.json()["data"]["refresh_token"]
    customer.session = first | again
    phone = shop.log_in(customer.email)
    listed = customer.data("/api/v1/users/me/sessions")
    assert {each["id"] for each in listed} == {first["session_id"], phone.session["session_id"]}
    assert [each["is_current"] for each in listed] == [False, True]
    gone = customer.request("DELETE", f"/api/v1/users/me/sessions/{phone.session['session_id']}")
    assert gone.status_code == 200, gone.text
    assert phone.get("/api/v1/users/me").status_code == 401
    third = refresh(shop.http, again["refresh_token"])
    assert third.status_code == 200
    stolen = refresh(shop.http, first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]["details"]["reason"]) == (401, "reused")
    headers = {"authorization": f"Bearer {third.json()['data']['access_token']}"}
    assert shop.http.get("/api/v1/users/me", headers=headers).status_code == 401
    body = {"email": customer.email, "password": PASSWORD}
    assert shop.http.post("/api/v1/auth/login", json=body).status_code == 200
