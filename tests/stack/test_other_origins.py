"""Pages of another origin use the API as far as one parameter lets them; all others do not."""

from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.support.browser import Page
from tools.lab.support.shop import Shop
from tools.templates.edge import EXPOSED, METHODS, TAKEN

STORY = Path(__file__).with_name("shop_page.html").read_text("utf-8")
NO_HEADERS: Mapping[str, str] = {}
EVIL = "https://evil.example"
PATHS = {
    "catalog": "/api/v2/products",
    "customers": "/api/v1/customers/me/summary",
    "gateway": "/health",
    "identity": "/api/v1/users/me",
    "inventory": "/api/v1/inventory/x",
    "notifications": "/api/v1/notifications",
    "operations": "/api/v1/flags",
    "orders": "/api/v1/orders",
    "payments": "/api/v1/payments/x",
}


@pytest.mark.row("SEC-08")
def test_a_page_of_another_origin_registers_and_places_an_order(
    shop: Shop, page: Page, chromium: str, product: Callable[..., str]
) -> None:
    words = {
        "API": shop.stack.base_url,
        "PRODUCT": product(),
        "EMAIL": f"page-{uuid4().hex[:12]}@shop.example",
        "PASSWORD": f"a page of ours {uuid4().hex}",
    }
    html = STORY
    for name, value in words.items():
        html = html.replace(f'"{name}"', f'"{value}"')
    seen = page.opened(chromium, html)
    assert {name: found["status"] for name, found in seen.items()} == {
        "register": 201, "log in": 200, "products": 200, "old products": 200, "order": 201,
        "order again": 201, "my order": 200, "head": 200, "stale cancel": 412, "nobody": 401,
        "bad token": 401, "nothing": 404, "another method": 405, "bad body": 422,
    }, seen  # fmt: skip
    readable = {name: set(found["headers"]) for name, found in seen.items()}
    assert {"location", "ratelimit", "ratelimit-policy", "x-ratelimit-reset"} <= readable["order"]
    assert {"deprecation", "sunset", "link"} <= readable["old products"]
    assert "idempotency-replayed" in readable["order again"]
    assert seen["order again"]["headers"]["x-correlation-id"] == "a-page-of-ours-1"
    assert "etag" in readable["my order"] & readable["head"]
    assert "www-authenticate" in readable["nobody"] & readable["bad token"]
    assert "allow" in readable["another method"]
    assert all({"x-request-id", "x-correlation-id"} <= names for names in readable.values())


@pytest.mark.row("SEC-08")
def test_a_page_of_any_other_origin_reads_nothing(shop: Shop, page: Page, chromium: str) -> None:
    """The same page under another name for this machine: registered, perhaps, and told nothing."""
    script = """<script>
      fetch("API/api/v2/products").then(() => "read", (error) => error.name).then((came) =>
        fetch("/report", {method: "POST", body: JSON.stringify(came)}));
    </script>""".replace("API", shop.stack.base_url)
    allowed = page.origin
    page.origin = allowed.replace("localhost", "127.0.0.1")
    try:
        assert page.opened(chromium, script) == "TypeError"
    finally:
        page.origin = allowed


@pytest.mark.parametrize("service", PATHS)
def test_every_api_answers_preflights(shop: Shop, page: Page, service: str) -> None:
    assert PATHS.keys() == {
        name for name, each in shop.stack.description.services.items() if "ApiId" in each.outputs
    }
    for origin in (page.origin, EVIL):
        answer = asked(
            shop, "OPTIONS", PATHS[service], origin, {"access-control-request-method": "PUT"}
        )
        assert (answer.status_code, answer.content) == (204, b"")
        told = answer.headers.get_list("access-control-allow-origin")
        assert told == ([origin] if origin == page.origin else [])
        if told:
            assert names(answer, "access-control-allow-headers") == set(TAKEN)
            assert names(answer, "access-control-allow-methods") == {m.lower() for m in METHODS}
            assert answer.headers.get_list("access-control-allow-credentials") == ["true"]


@pytest.mark.parametrize("service", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}], ids=["nobody", "bad"])
def test_each_answer_of_an_api_names_the_origin_once(
    shop: Shop, page: Page, service: str, method: str, headers: dict[str, str]
) -> None:
    for path in (PATHS[service], f"{PATHS[service]}/no/such/thing"):
        answer = asked(shop, method, path, page.origin, headers)
        assert answer.headers.get_list("access-control-allow-origin") == [page.origin]
        assert answer.headers["vary"].lower().count("origin") == 1
        assert names(answer, "access-control-expose-headers") == set(EXPOSED)
        other = asked(shop, method, path, EVIL, headers)
        assert not [name for name in other.headers if name.startswith("access-control-")]


def asked(
    shop: Shop, method: str, path: str, origin: str, headers: Mapping[str, str] = NO_HEADERS
) -> httpx.Response:
    return shop.http.request(method, path, headers={"origin": origin, **headers})


def names(answer: httpx.Response, header: str) -> set[str]:
    return {name.strip().lower() for name in answer.headers[header].split(",")}
