"""API keys: made and shown once, listed, revoked, and what a program may with one."""

import json
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest

from shared.kernel.clock import from_iso
from shared.platform.aws.clients import dynamodb
from tests.functions.identity.conftest import KEY, Service, sample
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event

pytestmark = pytest.mark.row("SEC-04")
KEYS = "/api/v1/api-keys"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def token(service: Service) -> str:
    """Ada's access token."""
    return service.token()


def send(service: Service, use_case: str, event: dict[str, Any], credential: str) -> Answer:
    event["requestContext"]["authorizer"] = service.identified(credential)
    return service.send(use_case, event)


def create(service: Service, token: str, *, key: str | None = None, **body: Any) -> Answer:
    headers = {"idempotency-key": key} if key else {}
    event = http_event("POST", KEYS, body={"name": "Import"} | body, headers=headers)
    return send(service, "create_api_key", event, token)


def made(service: Service, token: str, **body: Any) -> dict[str, Any]:
    answer = create(service, token, **body)
    assert answer.status == 201, answer.json
    data: dict[str, Any] = answer.data
    return data


def listed(service: Service, token: str) -> Answer:
    return send(service, "list_api_keys", http_event("GET", KEYS), token)


def revoke(service: Service, key_id: str, token: str, *, key: str | None = None) -> Answer:
    headers = {"idempotency-key": key} if key else {}
    event = http_event("DELETE", f"{KEYS}/{key_id}", route=f"DELETE {KEYS}/{{key_id}}")
    event["headers"] |= headers
    event["pathParameters"] = {"key_id": key_id}
    return send(service, "revoke_api_key", event, token)


def test_a_key_is_made_and_shown_with_one_read_and_one_write(service: Service, token: str) -> None:
    made(service, token)  # the function is warm
    with counted_calls() as calls:
        answer = create(service, token, scopes=["order:read"], expires_in_days=90)
    # The authorizer reads, then the limiter counts, and the use case reads and writes.
    assert calls.dynamodb == {"GetItem": 2, "UpdateItem": 1, "TransactWriteItems": 1}
    key = answer.data
    assert answer.status == 201
    assert answer.headers["cache-control"] == "no-store"
    assert key["api_key"].startswith(f"tw_test_{key['id']}_")
    assert key["scopes"] == ["order:read"]
    assert from_iso(key["ends_at"]) - from_iso(key["created_at"]) == timedelta(days=90)


