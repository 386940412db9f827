"""Logging in and registering are counted by address, and fail closed."""

import json
from typing import Any

import pytest

from tests.functions.identity.conftest import EMAIL, PASSWORD, Service
from tests.support.outages import unreachable
from tools.lab.support.http_events import http_event

pytestmark = [pytest.mark.row("RLM-01", "RLM-02"), pytest.mark.usefixtures("one_window")]

BODY = {"email": EMAIL, "password": ""}
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
