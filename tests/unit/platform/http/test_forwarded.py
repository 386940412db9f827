"""Whose address a request is counted by, where the authorizer has said who asks."""

import pytest

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.security import public
from shared.platform.http.reply import Reply
from shared.platform.runtime.context import current
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, ByKey, http_event, json_of
from tools.lab.support.lambda_context import LambdaContext

pytestmark = pytest.mark.row("SEC-04", "RLM-01")
STOREFRONT = ByKey(role="admin", scopes=("client:forward",))


def ask(caller, address):
    """Return the status, and the address that the request was counted by, or the code."""
    app = create_app("things")

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, str]]:
        return Reply({"address": current().client_address})

    headers = {} if address is None else {"x-forwarded-client": address}
    event = http_event("GET", "/api/v1/things", caller=caller, headers=headers)
    answer = lambda_handler(app)(event, LambdaContext())
    body = json_of(answer)
    said = body["data"]["address"] if answer["statusCode"] == 200 else body["error"]["code"]
    return answer["statusCode"], said


@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:DB8::1", "2001:db8::1"),
        (None, "203.0.113.7"),
    ],
)
def test_a_storefront_states_its_buyers_address(stated, counted):
    assert ask(STOREFRONT, stated) == (200, counted)


@pytest.mark.parametrize(
    "stated", ["", "unknown", "198.51.100.1:443", "[::1]", "198.51.100.1, 192.0.2.1", "1", "é"]
)
def test_what_is_no_address_is_refused(stated):
    assert ask(STOREFRONT, stated) == (422, "INVALID_FORWARDED_CLIENT")


@pytest.mark.parametrize(
    ("caller", "status", "code"),
    [
        (ANONYMOUS, 403, "FORWARDING_NOT_ALLOWED"),
        (None, 403, "FORWARDING_NOT_ALLOWED"),
        (ADMIN, 403, "FORWARDING_NOT_ALLOWED"),  # holds it, and comes with no key
        (ByKey(scopes=("client:forward",)), 403, "FORWARDING_NOT_ALLOWED"),  # a customer's
        (ByKey(role="admin", scopes=("order:read",)), 403, "FORWARDING_NOT_ALLOWED"),
        (INVALID, 401, "INVALID_TOKEN"),
        ({"kind": "unavailable"}, 503, "TEMPORARILY_UNAVAILABLE"),
        ({"kind": "of tomorrow"}, 503, "TEMPORARILY_UNAVAILABLE"),
    ],
)
def test_nobody_else_states_one(caller, status, code):
    assert ask(caller, "198.51.100.1") == (status, code)
