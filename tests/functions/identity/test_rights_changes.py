"""PUT …/roles, PUT and DELETE …/permissions/{permission}, GET …/permissions."""

from typing import Any

import pytest

from shared.platform.access.permissions import permissions_of
from tests.functions.identity.conftest import Service
from tests.functions.identity.test_deactivation import an_admin
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event

pytestmark = pytest.mark.row("PRM-01")
ROLES = "/api/v1/users/{user_id}/roles"
PERMISSIONS = "/api/v1/users/{user_id}/permissions"
PERMISSION = f"{PERMISSIONS}/{{permission}}"
FUNCTIONS = {
    ("PUT", ROLES): "change_roles",
    ("PUT", PERMISSION): "grant_permission",
    ("DELETE", PERMISSION): "revoke_permission",
    ("GET", PERMISSIONS): "get_user_permissions",
}


@pytest.fixture
def ada(service: Service) -> str:
    """Her id."""
    user_id: str = service.register().data["id"]
    return user_id


@pytest.fixture
def admin(service: Service) -> dict[str, Any]:
    """What an administrator's log-in was answered."""
    return an_admin(service, "root@example.com")


def ask(  # as many parts as a request has
    service: Service,
    method: str,
    path: str,
    user_id: str,
    caller: dict[str, Any],
    *,
    roles: Any = None,
    permission: str = "",
    **headers: str,
) -> Answer:
    known = {"user_id": user_id} | ({"permission": permission} if permission else {})
    event = http_event(
        method,
        path.format(**known),
        route=path,
        body=None if roles is None else {"roles": roles},
        headers=headers,
        path_parameters=known,
    )
    event["requestContext"]["authorizer"] = service.identified(caller["access_token"])
    return service.send(FUNCTIONS[method, path], event)


def give(service: Service, user_id: str, by: dict[str, Any], *roles: str, **more: str) -> Answer:
    return ask(service, "PUT", ROLES, user_id, by, roles=[*roles], **more)


def grant(
    service: Service, user_id: str, by: dict[str, Any], permission: str, **more: str
) -> Answer:
    return ask(service, "PUT", PERMISSION, user_id, by, permission=permission, **more)


def revoke(
    service: Service, user_id: str, by: dict[str, Any], permission: str, **more: str
) -> Answer:
    return ask(service, "DELETE", PERMISSION, user_id, by, permission=permission, **more)


def held(service: Service, user_id: str, by: dict[str, Any]) -> Answer:
    return ask(service, "GET", PERMISSIONS, user_id, by)


