"""POST /api/v1/auth/register."""

import json
from typing import Any

import pytest

from shared.platform.http.route import fingerprint
from tests.functions.identity.conftest import EMAIL, KEY, PASSWORD, Service
from tests.support.aws_calls import counted_calls

pytestmark = pytest.mark.row("SEC-01")


def test_registering_is_a_count_and_one_transaction(service: Service) -> None:
    service.register(email="first@example.com")  # the function is warm
    with counted_calls() as calls:
        answer = service.register()
    counts = 2  # by address and by network; everybody's permits are leased by six
    assert calls.dynamodb == {"UpdateItem": counts, "TransactWriteItems": 1}
    assert (answer.status, answer.headers["location"]) == (201, "/api/v1/users/me")
    user = answer.data
    assert {**user, "id": "", "created_at": ""} == {
        "id": "",
        "email": "ada@example.com",
        "name": "Ada",
        "role": "customer",
        "created_at": "",
    }
    (event,) = service.table.events(f"User#{user['id']}")
    assert event["type"] == "user.registered"


@pytest.mark.row("SEC-03")
def test_the_password_is_stored_as_argon2id_in_the_log_in_card_alone(service: Service) -> None:
    user = service.register().data
    card = service.table.get("UNIQUE#EMAIL#ada@example.com", "UNIQUE")
    assert card is not None
    assert card["owner"] == user["id"]
    assert card["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    others = [item for item in service.written() if item["SK"] != "UNIQUE"]
    assert others
    assert "argon2" not in json.dumps(others)


def test_an_address_registers_once_whatever_its_case(service: Service) -> None:
    service.register()
    before = service.written()
    answer = service.register(email="ADA@Example.COM", name="Eve")
    assert (answer.status, answer.code) == (409, "EMAIL_TAKEN")
    assert service.written() == before


@pytest.mark.row("API-03")
def test_a_repeated_request_gets_the_same_answer_and_one_account(service: Service) -> None:
    first = service.register(key=KEY)
    second = service.register(key=KEY)
    assert (first.status, first.data) == (second.status, second.data)
    assert second.json["meta"]["idempotent_replay"] is True
    assert len(service.table.events("User#")) == 1


@pytest.mark.row("API-03")
def test_the_same_key_with_another_body_is_another_request(service: Service) -> None:
    service.register(key=KEY)
    answer = service.register(key=KEY, password="another good passphrase")
    assert (answer.status, answer.code) == (409, "EMAIL_TAKEN")
    assert service.register(key=KEY, email="bob@example.com").status == 201


@pytest.mark.row("API-03")
def test_a_stranger_is_known_by_key_and_body_wherever_they_are(service: Service) -> None:
    answers = [service.register(key=KEY, address=f"198.51.100.{host}") for host in (1, 2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    (record,) = service.table.items("IDEMPOTENCY#")
    assert KEY not in str(record)
    assert "198.51.100" not in str(record)


@pytest.mark.row("API-03")
@pytest.mark.parametrize(("key", "status"), [("k" * 15, 422), ("k" * 16, 201)])
def test_a_stranger_s_key_is_long_enough_to_be_theirs(
    service: Service, key: str, status: int
) -> None:
    answer = service.register(key=key)
    assert answer.status == status
    assert status != 422 or answer.code == "INVALID_IDEMPOTENCY_KEY"


@pytest.mark.row("SEC-03")
def test_the_stored_fingerprint_is_keyed_so_passwords_cannot_be_tried_on_it(
    service: Service,
) -> None:
    body = {"email": EMAIL, "password": PASSWORD, "name": "Ada"}
    service.register(key=KEY)
    (record,) = service.table.items("IDEMPOTENCY#")
    path, key = "/api/v1/auth/register", lambda: "k" * 64
    assert record["fingerprint"] == fingerprint(path, body, key=key)
    assert record["fingerprint"] != fingerprint(path, body)


@pytest.mark.row("SEC-03")
@pytest.mark.parametrize(
    "password", ["short", "Password123!", "ada@example.com", "aaaaaaaaaaaaaa", "y" * 129]
)
def test_a_weak_password_is_refused_and_nothing_written(service: Service, password: str) -> None:
    answer = service.register(password=password)
    assert (answer.status, answer.code) == (422, "WEAK_PASSWORD")
    (error,) = answer.json["error"]["errors"]
    assert (error["loc"], error["field"]) == (["body", "password"], "password")
    assert password not in json.dumps(answer.json)
    assert service.written() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "not an address"},
        {"email": 1},
        {"email": None},
        {"email": "x" * 301},
        {"name": ""},
        {"name": "a\x07b"},
        {"name": "a\u202eb"},
        {"name": "x" * 101},
        {"password": 123456789012},
        {"password": "x" * 1025},
        {"role": "admin"},
        {"unknown": 1},
    ],
)
def test_malformed_bodies_are_refused_and_nothing_written(
    service: Service, changed: dict[str, Any]
) -> None:
    answer = service.register(**changed)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert PASSWORD not in json.dumps(answer.json)
    assert service.written() == []


@pytest.mark.row("VAL-01")
def test_everything_that_is_wrong_is_told_at_once(service: Service) -> None:
    answer = service.register(email="joe", name="")
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert [each["field"] for each in answer.json["error"]["errors"]] == ["email", "name"]
