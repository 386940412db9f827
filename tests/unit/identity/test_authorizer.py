"""The authorizer's runtime: whatever happens, an answer that functions understand."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.identity.http.authorize import lambda_handler
from shared.identity import wiring
from shared.identity.queries.identify_caller import IdentifyCaller
from shared.kernel.errors import AuthenticationFailed
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.runtime.services import services
from tools.lab.support.lambda_context import LambdaContext

# printf s3cret | openssl dgst -sha256 -binary | basenc --base64url; and that of 0ld
HASHES = (
    "HsHCa1DV08WNlYMYGvgHZlX-AHVr9yhZQLo2cPmfy6A",
    "mp8mfi8J3ExRllWC0E2-VdO0bH_VfSvrescJK2ypIZM",
)
pytestmark = pytest.mark.row("PRM-01")


class Door:
    """An identifier that answers with, or raises, what it was told to."""

    def __init__(self) -> None:
        self.answer: Any = {"user_id": "u-1", "role": "customer", "grants": ""}
        self.tokens: list[str] = []
        self.were_keys: list[bool] = []

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        self.tokens.append(query.token)
        self.were_keys.append(query.is_api_key)
        if isinstance(self.answer, BaseException):
            raise self.answer
        answer: dict[str, str] = self.answer
        return answer


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    services.override(Door, door)
    yield door
    services.close()


def answer(headers: Any) -> Any:
    event = {} if headers is None else {"headers": headers}
    return lambda_handler(wiring, Door)(event, LambdaContext())


def test_a_bearer_token_is_handed_to_the_identifier(door: Door) -> None:
    assert answer({"authorization": "Bearer  abc "}) == {
        "isAuthorized": True,
        "context": {"kind": "user", "user_id": "u-1", "role": "customer", "grants": ""},
    }
    assert door.tokens == ["abc"]


@pytest.mark.parametrize(
    ("secret", "kind"),
    [("s3cret", "user"), ("0ld", "user"), ("guess", "anonymous"), (None, "anonymous")],
)
def test_who_passes_the_front_door_by_is_nobody_and_nothing_is_read_for_them(
    door: Door, monkeypatch: pytest.MonkeyPatch, secret: str | None, kind: str
) -> None:
    monkeypatch.setenv("ORIGIN_VERIFY_HASHES", ",".join(HASHES))
    headers = {"authorization": "Bearer abc"} | ({"X-Origin-Verify": secret} if secret else {})
    assert answer(headers)["context"]["kind"] == kind
    assert bool(door.tokens) == (kind == "user")


@pytest.mark.row("LOG-02")
def test_its_lines_have_the_ids_that_the_function_behind_it_will_have(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    event: dict[str, Any] = {
        "headers": {"authorization": "Bearer abc", "X-Correlation-Id": "story-12345"},
        "routeKey": "GET /api/v1/orders/{order_id}",
        "pathParameters": {"order_id": "o-1"},
        "requestContext": {"requestId": "JKJaXmPLvHcESHA="},
    }
    handle = lambda_handler(wiring, Door)
    handle(event, LambdaContext())
    handle({**event, "headers": {"x-correlation-id": "x y"}}, LambdaContext())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    chosen, given = (line for line in lines if line.get("message") == "caller identified")
    assert (chosen["correlation_id"], chosen["user_id"]) == ("story-12345", "u-1")
    assert given["correlation_id"] == "JKJaXmPLvHcESHA="
    for line in (chosen, given):
        assert (line["order_id"], line["route"]) == ("o-1", "GET /api/v1/orders/{order_id}")


@pytest.mark.parametrize("headers", [None, {}, {"authorization": " "}, {"cookie": "x"}])
def test_no_credentials_are_anonymous(door: Door, headers: Any) -> None:
    assert answer(headers) == {"isAuthorized": True, "context": {"kind": "anonymous"}}
    assert door.tokens == []


@pytest.mark.parametrize(
    ("error", "context"),
    [
        (
            AuthenticationFailed("no", details={"reason": "expired"}),
            {"kind": "invalid", "reason": "expired"},
        ),
        (AuthenticationFailed("no"), {"kind": "invalid", "reason": "refused"}),
        (RuntimeError("a bug"), {"kind": "unavailable"}),
        (DeadlineExceeded("too late"), {"kind": "unavailable"}),
    ],
)
def test_whatever_is_raised_becomes_an_answer(
    door: Door,
    error: BaseException,
    context: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.platform.entry.reporting.reporters", [])
    door.answer = error
    assert answer({"authorization": "Bearer abc"}) == {"isAuthorized": True, "context": context}
    assert context["kind"] in capsys.readouterr().out


KEY = "tw_test_02x5L6n2fuxI8jD9VUzDKT001_secret"
BY_KEY = {
    "user_id": "u-1",
    "role": "api_key",
    "principal": "api_key",
    "api_key_id": "02x5L6n2fuxI8jD9VUzDKT001",
}


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    "headers",
    [{"x-api-key": KEY}, {"X-API-Key": f" {KEY} "}, {"authorization": f"Bearer {KEY}"}],
)
def test_a_key_comes_in_a_header_of_its_own_or_as_a_bearer(
    door: Door, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    door.answer = BY_KEY
    assert answer(headers)["context"] == {"kind": "user", **BY_KEY}
    assert (door.tokens, door.were_keys) == ([KEY], [True])
    written = capsys.readouterr().out
    assert KEY not in written
    line = next(each for each in map(json.loads, written.splitlines()) if "message" in each)
    assert (line["kind"], line["user_id"]) == ("api_key", "u-1")
    assert line["api_key_id"] == "02x5L6n2fuxI8jD9VUzDKT001"


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"authorization": "Bearer abc", "x-api-key": KEY}, "two_credentials"),
        ({"authorization": f"Bearer {KEY}", "x-api-key": KEY}, "two_credentials"),
        ({"authorization": "Basic YTpi", "x-api-key": KEY}, "two_credentials"),
        ({"authorization": f"Basic {KEY}"}, "unknown_scheme"),
        ({"authorization": KEY}, "unknown_scheme"),
        ({"x-api-key": "k" * 2_049}, "malformed"),
    ],
)
def test_credentials_that_contradict_each_other_are_refused_unread(
    door: Door, headers: dict[str, str], reason: str
) -> None:
    assert answer(headers)["context"] == {"kind": "invalid", "reason": reason}
    assert door.tokens == []


@pytest.mark.row("SEC-04")
def test_an_access_token_is_no_key(door: Door) -> None:
    answer({"x-api-key": "eyJh.b.c"})
    answer({"authorization": "Bearer eyJh.b.c"})
    assert door.were_keys == [True, False]


def test_the_log_line_names_the_user_and_no_token(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    answer({"authorization": "Bearer abcdef"})
    written = capsys.readouterr().out
    assert '"user_id":"u-1"' in written
    assert "abcdef" not in written
