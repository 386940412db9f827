"""Logging in and registering are counted by address, and fail closed."""

import json
from typing import Any

import pytest

from tests.functions.identity.conftest import EMAIL, PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tests.support.outages import unreachable
from tools.lab.support.http_events import Caller, http_event

pytestmark = [pytest.mark.row("RLM-01", "RLM-02"), pytest.mark.usefixtures("one_window")]

BODY = {"email": EMAIL, "password": ""}
FORWARDS = ("client:forward",)
SPOOFS = (
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-viewer-address",
)


def log_in(service: Service, *, ip: str = "203.0.113.7", **headers: str) -> Any:
    """Send a request that is refused for its body, which counts as any other."""
    event = http_event("POST", "/api/v1/auth/login", body=BODY, headers=headers)
    event["requestContext"]["http"]["sourceIp"] = ip
    return service.send("log_in", event)


def test_an_address_may_spend_two_minutes_log_ins_at_once(service: Service) -> None:
    assert [log_in(service).status for _ in range(41)] == [422] * 40 + [429]
    policies = log_in(service).headers["ratelimit-policy"]
    assert policies.startswith('"log-ins";q=40;w=120, ')
    assert log_in(service, ip="203.0.113.8").status == 422


@pytest.mark.parametrize("header", SPOOFS)
def test_a_claimed_address_changes_nothing(service: Service, header: str) -> None:
    left = []
    for number in range(3):
        answer = log_in(service, **{header: f"for=198.51.100.{number}"})
        answer = log_in(service, **{header: f"198.51.100.{number}"})
        left.append(answer.headers["x-ratelimit-remaining"])
    assert left == ["38", "36", "34"]


def test_the_front_doors_word_on_the_address_is_believed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The spoofs above fail for want of the secret, not because nobody reads the header."""
    monkeypatch.setenv("ORIGIN_VERIFY_HASHES", "HsHCa1DV08WNlYMYGvgHZlX-AHVr9yhZQLo2cPmfy6A")
    sent = {"x-origin-verify": "s3cret"}
    left = [
        log_in(service, **sent, **{"x-viewer-address": f"198.51.100.{number}"}).headers[
            "x-ratelimit-remaining"
        ]
        for number in (1, 1, 2)
    ]
    assert left == ["39", "38", "39"]


def a_key(service: Service, *, scopes: tuple[str, ...] = FORWARDS) -> str:
    """Return an API key of an administrator."""
    user = service.register(email="shop@example.com").data["id"]
    (rights,) = (e for e in service.table.items(f"User#{user}") if e["SK"] == "ACCESS")
    service.table.put({**rights, "roles": ["admin"]})
    body, owner = {"name": "Storefront", "scopes": list(scopes)}, Caller(user, "admin")
    event = http_event("POST", "/api/v1/api-keys", body=body, caller=owner)
    key: str = service.send("create_api_key", event).data["api_key"]
    return key


@pytest.mark.row("SEC-04")
def test_a_storefronts_server_states_its_buyers_address(service: Service) -> None:
    key = a_key(service)
    left = [
        log_in(service, **{"x-api-key": key, "x-forwarded-client": address}).headers[
            "x-ratelimit-remaining"
        ]
        for address in ("198.51.100.1", "198.51.100.2", "::ffff:198.51.100.1", "198.51.100.1")
    ]
    assert left == ["39", "39", "38", "37"]
    assert log_in(service).headers["x-ratelimit-remaining"] == "39"  # its own address


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    ("use_case", "path"),
    [("log_in", "login"), ("register", "register"), ("refresh_tokens", "refresh")],
)
def test_who_may_not_state_an_address_is_told_so(
    service: Service, use_case: str, path: str
) -> None:
    key = a_key(service, scopes=("order:read",))
    states = {"x-forwarded-client": "198.51.100.1"}
    for headers, status, code in (
        (states, 403, "FORWARDING_NOT_ALLOWED"),
        (states | {"x-api-key": key}, 403, "FORWARDING_NOT_ALLOWED"),
        (states | {"authorization": f"Bearer {key}"}, 403, "FORWARDING_NOT_ALLOWED"),
        (states | {"x-api-key": f"{key[:-1]}!"}, 401, "INVALID_TOKEN"),
        (states | {"x-api-key": "eyJh.b.c"}, 401, "INVALID_TOKEN"),
    ):
        event = http_event("POST", f"/api/v1/auth/{path}", body={}, headers=headers)
        answer = service.send(use_case, event)
        assert (answer.status, answer.code) == (status, code), headers


@pytest.mark.row("SEC-04")
def test_the_scope_is_worth_what_its_owner_may(service: Service) -> None:
    """Else anybody would make themselves a key by which no limit counts them."""
    headers = {"x-api-key": a_key(service), "x-forwarded-client": "198.51.100.1"}
    assert log_in(service, **headers).status == 422  # for its body, as all of them
    (rights,) = (e for e in service.table.items("User#") if e["SK"] == "ACCESS")
    service.table.put({**rights, "roles": ["customer"]})
    assert log_in(service, **headers).code == "FORWARDING_NOT_ALLOWED"


@pytest.mark.row("SEC-04")
def test_a_log_in_by_a_storefronts_server_is_its_buyers_own(service: Service) -> None:
    key = a_key(service)
    service.register()
    body = {"email": EMAIL, "password": PASSWORD}
    headers = {"x-api-key": key, "x-forwarded-client": "198.51.100.1"}
    event = http_event("POST", "/api/v1/auth/login", body=body, headers=headers)
    answer = service.send("log_in", event)
    started = service.table.items(f"Session#{answer.data['session_id']}")
    (told,) = (each for each in started if each["SK"].startswith("EVENT#"))
    assert told["actor"] is None
    assert told["data"]["user_id"] == answer.data["user"]["id"]


@pytest.mark.row("SEC-04")
def test_a_key_costs_a_log_in_one_read_and_only_where_an_address_is_stated(
    service: Service,
) -> None:
    key = a_key(service)
    log_in(service)  # the function is warm
    with counted_calls() as plain:
        log_in(service, **{"x-api-key": key})
    with counted_calls() as stating:
        log_in(service, **{"x-api-key": key, "x-forwarded-client": "198.51.100.1"})
    assert stating.dynamodb == plain.dynamodb | {"GetItem": 1}


@pytest.mark.row("RLM-04")
@pytest.mark.parametrize("use_case", ["log_in", "register"])
def test_nobody_gets_in_while_attempts_cannot_be_counted(
    service: Service, use_case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service.register()
    with unreachable("UpdateItem"):
        answer = service.log_in(PASSWORD) if use_case == "log_in" else service.register()
    assert (answer.status, answer.code) == (503, "TEMPORARILY_UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (said,) = [line for line in lines if line.get("message") == "rate limit not counted"]
    assert said["requests"] == "refused"
    assert [line["RateLimiterUnavailable"] for line in lines if "RateLimiterUnavailable" in line]
