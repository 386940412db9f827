"""Sensitive changes take a log-in of the last quarter of an hour, at any age of the session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.identity.domain.user import Role
from tests.functions.identity.conftest import PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event
from tools.operate.create_admin import create_admin

pytestmark = pytest.mark.row("SEC-01")
Act = Callable[[Service, str, str], Answer]


def send(
    service: Service, use_case: str, method: str, route: str, token: str, **ids: str
) -> Answer:
    event = http_event(method, route.format(**ids), route=f"{method} {route}")
    event["pathParameters"] = ids
    event["requestContext"]["authorizer"] = service.identified(token)
    return service.send(use_case, event)


def deactivate(service: Service, token: str, customer: str) -> Answer:
    route = "/api/v1/users/{user_id}/deactivate"
    return send(service, "deactivate_user", "POST", route, token, user_id=customer)


def reactivate(service: Service, token: str, customer: str) -> Answer:
    route = "/api/v1/users/{user_id}/reactivate"
    return send(service, "reactivate_user", "POST", route, token, user_id=customer)


def end_another(service: Service, token: str, customer: str) -> Answer:
    del customer
    lost = service.log_in(email="root@example.com").data["session_id"]
    route = "/api/v1/users/me/sessions/{session_id}"
    return send(service, "end_session", "DELETE", route, token, session_id=lost)


@pytest.fixture
def customer(service: Service) -> str:
    """Ada's id."""
    create_admin(
        service.table.client,
        service.table.name,
        email="root@example.com",
        name="R",
        password=PASSWORD,
    )
    user_id: str = service.register().data["id"]
    return user_id


def logged_in(service: Service, *, ago: timedelta) -> dict[str, Any]:
    """Log an administrator in some time *ago*; the session has been refreshed just now."""
    session: dict[str, Any] = service.log_in(email="root@example.com").data
    assert session["user"]["role"] == Role.ADMIN
    pk = f"User#{session['user']['id']}"
    rights = service.table.get(pk, "ACCESS")
    assert rights is not None
    rights["sessions"][session["session_id"]]["proven_at"] -= int(ago.total_seconds() * 1000)
    service.table.put(rights)
    return session | service.refresh(session["refresh_token"]).data


@pytest.mark.parametrize("act", [deactivate, reactivate, end_another])
def test_an_old_log_in_is_not_enough_and_a_new_one_is(
    service: Service, customer: str, act: Act
) -> None:
    old = logged_in(service, ago=timedelta(minutes=15, seconds=1))
    answer = act(service, old["access_token"], customer)
    assert (answer.status, answer.code) == (401, "RECENT_LOGIN_REQUIRED")
    assert answer.json["error"]["details"] == {"minutes": 15, "max_age": 900}
    assert 'max_age="900"' in answer.headers["www-authenticate"]
    new = service.log_in(email="root@example.com").data["access_token"]
    assert act(service, new, customer).status == 200


def test_a_refresh_makes_no_log_in_younger(service: Service, customer: str) -> None:
    old = logged_in(service, ago=timedelta(days=6))
    again = service.refresh(old["refresh_token"]).data
    assert deactivate(service, again["access_token"], customer).code == "RECENT_LOGIN_REQUIRED"
    assert service.authorize(f"Bearer {again['access_token']}")["login_age"].startswith("518")


def test_it_is_refused_before_anything_is_looked_up(service: Service, customer: str) -> None:
    token = logged_in(service, ago=timedelta(hours=1))["access_token"]
    deactivate(service, token, customer)  # the function is warm
    event = http_event("POST", "/api/v1/users/{user_id}/deactivate")
    event["requestContext"]["authorizer"] = service.identified(token)
    event["pathParameters"] = {"user_id": "nobody"}
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/api/v1/users/nobody/deactivate"
    with counted_calls() as calls:
        assert service.send("deactivate_user", event).code == "RECENT_LOGIN_REQUIRED"
    assert calls.made == []


def test_what_the_authorizer_says_of_the_log_in_costs_no_read(
    service: Service, customer: str
) -> None:
    del customer
    token = logged_in(service, ago=timedelta(minutes=3))["access_token"]
    service.authorize(f"Bearer {token}")
    with counted_calls() as calls:
        caller = service.authorize(f"Bearer {token}")
    assert calls.made == [("dynamodb", "GetItem")]
    assert (caller["amr"], int(caller["login_age"]) // 60) == ("pwd", 3)
