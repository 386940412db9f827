"""The session's endpoints: refresh, log-out, one's sessions, the end of one."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.clock import from_iso
from shared.platform.aws.clients import dynamodb
from shared.platform.http.route import fingerprint
from tests.functions.identity.conftest import KEY, Service
from tests.support.aws_calls import counted_calls
from tests.support.faults import refused, refusing
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event

pytestmark = pytest.mark.row("SEC-01")
ME = "/api/v1/users/me/sessions"


@pytest.fixture
def session(service: Service) -> dict[str, Any]:
    """What Ada's log-in was answered."""
    service.register()
    data: dict[str, Any] = service.log_in().data
    return data


def send(service: Service, use_case: str, event: dict[str, Any], token: str | None) -> Answer:
    """Send a request with an access token through the authorizer."""
    if token is not None:
        event["requestContext"]["authorizer"] = service.identified(token)
    return service.send(use_case, event)


def log_out(service: Service, token: str | None = None, **body: str) -> Answer:
    event = http_event("POST", "/api/v1/auth/logout", body=body or None)
    return send(service, "log_out", event, token)


def listed(service: Service, token: str) -> Answer:
    return send(service, "list_sessions", http_event("GET", ME), token)


def end(service: Service, session_id: str, token: str) -> Answer:
    event = http_event("DELETE", f"{ME}/{session_id}", route=f"DELETE {ME}/{{session_id}}")
    event["pathParameters"] = {"session_id": session_id}
    return send(service, "end_session", event, token)


def kind(service: Service, token: str) -> str:
    return service.authorize(f"Bearer {token}")["kind"]


def test_a_refresh_is_one_read_and_one_write(service: Service, session: dict[str, Any]) -> None:
    first = service.refresh(session["refresh_token"])  # the function is warm
    with counted_calls() as calls:
        answer = service.refresh(first.data["refresh_token"])
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert calls.of("secretsmanager") == {}
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.data["session_id"] == session["session_id"]
    assert answer.data["session_ends_at"] == session["session_ends_at"]
    assert answer.data["expires_in"] == 600
    assert kind(service, answer.data["access_token"]) == "user"


def test_a_lost_answer_costs_one_read_and_gives_the_same_token(
    service: Service, session: dict[str, Any]
) -> None:
    lost = service.refresh(session["refresh_token"]).data
    with counted_calls() as calls:
        again = service.refresh(session["refresh_token"]).data
    assert calls.dynamodb == {"GetItem": 1}
    assert again["refresh_token"] == lost["refresh_token"]
    assert kind(service, again["access_token"]) == "user"


def test_a_reused_token_ends_the_session_at_the_next_request(
    service: Service, session: dict[str, Any]
) -> None:
    second = service.refresh(session["refresh_token"]).data
    third = service.refresh(second["refresh_token"]).data
    answer = service.refresh(session["refresh_token"])
    assert (answer.status, answer.code) == (401, "INVALID_REFRESH_TOKEN")
    assert answer.json["error"]["details"]["reason"] == "reused"
    assert kind(service, third["access_token"]) == "invalid"
    assert service.refresh(third["refresh_token"]).status == 401
    types = [each["type"] for each in service.table.events("Session#")]
    assert types == ["session.started", "security.token_reused", "session.ended"]


@pytest.mark.row("API-03")
def test_an_idempotency_key_never_hides_a_stolen_token(
    service: Service, session: dict[str, Any]
) -> None:
    stolen = session["refresh_token"]
    first = service.refresh(stolen, key=KEY)
    again = service.refresh(stolen, key=KEY)
    assert again.json["meta"]["idempotent_replay"] is True
    assert again.data["refresh_token"] == first.data["refresh_token"]
    service.refresh(first.data["refresh_token"])
    answer = service.refresh(stolen, key=KEY)
    assert (answer.status, answer.json["error"]["details"]["reason"]) == (401, "reused")


@pytest.mark.row("API-03")
def test_an_idempotency_key_never_revives_a_session(
    service: Service, session: dict[str, Any]
) -> None:
    token = session["refresh_token"]
    service.refresh(token, key=KEY)
    assert log_out(service, refresh_token=token).status == 200
    assert service.refresh(token, key=KEY).status == 401


