import json
from dataclasses import replace
from typing import Annotated

import pytest

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.permissions import Permission, Role, caller_of
from shared.platform.access.security import (
    CurrentUser,
    OptionalUser,
    Reach,
    owner_or,
    public,
    require_admin,
    require_any,
    require_permission,
    require_recent_login,
    require_role,
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

CONTEXT = LambdaContext()
CUSTOMER = Caller()
GRANTED = Caller(grants=("order:admin",))
KEY = ByKey(scopes=("order:read",))
STRONG_KEY = ByKey(scopes=("order:read", "order:admin"))
GRANTED_KEY = ByKey(scopes=("order:read", "order:admin"), grants=("order:admin",))
ADMINS_KEY = ByKey(role="admin", scopes=("order:read", "order:admin"))
CLERK = Caller(other_roles=("warehouse",))
WITHHELD = Caller(role="admin", grants=("order:admin",), restrictions=("order:admin",))
RULES = {
    "all": require_permission(Permission.ORDER_READ, Permission.ORDER_ADMIN),
    "any": require_any(Permission.ORDER_READ, Permission.ORDER_ADMIN),
    "none held": require_any(Permission.PRODUCT_CREATE, Permission.ORDER_ADMIN),
    "admin": require_admin(),
    "role": require_role(Role.WAREHOUSE, Role.SALES),
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
        ("all", WITHHELD, 403),
        ("any", WITHHELD, 200),
        ("role", CUSTOMER, 403),
        ("role", ADMIN, 403),
        ("role", CLERK, 200),
        ("role", replace(CLERK, restrictions=("inventory:adjust",)), 200),
        ("admin", replace(CLERK, other_roles=("admin",)), 200),
        ("public", ANONYMOUS, 200),
        ("public", None, 200),
        *[
            (rule, who, 401)
            for rule in ("all", "any", "role", "admin")
            for who in (ANONYMOUS, None)
        ],
        *[(rule, INVALID, 401) for rule in ("all", "any", "role", "admin", "public")],
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


@pytest.mark.row("PRM-05")
def test_a_denial_names_a_role_that_was_needed_and_those_that_there_were(capsys):
    answer = call("role", replace(GRANTED, other_roles=("support",)))
    assert json_of(answer)["error"]["details"] == {"needed": ["role:warehouse", "role:sales"]}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    denied = next(line for line in lines if line.get("message") == "permission denied")
    assert denied["role"] == "customer,support"


def test_an_authorizer_of_an_earlier_release_is_understood():
    """It tells one role, and nothing of restrictions."""
    context = {"kind": "user", "user_id": "u-1", "role": "admin", "grants": ""}
    assert call("all", context)["statusCode"] == 200


@pytest.mark.parametrize(
    "context",
    [
        {"kind": "unavailable"},
        {"kind": "user", "user_id": "u-1", "role": "of tomorrow", "grants": ""},
        {"kind": "user", "role": "customer", "grants": ""},
        {"kind": "user", "user_id": "u-1", "roles": "customer,of tomorrow", "grants": ""},
        {"kind": "user", "user_id": "u-1"},
        {"kind": "somebody"},
        {**KEY.context(), "principal": "robot"},
        {**KEY.context(), "owner_roles": "of tomorrow"},
        {name: value for name, value in KEY.context().items() if name != "owner_roles"},
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
    context = {**KEY.context(), "kind": "api_key"}
    del context["principal"]
    assert call("any", context)["statusCode"] == 200
    assert call("all", context)["statusCode"] == 403


def test_the_lines_name_the_key_and_its_owner(capsys):
    call("any", KEY)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    handled = next(line for line in lines if line.get("message") == "request handled")
    assert (handled["user_id"], handled["api_key_id"]) == (KEY.user_id, KEY.api_key_id)


@pytest.mark.parametrize(
    ("age", "status"), [(0, 200), (60, 200), (61, 401), (30 * 86_400, 401), (None, 401)]
)
def test_a_recent_log_in_is_one_of_the_last_minutes(age, status):
    """RFC 9470, 3; the same for who comes by no session at all, whose log-in has no age."""
    app = create_app("things")

    @app.post("/api/v1/things", dependencies=[RULES["admin"], require_recent_login(minutes=1)])
    async def endpoint() -> Reply[dict[str, object]]:
        return Reply({})

    caller = replace(ADMIN, login_age=age)
    answer = lambda_handler(app)(http_event("POST", "/api/v1/things", caller=caller), CONTEXT)
    assert answer["statusCode"] == status
    if status == 401:
        assert answer["headers"]["www-authenticate"] == (
            'Bearer realm="tradewind", error="insufficient_user_authentication", '
            'error_description="A more recent log-in is required", max_age="60"'
        )
        assert json_of(answer)["message"] == (
            "Please log in again: this takes a log-in not older than 1 minute."
        )
        assert json_of(answer)["error"] == {
            "code": "RECENT_LOGIN_REQUIRED",
            "details": {"minutes": 1, "max_age": 60},
            "errors": [],
        }


@pytest.mark.parametrize("age", [0, 3_600])
def test_who_may_not_is_not_asked_to_log_in_again(age):
    app = create_app("things")

    @app.post("/api/v1/things", dependencies=[RULES["admin"], require_recent_login(minutes=1)])
    async def endpoint() -> Reply[dict[str, object]]:
        return Reply({})

    caller = replace(CUSTOMER, login_age=age)
    answer = lambda_handler(app)(http_event("POST", "/api/v1/things", caller=caller), CONTEXT)
    assert answer["statusCode"] == 403


@pytest.mark.parametrize("said", ["", "soon", "-1", "1.5", "²", None, 0, 5.0])
def test_an_age_that_is_no_number_of_seconds_is_none(said):
    context = CUSTOMER.context() | {"login_age": said, "amr": None}
    user = caller_of({"aws.event": {"requestContext": {"authorizer": {"lambda": context}}}}).user
    assert user is not None
    assert (user.login_age, user.proven_by) == (None, ())


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
    """Claims that count how often their user is read."""

    reads = 0

    def __getitem__(self, name: str) -> object:
        self.reads += name == "user_id"
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