def test_it_holds_at_the_very_next_request(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    session = service.log_in().data
    bearer = f"Bearer {session['access_token']}"
    answer = give(service, ada, admin, "warehouse", "customer")
    assert answer.data == {
        "id": ada,
        "is_active": True,
        "roles": ["customer", "warehouse"],
        "grants": [],
        "restrictions": [],
        "version": 2,
    }
    assert answer.headers["etag"] == '"2"'
    assert service.authorize(bearer)["roles"] == "customer,warehouse"
    assert grant(service, ada, admin, "flag:set").data["grants"] == ["flag:set"]
    assert service.authorize(bearer)["grants"] == "flag:set"
    assert revoke(service, ada, admin, "order:place").data["restrictions"] == ["order:place"]
    caller = service.authorize(bearer)
    assert (caller["session_id"], caller["restrictions"]) == (session["session_id"], "order:place")
    event = http_event("GET", "/api/v1/users/me")
    event["requestContext"]["authorizer"] = {"lambda": caller}
    me = service.send("get_me", event).data
    assert (me["role"], me["roles"]) == ("warehouse", ["customer", "warehouse"])
    expected = permissions_of(["customer", "warehouse"]) - {"order:place"} | {"flag:set"}
    assert set(me["permissions"]) == expected
    assert service.log_in().data["user"]["role"] == "warehouse"


def test_what_somebody_may_do_is_shown_with_what_it_comes_from(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    grant(service, ada, admin, "flag:set")
    revoke(service, ada, admin, "order:place")
    answer = held(service, ada, admin)
    assert answer.data == {
        "id": ada,
        "roles": ["customer"],
        "grants": ["flag:set"],
        "restrictions": ["order:place"],
        "permissions": sorted(permissions_of(["customer"]) - {"order:place"} | {"flag:set"}),
        "version": 3,
    }
    assert answer.headers["etag"] == '"3"'


def test_what_one_role_does_not_tell_is_not_told_to_earlier_releases(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    """They would read one role in the items, and allow what is withheld."""
    for change, role in (
        (lambda: give(service, ada, admin, "sales"), "sales"),
        (lambda: give(service, ada, admin, "sales", "customer"), None),
        (lambda: give(service, ada, admin, "customer"), "customer"),
        (lambda: revoke(service, ada, admin, "order:place"), None),
        (lambda: grant(service, ada, admin, "order:place"), "customer"),
    ):
        assert change().status == 200
        for key in ("ACCESS", "STATE"):
            item = service.table.get(f"User#{ada}", key)
            assert item is not None
            assert item.get("role") == role


def test_the_last_administrator_stays_one(service: Service, admin: dict[str, Any]) -> None:
    me = admin["user"]["id"]
    assert give(service, me, admin, "customer").code == "OWN_RIGHTS"
    assert revoke(service, me, admin, "user:admin").code == "OWN_RIGHTS"
    other = an_admin(service, "other@example.com")
    assert give(service, me, other, "customer").status == 200
    refused = give(service, other["user"]["id"], admin, "customer")
    assert (refused.status, refused.code) == (403, "PERMISSION_DENIED")


def test_an_administrator_who_stays_one_withholds_from_another_and_gives_back(
    service: Service, admin: dict[str, Any]
) -> None:
    other = an_admin(service, "other@example.com")["user"]["id"]
    assert revoke(service, other, admin, "order:admin").status == 200
    assert "order:admin" not in held(service, other, admin).data["permissions"]
    assert grant(service, other, admin, "order:admin").status == 200
    assert "order:admin" in held(service, other, admin).data["permissions"]


def test_nobody_gives_what_they_do_not_hold(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    bob = service.register(email="bob@example.com", name="Bob").data["id"]
    grant(service, ada, admin, "user:admin")
    clerk = service.log_in().data
    refused = give(service, bob, clerk, "customer", "warehouse")
    assert (refused.status, refused.code) == (403, "PERMISSION_DENIED")
    assert refused.json["error"]["details"]["needed"] == [
        "inventory:adjust",
        "inventory:read",
        "product:read_confidential",
    ]
    assert grant(service, bob, clerk, "flag:set").status == 403
    assert grant(service, bob, clerk, "user:admin").status == 200
    assert revoke(service, bob, clerk, "order:place").status == 200


def test_it_is_on_record_who_did_it(service: Service, ada: str, admin: dict[str, Any]) -> None:
    give(service, ada, admin, "sales")
    grant(service, ada, admin, "flag:set")
    revoke(service, ada, admin, "flag:set")
    _, *acts = service.table.events(f"User#{ada}")
    assert [each["type"] for each in acts] == [
        "user.roles_changed",
        "user.permission_granted",
        "user.permission_revoked",
    ]
    assert {each["actor"] for each in acts} == {admin["user"]["id"]}


def test_it_is_one_read_and_one_transaction(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    service.identified(admin["access_token"])
    for number, change in enumerate(
        (
            lambda: give(service, ada, admin, "sales"),
            lambda: grant(service, ada, admin, "flag:set"),
            lambda: revoke(service, ada, admin, "order:read"),
            lambda: held(service, ada, admin),
        )
    ):
        with counted_calls() as calls:
            assert change().status == 200
        mine = {"BatchGetItem": 1, "TransactWriteItems": 1} if number < 3 else {}
        assert calls.dynamodb == {"GetItem": 1 + (number == 3), **mine}  # one is the authorizer's


@pytest.mark.row("API-03")
def test_a_repeated_request_gets_the_stored_answer(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    for change in (
        lambda **key: give(service, ada, admin, "sales", **key),
        lambda **key: grant(service, ada, admin, "flag:set", **key),
        lambda **key: revoke(service, ada, admin, "flag:set", **key),
    ):
        key = {"idempotency-key": f"a-key-of-an-administrator-{id(change)}"}
        first, second = (change(**key) for _ in range(2))
        assert first.data == second.data
        assert second.json["meta"]["idempotent_replay"] is True


def test_a_version_named_is_the_one_that_is_changed(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    stale, fresh = {"if-match": '"9"'}, {"if-match": '"1"'}
    assert give(service, ada, admin, "sales", **stale).code == "PRECONDITION_FAILED"
    assert grant(service, ada, admin, "flag:set", **stale).code == "PRECONDITION_FAILED"
    assert revoke(service, ada, admin, "order:read", **stale).code == "PRECONDITION_FAILED"
    assert give(service, ada, admin, "sales", **fresh).status == 200


@pytest.mark.parametrize(
    "roles", [[], ["of tomorrow"], ["Customer"], "customer", [1], ["customer"] * 8]
)
def test_roles_that_nobody_can_have(
    service: Service, ada: str, admin: dict[str, Any], roles: Any
) -> None:
    refused = ask(service, "PUT", ROLES, ada, admin, roles=roles)
    assert (refused.status, refused.code) == (422, "VALIDATION_FAILED")


def test_what_there_is_none_of(service: Service, ada: str, admin: dict[str, Any]) -> None:
    for change in (grant, revoke):
        refused = change(service, ada, admin, "tea:drink")
        assert (refused.status, refused.code) == (404, "PERMISSION_NOT_FOUND")
    nobody = admin["session_id"]
    for unknown in ("no id", nobody):
        assert give(service, unknown, admin, "sales").code == "USER_NOT_FOUND"
        assert grant(service, unknown, admin, "flag:set").code == "USER_NOT_FOUND"
        assert held(service, unknown, admin).code == "USER_NOT_FOUND"


def test_nobody_but_administrators(service: Service, ada: str) -> None:
    session = service.log_in().data
    for refused in (
        give(service, ada, session, "admin"),
        grant(service, ada, session, "flag:set"),
        revoke(service, ada, session, "flag:set"),
        held(service, ada, session),
    ):
        assert (refused.status, refused.code) == (403, "PERMISSION_DENIED")