@pytest.mark.row("API-03")
def test_a_repeated_log_in_is_refused_once_its_session_has_moved(service: Service) -> None:
    service.register()
    first = service.log_in(key=KEY).data
    assert service.log_in(key=KEY).data["refresh_token"] == first["refresh_token"]
    service.refresh(first["refresh_token"])
    answer = service.log_in(key=KEY)
    assert (answer.status, answer.code) == (401, "LOG_IN_SPENT")
    assert answer.json["error"]["errors"][0]["field"] == "idempotency-key"
    other = service.log_in(key=KEY + "2").data
    log_out(service, other["access_token"])
    assert service.log_in(key=KEY + "2").code == "LOG_IN_SPENT"


def test_a_log_out_holds_from_the_next_request_on(
    service: Service, session: dict[str, Any]
) -> None:
    token = session["access_token"]
    other = service.log_in().data["access_token"]
    log_out(service, refresh_token=service.log_in().data["refresh_token"])  # it is warm
    event = http_event("POST", "/api/v1/auth/logout")
    event["requestContext"]["authorizer"] = service.identified(token)
    with counted_calls() as calls:
        answer = service.send("log_out", event)
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert (answer.status, answer.data) == (200, {"id": session["session_id"]})
    assert service.authorize(f"Bearer {token}") == {"kind": "invalid", "reason": "session_ended"}
    assert kind(service, other) == "user"
    assert log_out(service, token).code == "INVALID_TOKEN"


def test_a_log_out_names_a_session_or_is_401(service: Service, session: dict[str, Any]) -> None:
    assert log_out(service).status == 401
    assert log_out(service, refresh_token="x").code == "INVALID_REFRESH_TOKEN"
    assert kind(service, session["access_token"]) == "user"
    other = service.log_in().data
    answer = log_out(service, session["access_token"], refresh_token=other["refresh_token"])
    assert answer.data == {"id": other["session_id"]}
    assert kind(service, session["access_token"]) == "user"


@pytest.mark.row("API-03")
def test_a_key_logs_out_whichever_session_it_comes_from(
    service: Service, session: dict[str, Any]
) -> None:
    other = service.log_in().data
    for each in (session, other):
        event = http_event("POST", "/api/v1/auth/logout", headers={"idempotency-key": KEY})
        answer = send(service, "log_out", event, each["access_token"])
        assert answer.data == {"id": each["session_id"]}
        assert kind(service, each["access_token"]) == "invalid"


@pytest.mark.parametrize("body", [{}, {"refresh_token": None}])
def test_a_body_that_names_no_token_means_the_session_one_is_in(
    service: Service, session: dict[str, Any], body: dict[str, Any]
) -> None:
    event = http_event("POST", "/api/v1/auth/logout", body=body)
    answer = send(service, "log_out", event, session["access_token"])
    assert answer.data == {"id": session["session_id"]}


def test_what_is_kept_of_a_session_goes_away_ninety_days_after_its_end(
    service: Service, session: dict[str, Any]
) -> None:
    log_out(service, session["access_token"])
    items = service.table.items("Session#")
    end = from_iso(session["session_ends_at"]) + timedelta(days=90)
    assert [each["expires_at"] for each in items] == [int(end.timestamp())] * 3


@pytest.mark.row("API-03")
def test_a_repeated_refresh_says_how_long_its_token_still_lives(
    service: Service, session: dict[str, Any]
) -> None:
    token = session["refresh_token"]
    service.refresh(token, key=KEY)
    (record,) = (each for each in service.table.items("IDEMPOTENCY#"))
    earlier = {"issued_at": record["result"]["issued_at"] - 500}
    service.table.put({**record, "result": record["result"] | earlier})
    assert 0 < service.refresh(token, key=KEY).data["expires_in"] <= 100


