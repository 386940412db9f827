"""What other pages have a browser send with the session that it is in: nothing that counts.

Another site's requests arrive without cookies; a sibling's, on the same site, with them, and are
refused for want of the CSRF token. Take away either, and the story tells.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack.test_sessions import ANY_ID, protected
from tests.support.browser import reported
from tests.support.sites import API, EVIL, FRONT, SIBLING, Sites
from tools.lab.support.shop import PASSWORD, Customer, Shop

pytestmark = pytest.mark.row("SEC-05")
STORY = Path(__file__).with_name("forged_requests.html").read_text("utf-8")
CHANGES = ("/api/v1/auth/logout", "/api/v1/auth/refresh", "/api/v1/auth/logout")


@pytest.fixture
def told(shop: Shop, sites: Sites, customer: Customer, chromium: str) -> Iterator[Any]:
    """Play the story: ``told()`` returns what our own pages report."""
    sites.upstream = shop.stack.base_url
    words = {
        "API": sites.origin(API), "EVIL": sites.origin(EVIL), "EMAIL": customer.email,
        "PASSWORD": PASSWORD,
    }  # fmt: skip
    html = STORY
    for name, value in words.items():
        html = html.replace(f'"{name}"', f'"{value}"')
    parts = {f"{FRONT}/": "home", f"{FRONT}/after": "after", f"{EVIL}/": "attack"}
    for place, part in (parts | {f"{SIBLING}/": "attack"}).items():
        sites.pages[place] = html.replace("PART()", f"{part}()")

    def play() -> dict[str, Any]:
        sites.asked.clear()
        said = reported(chromium, f"{sites.origin(FRONT)}/", sites.reports, sites.flag)
        seen: dict[str, Any] = json.loads(said)
        return seen

    yield play
    sites.same_site = sites.check = True


def flaws(sites: Sites, seen: dict[str, Any]) -> list[str]:
    """Return what went wrong, in the order of the story."""
    found = []
    for host, cookies, status in ((EVIL, 0, 401), (SIBLING, 3, 403)):
        forged = [each for each in sites.asked if each.origin == host]
        if tuple(each.path for each in forged) != CHANGES:
            found.append(f"{host} tried {[each.path for each in forged]}")
        if any(len(each.cookies) > cookies for each in forged):
            found.append(f"cookies came along from {host}")
        if any(each.status != status for each in forged):
            found.append(f"{host} was answered {[each.status for each in forged]}")
    if seen.get("still_mine") != 200:
        found.append("the session has ended")
    return found


def test_no_page_but_ours_changes_anything(sites: Sites, told: Any) -> None:
    seen = told()
    assert flaws(sites, seen) == [], sites.asked
    assert seen == {
        "log_in": 200, "refresh": 200, "mine": 200, "still_mine": 200, "log_out": 200, "then": 401,
        "readable": "",  # the API's cookies are another host's
        "tokens": [],
    }  # fmt: skip
    ours = [each for each in sites.asked if each.origin == FRONT and each.path.endswith("/me")]
    assert [len(each.cookies) for each in ours if each.method == "GET"] == [3, 3, 0]


def test_no_route_makes_a_change_by_a_cookie_alone(shop: Shop, customer: Customer) -> None:
    """Over HTTP, on every changing route before which an authorizer stands, of every service."""
    body = {"email": customer.email, "password": PASSWORD, "session": "cookie"}
    begun = shop.http.post("/api/v1/auth/login", json=body)
    set_cookies = begun.headers.get_list("set-cookie")
    assert len(set_cookies) == 3
    cookie = "; ".join(each.partition(";")[0] for each in set_cookies)
    by_cookie = {"cookie": cookie}
    shop.http.cookies.clear()
    assert shop.http.get("/api/v1/users/me", headers=by_cookie).status_code == 200
    routes = [each for each in protected() if each[0] not in ("GET", "HEAD")]
    for method, path in [*routes, ("POST", "/api/v1/auth/refresh")]:
        asked = re.sub(r"\{[^}]*\}", ANY_ID, path)
        answer = shop.http.request(method, asked, headers=by_cookie)
        assert answer.status_code == 403, (method, path, answer.text)
        assert answer.json()["error"]["code"] == "CSRF_TOKEN_REFUSED"
    assert len(routes) >= 16
    proven = by_cookie | {"x-csrf-token": begun.json()["data"]["csrf_token"]}
    for method, path in routes:
        if path != "/api/v1/auth/logout":
            asked = re.sub(r"\{[^}]*\}", ANY_ID, path)
            answer = shop.http.request(method, asked, headers=proven)
            assert "CSRF_TOKEN_REFUSED" not in answer.text, (method, path)
    assert shop.http.post("/api/v1/auth/logout", headers=proven).status_code == 200
    assert shop.http.get("/api/v1/users/me", headers=by_cookie).status_code == 401


def test_without_same_site_another_sites_requests_bring_the_cookies(
    sites: Sites, told: Any
) -> None:
    sites.same_site = False
    assert f"cookies came along from {EVIL}" in flaws(sites, told())


def test_without_the_token_check_a_siblings_request_ends_the_session(
    sites: Sites, told: Any
) -> None:
    sites.check = False
    found = flaws(sites, told())
    assert "the session has ended" in found
    assert f"cookies came along from {EVIL}" not in found
