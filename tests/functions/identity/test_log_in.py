"""POST /api/v1/auth/login."""

import hashlib
import json
from typing import Any

import pytest
from argon2 import PasswordHasher

from shared.identity.domain.login_throttle import FREE_FAILURES
from tests.functions.identity.conftest import EMAIL, KEY, PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import http_event

DRAWN = ("access_token", "refresh_token", "device_token", "session_id", "session_ends_at")
pytestmark = [pytest.mark.row("SEC-01"), pytest.mark.row("SEC-03")]


def test_logging_in_is_a_count_one_read_and_one_transaction(service: Service) -> None:
    user = service.register().data
    service.log_in()  # the function is warm
    with counted_calls() as calls:
        answer = service.log_in()
    assert calls.dynamodb == {"UpdateItem": 2, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert calls.of("secretsmanager") == {}
    assert answer.status == 200
    (session,) = service.table.states(f"Session#{answer.data['session_id']}")
    assert (session["user_id"], session["client"]) == (user["id"], "pytest")
    assert {**answer.data, **dict.fromkeys(DRAWN, "")} == {
        **dict.fromkeys(DRAWN, ""),
        "token_type": "Bearer",
        "expires_in": 600,
        "user": {"id": user["id"], "email": EMAIL, "role": "customer"},
    }
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_may_be_typed_in_any_case(service: Service) -> None:
    service.register()
    assert service.log_in(email="ADA@EXAMPLE.com").status == 200


def test_wrong_password_and_unknown_address_are_told_the_same(service: Service) -> None:
    service.register()
    wrong, unknown = service.log_in("wrong"), service.log_in(email="nobody@example.com")
    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.code == "INVALID_CREDENTIALS"
    assert wrong.headers["www-authenticate"].startswith("Bearer")
    assert {**wrong.json, "meta": None} == {**unknown.json, "meta": None}


def test_wrong_password_and_unknown_address_cost_the_same_calls(service: Service) -> None:
    service.register()
    costs = []
    for email in (EMAIL, "nobody@example.com"):
        with counted_calls() as calls:
            service.log_in("wrong", email=email)
        costs.append(calls.dynamodb)
    per_address, per_network = 1, 1
    counts = per_address + per_network
    (first, second) = costs
    assert second == {"UpdateItem": counts, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert first == second | {"UpdateItem": counts + 1}  # everybody's permits, leased by six


def test_too_many_failures_lock_the_account_out_for_a_while(service: Service) -> None:
    service.register()
    for _ in range(FREE_FAILURES + 1):
        assert service.log_in("wrong").status == 401
    with counted_calls() as calls:
        answer = service.log_in()
    assert (answer.status, answer.code) == (429, "TOO_MANY_ATTEMPTS")
    assert 0 < int(answer.headers["retry-after"]) <= 30
    assert calls.dynamodb == {
        "UpdateItem": 2,
        "BatchGetItem": 1,
    }  # nothing is written while locked
    assert [item["type"] for item in service.table.events("LoginThrottle#")] == [
        *["user.login_failed"] * (FREE_FAILURES + 1),
        "user.login_locked_out",
    ]


def test_a_stranger_who_guesses_does_not_lock_out_a_known_device(service: Service) -> None:
    service.register()
    known = service.log_in().data["device_token"]
    for _ in range(FREE_FAILURES + 1):
        service.log_in("wrong")
    assert service.log_in().status == 429
    with counted_calls() as calls:
        answer = service.log_in(device_token=known)
    assert answer.status == 200
    assert calls.dynamodb == {"UpdateItem": 2, "BatchGetItem": 1, "TransactWriteItems": 1}
    stored = str(service.written())
    assert known not in stored
    assert answer.data["device_token"].partition(".")[0] == known.partition(".")[0]


def test_no_item_is_named_by_what_a_dictionary_undoes(service: Service) -> None:
    service.register()
    service.log_in("wrong")
    plain = hashlib.sha256(EMAIL.encode()).hexdigest()
    assert service.table.items("LoginThrottle#")
    assert plain not in str(service.written())


def test_a_guess_counts_after_the_traces_of_an_earlier_release(service: Service) -> None:
    """Its events have no end, and the state beside them has had one since."""
    assert service.log_in("wrong").status == 401
    (state,), (event,) = service.table.states("LoginThrottle#"), service.table.events("Login")
    assert event["expires_at"] == state["expires_at"]
    service.table.put({name: value for name, value in event.items() if name != "expires_at"})
    service.table.client.delete_item(
        TableName=service.table.name, Key={"PK": {"S": state["PK"]}, "SK": {"S": state["SK"]}}
    )
    for _ in range(FREE_FAILURES + 1):
        assert service.log_in("wrong").status == 401
    assert service.log_in("wrong").status == 429


def test_success_resets_the_count(service: Service) -> None:
    service.register()
    for _ in range(2):
        for _ in range(FREE_FAILURES):
            assert service.log_in("wrong").status == 401
        assert service.log_in().status == 200
    (throttle,) = service.table.states("LoginThrottle#")
    assert throttle["failures"] == 0


@pytest.mark.row("API-03")
def test_a_repeated_request_gets_the_same_token_which_is_stored_nowhere(service: Service) -> None:
    service.register()
    first, second = service.log_in(key=KEY), service.log_in(key=KEY)
    assert first.data | {"expires_in": 0} == second.data | {"expires_in": 0}
    assert second.json["meta"]["idempotent_replay"] is True
    token = first.data["access_token"]
    stored = json.dumps(service.written())
    assert token.rpartition(".")[2] not in stored
    assert "eyJ" not in stored


@pytest.mark.row("API-03")
def test_a_repeated_answer_says_how_long_its_token_still_lives(service: Service) -> None:
    service.register()
    service.log_in(key=KEY)
    (record,) = (each for each in service.table.items("IDEMPOTENCY#") if "token_id" in str(each))
    service.table.put(
        {**record, "result": record["result"] | {"issued_at": record["result"]["issued_at"] - 400}}
    )
    assert 0 < service.log_in(key=KEY).data["expires_in"] <= 200
    service.table.put(
        {**record, "result": record["result"] | {"issued_at": record["result"]["issued_at"] - 650}}
    )
    assert service.log_in(key=KEY).data["expires_in"] == 0


@pytest.mark.row("API-03")
def test_a_failure_is_not_remembered(service: Service) -> None:
    assert service.log_in(key=KEY).status == 401
    service.register()
    assert service.log_in(key=KEY).status == 200


@pytest.mark.row("API-03")
def test_the_same_key_with_another_password_is_another_guess(service: Service) -> None:
    service.register()
    service.log_in(key=KEY)
    answer = service.log_in("wrong", key=KEY)
    assert (answer.status, answer.code) == (401, "INVALID_CREDENTIALS")
    assert len(service.table.events("LoginThrottle#")) == 1


def test_a_hash_with_old_parameters_is_renewed_by_logging_in(service: Service) -> None:
    service.register()
    key = ("UNIQUE#EMAIL#ada@example.com", "UNIQUE")
    card = service.table.get(*key)
    assert card is not None
    old = PasswordHasher(memory_cost=8_192, time_cost=1, parallelism=1).hash(PASSWORD)
    service.table.put({**card, "password_hash": old})
    with counted_calls() as calls:
        assert service.log_in().status == 200
    assert calls.round_trips == 5  # the permits of a first request, a read, a transaction
    renewed = service.table.get(*key)
    assert renewed is not None
    assert renewed["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert {**renewed, "password_hash": ""} == {**card, "password_hash": ""}
    assert service.log_in().status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": EMAIL},
        {"email": EMAIL, "password": ""},
        {"email": EMAIL, "password": "x" * 1025},
        {"email": EMAIL, "password": None},
        {"email": "nobody", "password": PASSWORD},
        {"email": EMAIL, "password": PASSWORD, "remember": True},
        [],
        "text",
    ],
)
def test_malformed_bodies_are_refused_and_nothing_written(service: Service, body: Any) -> None:
    event = http_event("POST", "/api/v1/auth/login", body=json.dumps(body))
    answer = service.send("log_in", event)
    assert answer.status == 422
    assert service.written() == []


@pytest.mark.row("LOG-03")
def test_neither_log_nor_table_shows_a_password_or_a_token(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    token = service.token()
    refresh = service.log_in().data["refresh_token"]
    refresh = service.refresh(refresh).data["refresh_token"]
    service.refresh(refresh[:-2] + "xx")
    service.log_in("a wrong secret")
    service.register(email="x@example.com", password="Password123!")
    service.authorize(f"Bearer {token}")
    service.authorize(f"Bearer {token[:-2]}xx")
    written = capsys.readouterr().out + json.dumps(service.written())
    assert "request handled" in written
    for secret in (
        PASSWORD,
        "a wrong secret",
        "Password123!",
        token,
        token.split(".")[1],
        refresh,
    ):
        assert secret not in written
