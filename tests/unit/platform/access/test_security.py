import json
from typing import Annotated

import pytest

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import (
    CurrentUser,
    OptionalUser,
    Reach,
    owner_or,
    public,
    require_admin,
    require_any,
    require_permission,
)
from shared.platform.http.reply import Reply
from shared.platform.rate_limits.rules import rate_limit
from tools.lab.support.http_events import (
    ADMIN,
    ANONYMOUS,
    INVALID,
    ByKey,
    Caller,
    http_event,
    json_of,
)
from tools.lab.support.lambda_context import LambdaContext

pytestmark = [pytest.mark.row("PRM-02"), pytest.mark.row("SEC-09")]

CUSTOMER = Caller()
GRANTED = Caller(grants=("order:admin",))
KEY = ByKey(scopes=("order:read",))
STRONG_KEY = ByKey(scopes=("order:read", "order:admin"))
GRANTED_KEY = ByKey(scopes=("order:read", "order:admin"), grants=("order:admin",))
ADMINS_KEY = ByKey(role="admin", scopes=("order:read", "order:admin"))
RULES = {
    "all": require_permission(Permission.ORDER_READ, Permission.ORDER_ADMIN),
    "any": require_any(Permission.ORDER_READ, Permission.ORDER_ADMIN),
    "none held": require_any(Permission.PRODUCT_CREATE, Permission.ORDER_ADMIN),
    "admin": require_admin(),
    "public": public,
}


def call(rule: str, caller) -> dict[str, object]:
    app = create_app("things")

    @app.get("/api/v1/things", dependencies=[RULES[rule]])
    async def endpoint(user: OptionalUser) -> Reply[dict[str, object]]:
        return Reply({"user": user.id if user else None})

    event = http_event("GET", "/api/v1/things", caller=caller)
    return lambda_handler(app)(event, LambdaContext())


@pytest.mark.parametrize(
    ("rule", "caller", "status"),
    [
        ("all", CUSTOMER, 403),
        ("all", GRANTED, 200),
        ("all", ADMIN, 200),
        ("any", CUSTOMER, 200),
        ("none held", CUSTOMER, 403),
        ("none held", GRANTED, 200),
        ("admin", CUSTOMER, 403),
        ("admin", GRANTED, 403),
        ("admin", ADMIN, 200),
        ("any", KEY, 200),
        ("all", KEY, 403),
        ("all", STRONG_KEY, 403),  # its owner is no administrator of orders
        ("all", GRANTED_KEY, 200),
        ("all", ADMINS_KEY, 200),
        ("none held", KEY, 403),
        ("admin", ADMINS_KEY, 403),  # a role is its owner's
        ("public", KEY, 200),
        ("public", ANONYMOUS, 200),
        ("public", None, 200),
        *[(rule, who, 401) for rule in ("all", "any", "admin") for who in (ANONYMOUS, None)],
        *[(rule, INVALID, 401) for rule in ("all", "any", "admin", "public")],
    ],
)
def test_who_gets_in(rule, caller, status):
    """The last "public" endpoint asks for the caller, so bad credentials are refused there too."""
    assert call(rule, caller)["statusCode"] == status


def test_bad_credentials_are_refused_on_every_route_behind_the_authorizer():
    app = create_app("things")

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, object]]:
        return Reply({})

    event = http_event("GET", "/api/v1/things", caller=INVALID)
    assert lambda_handler(app)(event, LambdaContext())["statusCode"] == 401


@pytest.mark.row("PRM-05")
def test_a_denial_names_what_was_needed_and_is_logged_and_counted(capsys):
    answer = call("all", CUSTOMER)
    assert json_of(answer)["error"] == {
        "code": "PERMISSION_DENIED",
        "details": {"needed": ["order:read", "order:admin"]},
        "errors": [],
    }
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    denied = next(line for line in lines if line.get("message") == "permission denied")
    assert (denied["level"], denied["role"]) == ("WARNING", "customer")
    assert denied["user_id"] == CUSTOMER.user_id
    assert any("PermissionDenied" in line for line in lines)


