"""POST /api/v1/users/{user_id}/deactivate and …/reactivate."""

from typing import Any

import pytest

from shared.identity.domain.entitlements import Role
from tests.functions.identity.conftest import PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event
from tools.operate.create_admin import create_admin

pytestmark = pytest.mark.row("PRM-01")


@pytest.fixture
def ada(service: Service) -> str:
    """Her id."""
    user_id: str = service.register().data["id"]
    return user_id


@pytest.fixture
def admin(service: Service) -> dict[str, Any]:
    """What an administrator's log-in was answered."""
    return an_admin(service, "root@example.com")


def an_admin(service: Service, email: str) -> dict[str, Any]:
    create_admin(
        service.table.client, service.table.name, email=email, name="Root", password=PASSWORD
    )
    data: dict[str, Any] = service.log_in(email=email).data
    assert data["user"]["role"] == Role.ADMIN
    return data


def act(
    service: Service, verb: str, user_id: str, admin: dict[str, Any], **headers: str
) -> Answer:
    path = "/api/v1/users/{user_id}/" + verb
    event = http_event("POST", path.format(user_id=user_id), route=f"POST {path}", headers=headers)
    event["pathParameters"] = {"user_id": user_id}
    event["requestContext"]["authorizer"] = service.identified(admin["access_token"])
    return service.send(f"{verb}_user", event)


@pytest.mark.row("API-03")
@pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
def test_a_repeated_request_gets_the_stored_answer(
    service: Service, ada: str, admin: dict[str, Any], verb: str
) -> None:
    if verb == "reactivate":
        act(service, "deactivate", ada, admin)
    key = {"idempotency-key": "a-key-of-an-administrator"}
    first, second = (act(service, verb, ada, admin, **key) for _ in range(2))
    assert first.data == second.data
    assert second.json["meta"]["idempotent_replay"] is True


def test_it_holds_at_the_very_next_request(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    session = service.log_in().data
    answer = act(service, "deactivate", ada, admin)
    assert answer.data == {
        "id": ada,
        "is_active": False,
        "roles": ["customer"],
        "grants": [],
        "restrictions": [],
        "version": 2,
    }
    assert answer.headers["etag"] == '"2"'
    context = service.authorize(f"Bearer {session['access_token']}")
    assert context == {"kind": "invalid", "reason": "deactivated"}
    assert service.refresh(session["refresh_token"]).status == 401
    assert (service.log_in().status, service.log_in().code) == (403, "ACCOUNT_DEACTIVATED")
    assert (service.log_in("wrong").status, service.log_in("wrong").code) == (
        401,
        "INVALID_CREDENTIALS",
    )
    assert act(service, "reactivate", ada, admin).data["is_active"] is True
    context = service.authorize(f"Bearer {session['access_token']}")
    assert context == {"kind": "invalid", "reason": "session_ended"}
    assert service.log_in().status == 200


def test_it_is_on_record_who_did_it(service: Service, ada: str, admin: dict[str, Any]) -> None:
    act(service, "deactivate", ada, admin)
    act(service, "reactivate", ada, admin)
    made, *acts = service.table.events(f"User#{ada}")
    assert [each["type"] for each in acts] == ["user.deactivated", "user.reactivated"]
    assert {each["actor"] for each in acts} == {admin["user"]["id"]} != {made["actor"]}


def test_it_is_one_read_and_one_transaction(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    caller = service.identified(admin["access_token"])
    for verb in ("deactivate", "reactivate"):
        event = http_event("POST", f"/api/v1/users/{ada}/{verb}")
        event["pathParameters"] = {"user_id": ada}
        event["requestContext"]["authorizer"] = caller
        with counted_calls() as calls:
            assert service.send(f"{verb}_user", event).status == 200
        assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_the_only_administrator_stays(service: Service, admin: dict[str, Any]) -> None:
    answer = act(service, "deactivate", admin["user"]["id"], admin)
    assert (answer.status, answer.code) == (422, "NEEDS_ANOTHER_ADMIN")
    other = an_admin(service, "other@example.com")
    assert act(service, "deactivate", admin["user"]["id"], other).status == 200


def test_a_version_named_is_the_one_that_is_changed(
    service: Service, ada: str, admin: dict[str, Any]
) -> None:
    refused = act(service, "deactivate", ada, admin, **{"if-match": '"9"'})
    assert (refused.status, refused.code) == (412, "PRECONDITION_FAILED")
    assert act(service, "deactivate", ada, admin, **{"if-match": '"1"'}).status == 200


def test_nobody_but_administrators(service: Service, ada: str) -> None:
    session = service.log_in().data
    for verb in ("deactivate", "reactivate"):
        answer = act(service, verb, ada, session)
        assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")


def test_whom_there_is_none_of(service: Service, admin: dict[str, Any]) -> None:
    for verb in ("deactivate", "reactivate"):
        assert act(service, verb, "no id", admin).code == "USER_NOT_FOUND"
        assert act(service, verb, admin["session_id"], admin).code == "USER_NOT_FOUND"
