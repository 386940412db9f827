"""POST /api/v1/users/me/password."""

from typing import Any

import pytest

from tests.functions.identity.conftest import KEY, PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event

pytestmark = pytest.mark.row("SEC-03")
NEW = "nine patient herons by the mill"


@pytest.fixture
def session(service: Service) -> dict[str, Any]:
    """What Ada's log-in was answered."""
    service.register()
    data: dict[str, Any] = service.log_in().data
    return data


def change(
    service: Service, token: str, *, key: str | None = None, caller: Any = None, **body: Any
) -> Answer:
    sent = {"current_password": PASSWORD, "new_password": NEW} | body
    headers = {"idempotency-key": key} if key else {}
    event = http_event("POST", "/api/v1/users/me/password", body=sent, headers=headers)
    event["requestContext"]["authorizer"] = caller or service.identified(token)
    return service.send("change_password", event)


def kind(service: Service, token: str) -> str:
    return service.authorize(f"Bearer {token}")["kind"]


def test_it_holds_from_the_next_request_on(service: Service, session: dict[str, Any]) -> None:
    elsewhere = service.log_in().data
    answer = change(service, session["access_token"])
    assert (answer.status, answer.data) == (200, {"sessions_ended": 1})
    assert kind(service, session["access_token"]) == "user"
    assert kind(service, elsewhere["access_token"]) == "invalid"
    assert service.refresh(elsewhere["refresh_token"]).status == 401
    assert service.refresh(session["refresh_token"]).status == 200
    assert service.log_in().code == "INVALID_CREDENTIALS"
    assert service.log_in(NEW).status == 200


def test_it_is_two_reads_and_one_transaction(service: Service, session: dict[str, Any]) -> None:
    token = session["access_token"]
    change(service, token)  # the function is warm
    caller = service.identified(token)
    with counted_calls() as calls:
        again = {"current_password": NEW, "new_password": PASSWORD}
        assert change(service, token, caller=caller, **again).status == 200
    rate_limit = {"UpdateItem": 1}
    assert calls.dynamodb == {"BatchGetItem": 2, "TransactWriteItems": 1} | rate_limit


def test_what_is_refused_says_at_which_field(service: Service, session: dict[str, Any]) -> None:
    token = session["access_token"]
    wrong = change(service, token, current_password="wrong")
    assert (wrong.status, wrong.code) == (422, "WRONG_PASSWORD")
    weak = change(service, token, new_password="password1234")
    assert (weak.status, weak.code) == (422, "WEAK_PASSWORD")
    shapeless = change(service, token, new_password="", current_password=1)
    assert [each["loc"] for each in wrong.json["error"]["errors"]] == [
        ["body", "current_password"]
    ]
    assert [each["loc"] for each in weak.json["error"]["errors"]] == [["body", "new_password"]]
    assert {each["loc"][-1] for each in shapeless.json["error"]["errors"]} == {
        "current_password",
        "new_password",
    }


def test_guesses_are_throttled_with_those_of_log_ins(
    service: Service, session: dict[str, Any]
) -> None:
    token = session["access_token"]
    for number in range(5):
        if number % 2:
            assert service.log_in("wrong").status == 401
        else:
            assert change(service, token, current_password="wrong").status == 422
    assert change(service, token).status == 429
    assert service.log_in().status == 429
    assert change(service, token, device_token=session["device_token"]).status == 200


@pytest.mark.row("API-03")
def test_who_repeats_it_for_a_lost_answer_hears_that_it_was_done(
    service: Service, session: dict[str, Any]
) -> None:
    token = session["access_token"]
    first = change(service, token, key=KEY)
    again = change(service, token, key=KEY)
    assert (again.status, again.data) == (200, first.data)
    assert again.json["meta"]["idempotent_replay"] is True
    other = change(service, token, key=KEY, new_password="eleven eager owls at noon")
    assert other.code == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.row("SEC-04")
def test_no_item_holds_a_password(service: Service, session: dict[str, Any]) -> None:
    change(service, session["access_token"], key=KEY)
    change(service, session["access_token"], current_password="not hers at all")
    stored = str(service.written())
    assert not any(each in stored for each in (PASSWORD, NEW, "not hers at all"))


def test_a_session_that_ended_behind_the_authorizer_changes_nothing(
    service: Service, session: dict[str, Any]
) -> None:
    caller = service.identified(session["access_token"])
    change(service, service.log_in().data["access_token"])
    answer = change(service, "", caller=caller, current_password=NEW, new_password=PASSWORD)
    assert (answer.status, answer.code) == (401, "INVALID_TOKEN")