def test_its_checksum_is_crc32_of_what_stands_before(service: Service, token: str) -> None:
    text = made(service, token)["api_key"]
    number, digits = crc32(text[:-6].encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    assert text[-6:] == digits


def test_nothing_that_is_kept_has_the_secret(service: Service, token: str) -> None:
    text = made(service, token, key=KEY, scopes=["order:read"])["api_key"]
    kept = json.dumps(service.table.items(), default=repr)
    assert text not in kept
    assert text[-49:-6] not in kept


def test_the_answer_is_given_once(service: Service, token: str) -> None:
    first = create(service, token, key=KEY)
    again = create(service, token, key=KEY)
    assert (again.status, again.code) == (409, "API_KEY_SHOWN")
    assert again.json["error"]["details"]["key_id"] == first.data["id"]
    assert first.data["api_key"] not in json.dumps(again.json)
    assert len(listed(service, token).data) == 1  # nor was another made
    # Who lost it can get rid of it, and make another.
    assert revoke(service, first.data["id"], token).status == 200


def test_it_is_listed_without_its_secret(service: Service, token: str) -> None:
    first = made(service, token, name="  First ", scopes=["order:read", "order:place"])
    second = made(service, token, name="Second")
    with counted_calls() as calls:
        answer = listed(service, token)
    assert calls.dynamodb == {"GetItem": 2, "BatchGetItem": 1}
    assert answer.json["message"] == "You have 2 API keys."
    assert answer.data == [
        {k: v for k, v in key.items() if k != "api_key"} for key in (second, first)
    ]
    assert first["name"] == "First"
    assert first["scopes"] == ["order:place", "order:read"]


def test_it_identifies_its_owner_with_one_read(service: Service, token: str) -> None:
    key = made(service, token, scopes=["order:read"])
    service.authorize(f"Bearer {token}")  # the function is warm
    for headers in (
        {"x-api-key": key["api_key"]},
        {"X-Api-Key": f" {key['api_key']} "},
        {"authorization": f"Bearer {key['api_key']}"},
    ):
        with counted_calls() as calls:
            caller = service.authorize_with(headers)
        assert calls.made == [("dynamodb", "GetItem")]
        assert caller == {
            "kind": "user",
            "principal": "api_key",
            "user_id": service.authorize(f"Bearer {token}")["user_id"],
            "role": "api_key",
            "owner_roles": "customer",
            "grants": "",
            "restrictions": "",
            "api_key_id": key["id"],
            "scopes": "order:read",
        }


def test_another_secret_under_a_sound_checksum_opens_nothing(service: Service, token: str) -> None:
    """Anybody can work a checksum out; the whole battery is beside the use case."""
    text = made(service, token)["api_key"]
    forged = text[:34] + text[34:-6][::-1]
    number, digits = crc32(forged.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    caller = service.authorize_with({"x-api-key": forged + digits})
    assert caller == {"kind": "invalid", "reason": "unknown_key"}


def test_the_read_is_consistent(service: Service, token: str) -> None:
    key = made(service, token)
    asked: list[Any] = []
    events = dynamodb().meta.events

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(params["ConsistentRead"])

    events.register("before-parameter-build.dynamodb.GetItem", note)
    try:
        service.authorize_with({"x-api-key": key["api_key"]})
    finally:
        events.unregister("before-parameter-build.dynamodb.GetItem", note)
    assert asked == [True]


def test_a_revoked_key_is_refused_at_the_next_request(service: Service, token: str) -> None:
    key, other = made(service, token), made(service, token)
    with counted_calls() as calls:
        answer = revoke(service, key["id"], token)
    assert calls.dynamodb == {"GetItem": 2, "TransactWriteItems": 1}
    assert (answer.status, answer.json["message"]) == (200, f"API key {key['id']} is revoked.")
    caller = service.authorize_with({"x-api-key": key["api_key"]})
    assert caller == {"kind": "invalid", "reason": "unknown_key"}
    assert service.authorize_with({"x-api-key": other["api_key"]})["principal"] == "api_key"
    assert [each["id"] for each in listed(service, token).data] == [other["id"]]


def test_a_repeated_revocation_is_answered_as_the_first(service: Service, token: str) -> None:
    key = made(service, token)
    first, again = (revoke(service, key["id"], token, key=KEY) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert revoke(service, key["id"], token).code == "API_KEY_NOT_FOUND"


def test_nobody_revokes_anothers(service: Service, token: str) -> None:
    key = made(service, token)
    service.register(email="bob@example.com", name="Bob")
    bob = service.log_in(email="bob@example.com").data["access_token"]
    with counted_calls() as calls:
        anothers = revoke(service, key["id"], bob)
    assert calls.dynamodb == {"GetItem": 1}  # the authorizer's
    nobodys = revoke(service, key["id"][:-3] + "00Z", bob)
    assert anothers.status == nobodys.status == 404
    assert anothers.code == nobodys.code == "API_KEY_NOT_FOUND"
    assert service.authorize_with({"x-api-key": key["api_key"]})["principal"] == "api_key"


@pytest.mark.parametrize("key_id", ["x", "0" * 25, "z" * 25, "0190a000-0000-7000-8000-00000000"])
def test_what_names_no_key_is_not_found(service: Service, token: str, key_id: str) -> None:
    assert revoke(service, key_id, token).code == "API_KEY_NOT_FOUND"


def test_a_key_is_refused_from_its_end_on(service: Service, token: str) -> None:
    key = made(service, token, expires_in_days=1)
    assert service.authorize_with({"x-api-key": key["api_key"]})["principal"] == "api_key"
    _end_all(service)
    caller = service.authorize_with({"x-api-key": key["api_key"]})
    assert caller == {"kind": "invalid", "reason": "expired"}
    assert listed(service, token).data == []


def test_there_are_at_most_twenty_and_those_that_are_over_make_room(
    service: Service, token: str
) -> None:
    for _ in range(20):
        made(service, token, expires_in_days=1)
    refused_ = create(service, token)
    assert (refused_.status, refused_.code) == (422, "TOO_MANY_API_KEYS")
    assert refused_.json["message"] == (
        "You have 20 API keys, and more are not possible. Please revoke one."
    )
    _end_all(service)
    key = made(service, token)
    assert [each["id"] for each in listed(service, token).data] == [key["id"]]
    assert key["id"].endswith("00L")  # a number names one key for ever: this is the 21st
    (rights,) = (each for each in service.table.items("User#") if each["SK"] == "ACCESS")
    assert (list(rights["api_keys"]), rights["keys_made"]) == (["21"], 21)


def _end_all(service: Service) -> None:
    """Have the time of all keys be over, a second after 1970."""
    for item in service.table.items("User#"):
        if item["SK"] == "ACCESS":
            keys = {k: v[:16] + (1).to_bytes(4) + v[20:] for k, v in item["api_keys"].items()}
            service.table.put({**item, "api_keys": keys})


def test_whoever_is_locked_out_loses_twenty_keys_and_twenty_sessions_at_once(
    service: Service, token: str
) -> None:
    """It is one transaction, of a hundred writes at the most."""
    for _ in range(19):
        service.log_in()
    keys = [made(service, token) for _ in range(20)]
    user = service.authorize(f"Bearer {token}")["user_id"]
    event = sample("deactivate_user")
    path = f"/api/v1/users/{user}/deactivate"
    event |= {"rawPath": path, "pathParameters": {"user_id": user}}
    event["requestContext"]["http"]["path"] = path
    assert service.send("deactivate_user", event).status == 200
    reasons = {service.authorize_with({"x-api-key": each["api_key"]})["reason"] for each in keys}
    assert reasons == {"unknown_key"}
    states = [service.table.get(f"ApiKey#{key['id']}", "STATE") for key in keys]
    assert {state["version"] for state in states if state is not None} == {2}


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ({"name": ""}, "string_too_short"),
        ({"name": "see evil.example/login"}, "name_address"),
        ({"scopes": ["user:admin"]}, "scope"),
        ({"scopes": ["api_key:manage"]}, "scope"),
        ({"scopes": ["session:end"]}, "scope"),
        ({"scopes": ["credential:change"]}, "scope"),
        ({"scopes": ["*"]}, "scope"),
        ({"scopes": "order:read"}, "list_type"),
        ({"expires_in_days": 0}, "greater_than_equal"),
        ({"expires_in_days": 3651}, "less_than_equal"),
        ({"user_id": "somebody"}, "extra_forbidden"),
        ({"secret": "mine"}, "extra_forbidden"),
    ],
)
def test_what_no_key_can_be(service: Service, token: str, body: Any, type_: str) -> None:
    answer = create(service, token, **body)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert [each["type"] for each in answer.json["error"]["errors"]] == [type_]


def test_nobody_gives_what_they_do_not_have(service: Service, token: str) -> None:
    answer = create(service, token, scopes=["order:read", "product:create", "client:forward"])
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert answer.json["error"]["details"] == {"needed": ["client:forward", "product:create"]}
    assert listed(service, token).data == []


def test_a_key_makes_lists_and_revokes_none(service: Service, token: str) -> None:
    scopes = ["order:read", "profile:read"]
    key = made(service, token, scopes=scopes)["api_key"]
    assert create(service, key).code == "PERMISSION_DENIED"
    assert listed(service, key).code == "PERMISSION_DENIED"
    assert revoke(service, key.split("_")[2], key).code == "PERMISSION_DENIED"
    assert send(service, "get_me", http_event("GET", "/api/v1/users/me"), key).status == 200


def test_events_tell_of_it_and_not_its_secret(service: Service, token: str) -> None:
    key = made(service, token, scopes=["order:read"], expires_in_days=1)
    revoke(service, key["id"], token)
    events = [
        each
        for each in service.table.items(f"ApiKey#{key['id']}")
        if each["SK"].startswith("EVENT#")
    ]
    user = service.authorize(f"Bearer {token}")["user_id"]
    assert [(each["type"], each["data"], each["actor"]) for each in events] == [
        (
            "api_key.created",
            {"user_id": user, "scopes": ["order:read"], "ends_at": key["ends_at"]},
            user,
        ),
        ("api_key.revoked", {"user_id": user, "reason": "revoked_by_owner"}, user),
    ]