@pytest.mark.row("LOG-03")
def test_no_record_lets_anybody_guess_a_token(service: Service, session: dict[str, Any]) -> None:
    """The fingerprint of a body with a secret is an HMAC, and says nothing without its key."""
    body = {"refresh_token": session["refresh_token"]}
    service.refresh(body["refresh_token"], key=KEY)
    (record,) = (each for each in service.table.items("IDEMPOTENCY#"))
    assert record["fingerprint"] != fingerprint("/api/v1/auth/refresh", body)


def test_one_sees_where_one_is_logged_in(service: Service, session: dict[str, Any]) -> None:
    event = http_event(
        "POST",
        "/api/v1/auth/login",
        body={"email": "ada@example.com", "password": "seven quiet otters at dusk"},
        headers={"user-agent": "Shop/2.0\t (Phone)" + "x" * 300},
    )
    phone = service.send("log_in", event).data
    listed(service, phone["access_token"])  # the function is warm
    token = service.identified(phone["access_token"])
    asking = http_event("GET", ME)
    asking["requestContext"]["authorizer"] = token
    with counted_calls() as calls:
        answer = service.send("list_sessions", asking)
    assert calls.dynamodb == {"GetItem": 1, "BatchGetItem": 1}
    newest, oldest = answer.data
    assert [newest["id"], oldest["id"]] == [phone["session_id"], session["session_id"]]
    assert [newest["is_current"], oldest["is_current"]] == [True, False]
    assert newest["client"].startswith("Shop/2.0 (Phone)xxx")
    assert len(newest["client"]) == 200
    assert newest["proven_by"] == ["pwd"]
    assert newest["ends_at"] == phone["session_ends_at"]


def test_a_lost_phone_is_logged_out_from_elsewhere(
    service: Service, session: dict[str, Any]
) -> None:
    lost = service.log_in().data
    mine = session["access_token"]
    answer = end(service, lost["session_id"], mine)
    assert (answer.status, answer.data) == (200, {"id": lost["session_id"]})
    assert kind(service, lost["access_token"]) == "invalid"
    assert service.refresh(lost["refresh_token"]).status == 401
    assert len(listed(service, mine).data) == 1
    for unknown in (lost["session_id"], "nonsense"):
        gone = end(service, unknown, mine)
        assert (gone.status, gone.code) == (404, "SESSION_NOT_FOUND")


def test_sessions_of_others_look_like_none(service: Service, session: dict[str, Any]) -> None:
    service.register(email="eve@example.com")
    eve = service.log_in(email="eve@example.com").data["access_token"]
    answer = end(service, session["session_id"], eve)
    assert (answer.status, answer.code) == (404, "SESSION_NOT_FOUND")
    assert kind(service, session["access_token"]) == "user"
    assert len(listed(service, eve).data) == 1


def test_the_rights_of_somebody_with_all_their_sessions_are_one_read_unit(
    service: Service, session: dict[str, Any]
) -> None:
    for number in range(21):
        answer = service.log_in(device_token=f"{number}")
    assert answer.status == 200
    (rights,) = (each for each in service.table.items("User#") if each["SK"] == "ACCESS")
    assert len(rights["sessions"]) == 20
    assert len(json.dumps(rights, default=str)) < 4096
    assert kind(service, session["access_token"]) == "invalid"


def test_an_account_from_before_sessions_were_kept_logs_in(service: Service) -> None:
    service.register()
    (rights,) = (each for each in service.table.items("User#") if each["SK"] == "ACCESS")
    key = {"PK": {"S": rights["PK"]}, "SK": {"S": "ACCESS"}}
    service.table.client.delete_item(TableName=service.table.name, Key=key)
    (card,) = service.table.items("UNIQUE#")
    service.table.put({name: value for name, value in card.items() if name != "version"})
    data = service.log_in().data
    assert kind(service, data["access_token"]) == "user"
    assert kind(service, service.log_in().data["access_token"]) == "user"


def test_without_the_table_nobody_is_told_that_their_token_is_bad(
    service: Service, session: dict[str, Any]
) -> None:
    with refusing(dynamodb(), "GetItem", [refused("InternalServerError")] * 3):
        assert service.refresh(session["refresh_token"]).status == 503
    assert service.refresh(session["refresh_token"]).status == 200