@pytest.mark.parametrize(
    "context",
    [
        {"kind": "unavailable"},
        {"kind": "user", "user_id": "u-1", "role": "of tomorrow", "grants": ""},
        {"kind": "user", "role": "customer", "grants": ""},
        {"kind": "user", "user_id": "u-1"},
        {"kind": "somebody"},
        {**KEY.context(), "principal": "robot"},
        {**KEY.context(), "owner_role": "of tomorrow"},
        {name: value for name, value in KEY.context().items() if name != "owner_role"},
        {name: value for name, value in KEY.context().items() if name != "scopes"},
        {name: value for name, value in KEY.context().items() if name != "api_key_id"},
        # What a function of a release before keys makes of one: it knows no `principal`.
        {name: value for name, value in KEY.context().items() if name != "principal"},
    ],
)
def test_an_authorizer_that_cannot_be_understood_is_503_and_lets_nobody_in(context, moto):
    answer = call("any", context)
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "1")
    assert json_of(answer)["error"]["code"] == "TEMPORARILY_UNAVAILABLE"


@pytest.mark.parametrize("context", [{}, {"kind": "anonymous"}, {"kind": None}])
def test_a_context_that_names_no_user_is_an_anonymous_caller(context):
    assert call("any", context)["statusCode"] == 401


def test_the_next_release_may_call_a_key_by_its_kind():
    context = {**KEY.context(), "kind": "api_key", "role": "customer"}
    del context["principal"]
    assert call("any", context)["statusCode"] == 200
    assert call("all", context)["statusCode"] == 403


def test_the_lines_name_the_key_and_its_owner(capsys):
    call("any", KEY)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    handled = next(line for line in lines if line.get("message") == "request handled")
    assert (handled["user_id"], handled["api_key_id"]) == (KEY.user_id, KEY.api_key_id)


def test_missing_grants_and_session_are_none():
    context = {"kind": "user", "user_id": "u-1", "role": "customer", "grants": None}
    assert json_of(call("any", context))["data"] == {"user": "u-1"}


def test_current_user_is_the_caller_as_the_authorizer_told():
    app = create_app("things")

    @app.get("/api/v1/things", dependencies=[require_permission(Permission.ORDER_READ)])
    async def endpoint(user: CurrentUser) -> Reply[dict[str, object]]:
        return Reply({"id": user.id, "session": user.session_id, "grants": sorted(user.grants)})

    answer = lambda_handler(app)(
        http_event("GET", "/api/v1/things", caller=GRANTED), LambdaContext()
    )
    expected = {"id": GRANTED.user_id, "session": "session-1", "grants": ["order:admin"]}
    assert json_of(answer)["data"] == expected


class Counted(dict[str, object]):
    """Claims that count how often their role is read."""

    reads = 0

    def __getitem__(self, name: str) -> object:
        self.reads += name == "role"
        return super().__getitem__(name)


def test_the_authorizers_word_is_read_once_whoever_asks():
    """The rule, the idempotency key, the endpoint and the limits all want to know who calls."""
    app = create_app("things", limits=(rate_limit("5 things a minute per user"),))
    reach = owner_or(Permission.ORDER_ADMIN)

    @app.post("/api/v1/things", dependencies=[require_permission(Permission.ORDER_READ)])
    async def endpoint(user: CurrentUser, who: Annotated[Reach, reach]) -> Reply[dict[str, str]]:
        return Reply({"user": user.id, "reach": who.user_id})

    event = http_event(
        "POST", "/api/v1/things", caller=CUSTOMER, headers={"idempotency-key": "key-1"}
    )
    authorizer = event["requestContext"]["authorizer"]
    authorizer["lambda"] = claims = Counted(authorizer["lambda"])
    answer = lambda_handler(app)(event, LambdaContext())
    assert json_of(answer)["data"] == {"user": CUSTOMER.user_id, "reach": CUSTOMER.user_id}
    assert claims.reads == 1
