"""A session in cookies: what is set, what is asked for with a change, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.identity.adapters.csrf_tokens import CsrfTokens
from shared.platform.aws.clients import dynamodb
from tests.functions.identity.conftest import EMAIL, KEY, PASSWORD, Service, sample
from tests.support.aws_calls import counted_calls
from tests.support.faults import refused, refusing
from tools.lab.support import environment
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import http_event

pytestmark = pytest.mark.row("SEC-01", "SEC-05")
ACCESS, REFRESH, CSRF = (f"__Host-tradewind-{name}" for name in ("access", "refresh", "csrf"))
ENDED = (
    f"{ACCESS}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict",
    f"{REFRESH}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict",
    f"{CSRF}=; Max-Age=0; Path=/; Secure; SameSite=Strict",
)
BEARER = "Bearer "
ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
WEEK = 604_800
"""Seconds; one less where the clock's second has changed since the session began."""


@dataclass
class Browser:
    """Keeps the cookies that it is told to, and sends them with everything."""

    service: Service
    jar: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        use_case: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        asked: bool = True,
    ) -> Answer:
        """Send a request to a function, through the authorizer if the gateway has it *asked*."""
        event = http_event(method, path, body=body, headers=headers or {})
        event["cookies"] = [f"{name}={value}" for name, value in self.jar.items()]
        if asked:
            event["requestContext"]["authorizer"] = {"lambda": self.identified(event)}
        return self.take(self.service.send(use_case, event))

    def identified(self, event: Mapping[str, Any]) -> dict[str, str]:
        """Return the authorizer's word."""
        request = {key: event[key] for key in ("headers", "cookies", "requestContext")}
        answer = self.service.invoke("authorize", sample("authorize") | request)
        context: dict[str, str] = answer["context"]
        return context

    def take(self, answer: Answer) -> Answer:
        """Keep the cookies of an answer as a browser does."""
        for each in answer.cookies:
            name, _, rest = each.partition("=")
            value, _, attributes = rest.partition(";")
            if "Max-Age=0;" in attributes:
                self.jar.pop(name, None)
            else:
                self.jar[name] = value
        return answer

    def log_in(self, *, key: str | None = None) -> Answer:
        headers = {"idempotency-key": key} if key else {}
        body = {"email": EMAIL, "password": PASSWORD, "session": "cookie"}
        path = "/api/v1/auth/login"
        return self.ask("log_in", "POST", path, body=body, headers=headers, asked=False)

    def refresh(self, *, csrf: str | None = None, key: str | None = None) -> Answer:
        headers = {"x-csrf-token": self.jar.get(CSRF, "") if csrf is None else csrf}
        headers |= {"idempotency-key": key} if key else {}
        path = "/api/v1/auth/refresh"
        return self.ask("refresh_tokens", "POST", path, headers=headers, asked=False)

    def log_out(self, *, csrf: str | None = None, **more: Any) -> Answer:
        headers = {"x-csrf-token": self.jar.get(CSRF, "") if csrf is None else csrf}
        return self.ask("log_out", "POST", "/api/v1/auth/logout", headers=headers, **more)

    def me(self) -> Answer:
        return self.ask("get_me", "GET", "/api/v1/users/me")


@pytest.fixture
def browser(service: Service) -> Browser:
    """Ada's, who is logged in there."""
    service.register()
    browser = Browser(service)
    assert browser.log_in().status == 200
    return browser


def test_the_cookies_of_a_log_in_are_these_and_no_others(service: Service) -> None:
    service.register()
    browser = Browser(service)
    answer = browser.log_in()
    access, refresh, csrf = (browser.jar[name] for name in (ACCESS, REFRESH, CSRF))
    assert answer.cookies in [
        (
            f"{ACCESS}={access}; Max-Age=600; {ATTRIBUTES}",
            f"{REFRESH}={refresh}; Max-Age={idle}; {ATTRIBUTES}",
            f"{CSRF}={csrf}; Max-Age={idle}; Path=/; Secure; SameSite=Strict",
        )
        for idle in (WEEK, WEEK - 1)
    ]
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert sum(len(name) + len(value) for name, value in browser.jar.items()) < 1_200


def test_no_page_reads_a_token_in_the_answer(service: Service) -> None:
    service.register()
    browser = Browser(service)
    answer = browser.log_in()
    assert answer.data.keys() == {
        "csrf_token", "expires_in", "session_id", "session_ends_at", "device_token", "user",
    }  # fmt: skip
    assert answer.data["csrf_token"] == browser.jar[CSRF]
    for name in (ACCESS, REFRESH):
        assert browser.jar[name] not in str(answer.json)
    renewed = browser.refresh()
    assert renewed.data.keys() == {"csrf_token", "expires_in", "session_id", "session_ends_at"}


def test_a_bearer_session_sets_no_cookie(service: Service) -> None:
    service.register()
    for chosen in ({}, {"session": "bearer"}):
        answer = service.log_in(**chosen)
        assert answer.cookies == ()
        assert "csrf_token" not in answer.data
        assert service.refresh(answer.data["refresh_token"]).cookies == ()
    assert service.log_in(session="both").status == 422


def test_a_request_by_cookie_costs_one_read_in_the_authorizer(browser: Browser) -> None:
    browser.me()
    event = http_event("GET", "/api/v1/users/me")
    event["cookies"] = [f"{name}={value}" for name, value in browser.jar.items()]
    for method, header in (("GET", {}), ("POST", {"x-csrf-token": browser.jar[CSRF]})):
        event["requestContext"]["http"]["method"] = method
        event["headers"] |= header
        with counted_calls() as calls:
            caller = browser.identified(event)
        assert calls.made == [("dynamodb", "GetItem")]
        assert (caller["kind"], caller["role"], caller["amr"]) == ("user", "customer", "pwd")
    assert browser.me().data["email"] == EMAIL


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("token", [None, "", "guessed", "other session's"])
def test_a_change_without_the_sessions_csrf_token_is_refused_and_nothing_is_read(
    browser: Browser, method: str, token: str | None
) -> None:
    if token == "other session's":
        other = Browser(browser.service)
        other.log_in()
        token = other.jar[CSRF]
        assert token != browser.jar[CSRF]
    browser.me()  # the function is warm
    headers = {} if token is None else {"x-csrf-token": token}
    event = http_event(method, "/api/v1/users/me", headers=headers)
    event["cookies"] = [f"{name}={value}" for name, value in browser.jar.items()]
    with counted_calls() as calls:
        assert browser.identified(event) == {"kind": "invalid", "reason": "csrf_token"}
    assert calls.made == []


def test_the_refusal_says_what_to_send(browser: Browser) -> None:
    answer = browser.log_out(csrf="")
    assert (answer.status, answer.code) == (403, "CSRF_TOKEN_REFUSED")
    assert answer.json["message"] == "Send the CSRF token of this session in X-CSRF-Token."
    assert answer.json["error"]["errors"][0]["loc"] == ["header", "x-csrf-token"]
    assert answer.cookies == ()
    assert browser.me().status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_needs_no_csrf_token(browser: Browser, method: str) -> None:
    event = http_event(method, "/api/v1/users/me")
    event["cookies"] = [f"{ACCESS}={browser.jar[ACCESS]}"]
    assert browser.identified(event)["kind"] == "user"


def test_the_cookies_may_come_in_the_header(browser: Browser) -> None:
    event = http_event("GET", "/api/v1/users/me", headers={"cookie": f"a=b; {ACCESS}=x;c"})
    event["cookies"] = []
    assert browser.identified(event) == {"kind": "invalid", "reason": "malformed"}
    event["headers"]["cookie"] = f"a=b;{ACCESS}={browser.jar[ACCESS]}; c=d"
    assert browser.identified(event)["kind"] == "user"


def test_a_cookie_that_comes_twice_is_none(browser: Browser) -> None:
    event = http_event("GET", "/api/v1/users/me")
    event["cookies"] = [f"{ACCESS}={browser.jar[ACCESS]}", f"{ACCESS}=x"]
    assert browser.identified(event) == {"kind": "anonymous"}


@pytest.mark.parametrize("cookies", ["x", [None, 5, {}], {"a": 1}, [f"{ACCESS}={'a' * 3000}"]])
def test_strange_cookies_are_no_error(browser: Browser, cookies: Any) -> None:
    event = http_event("GET", "/api/v1/users/me") | {"cookies": cookies}
    assert browser.identified(event)["kind"] in ("anonymous", "invalid")


def test_a_header_decides_alone(browser: Browser) -> None:
    """A page that sets one means it, and no other site's can: no CSRF token is asked for."""
    bearer = browser.service.log_in().data
    event = http_event(
        "POST", "/api/v1/x", headers={"authorization": BEARER + bearer["access_token"]}
    )
    event["cookies"] = [f"{name}={value}" for name, value in browser.jar.items()]
    assert browser.identified(event)["session_id"] == bearer["session_id"]
    event["headers"]["authorization"] = "Bearer x"
    assert browser.identified(event) == {"kind": "invalid", "reason": "malformed"}


def test_a_token_is_good_the_way_it_was_handed_out_alone(browser: Browser) -> None:
    """Neither can a cookie be made of a bearer token, which has no CSRF token, nor the reverse."""
    bearer = browser.service.log_in().data["access_token"]
    wrong = {"kind": "invalid", "reason": "wrong_carrier"}
    assert browser.service.authorize(BEARER + browser.jar[ACCESS]) == wrong
    event = http_event("GET", "/api/v1/users/me")
    event["cookies"] = [f"{ACCESS}={bearer}"]
    assert browser.identified(event) == wrong


def test_a_refresh_goes_on_in_the_cookies(browser: Browser) -> None:
    before = dict(browser.jar)
    with counted_calls() as calls:
        answer = browser.refresh()
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert answer.status == 200
    assert browser.jar[ACCESS] != before[ACCESS]
    assert browser.jar[REFRESH] != before[REFRESH]
    assert browser.jar[CSRF] == before[CSRF]  # a second tab's copy stays good
    ends = tuple(f"Max-Age={WEEK - late}; {ATTRIBUTES}" for late in (0, 1))
    assert answer.cookies[1].endswith(ends)
    assert browser.me().status == 200


@pytest.mark.parametrize("token", ["", "guessed", "other session's"])
def test_a_refresh_by_cookie_needs_the_csrf_token(browser: Browser, token: str) -> None:
    before = dict(browser.jar)
    if token == "other session's":
        other = Browser(browser.service)
        other.log_in()
        token = other.jar[CSRF]
    with counted_calls() as calls:
        answer = browser.refresh(csrf=token)
    assert calls.dynamodb == {}
    assert (answer.status, answer.code) == (403, "CSRF_TOKEN_REFUSED")
    assert browser.jar == before


def test_the_body_decides_before_the_cookie(browser: Browser) -> None:
    before = dict(browser.jar)
    body = {"refresh_token": browser.service.log_in().data["refresh_token"]}
    answer = browser.ask("refresh_tokens", "POST", "/api/v1/auth/refresh", body=body, asked=False)
    assert (answer.status, answer.cookies) == (200, ())
    assert "refresh_token" in answer.data
    assert browser.jar == before


def test_a_refresh_of_nothing_asks_for_a_log_in(service: Service) -> None:
    answer = Browser(service).refresh()
    assert (answer.status, answer.code, answer.cookies) == (401, "AUTHENTICATION_FAILED", ())


def test_a_session_that_is_over_takes_its_cookies_with_it(browser: Browser) -> None:
    elsewhere = Browser(browser.service, dict(browser.jar))
    assert elsewhere.log_out().status == 200
    assert browser.me().status == 401
    answer = browser.refresh()
    assert (answer.status, answer.code) == (401, "INVALID_REFRESH_TOKEN")
    assert answer.cookies == ENDED
    assert browser.jar == {}


def test_a_stolen_cookie_is_found_by_its_second_use(browser: Browser) -> None:
    thief = Browser(browser.service, dict(browser.jar))
    for _ in range(2):
        assert browser.refresh().status == 200
    answer = thief.refresh()
    assert answer.json["error"]["details"]["reason"] == "reused"
    assert browser.me().status == 401


def test_a_log_out_ends_session_and_cookies(browser: Browser) -> None:
    token = browser.jar[ACCESS]
    answer = browser.log_out()
    assert answer.status == 200
    assert answer.cookies == ENDED
    assert browser.jar == {}
    browser.jar[ACCESS] = token
    assert browser.me().status == 401


def test_a_log_out_works_by_the_refresh_cookie_where_the_access_has_expired(
    browser: Browser,
) -> None:
    del browser.jar[ACCESS]
    refused_one = browser.log_out(csrf="guessed")
    assert (refused_one.status, refused_one.code) == (403, "CSRF_TOKEN_REFUSED")
    assert browser.log_out().cookies == ENDED
    assert browser.service.table.events("Session#")[-1]["type"] == "session.ended"


def test_a_bearer_log_out_leaves_the_cookies_of_another_session(browser: Browser) -> None:
    bearer = browser.service.log_in().data
    headers = {"authorization": BEARER + bearer["access_token"]}
    path = "/api/v1/auth/logout"
    assert browser.ask("log_out", "POST", path, headers=headers).cookies == ()
    body = {"refresh_token": browser.service.log_in().data["refresh_token"]}
    headers = {"x-csrf-token": browser.jar[CSRF]}
    assert browser.ask("log_out", "POST", path, headers=headers, body=body).cookies == ()
    assert browser.me().status == 200


@pytest.mark.row("API-03")
def test_a_repeated_log_in_sets_the_same_cookies_and_no_record_holds_them(
    service: Service,
) -> None:
    service.register()
    first, again = Browser(service), Browser(service)
    first.log_in(key=KEY)
    answer = again.log_in(key=KEY)
    assert answer.json["meta"]["idempotent_replay"] is True
    assert again.jar == first.jar
    stored = str(service.table.items())
    for value in first.jar.values():
        assert value not in stored
        assert value.rpartition(".")[2] not in stored


@pytest.mark.row("API-03")
def test_a_key_answers_nobody_with_another_session(browser: Browser) -> None:
    """What came in a cookie is in no fingerprint: two browsers' requests look the same."""
    other = Browser(browser.service)
    other.log_in()
    mine = browser.refresh(key=KEY)
    assert mine.status == 200
    stolen = other.refresh(key=KEY)
    assert (stolen.status, stolen.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert stolen.cookies == ()
    assert other.me().data["email"] == EMAIL


@pytest.mark.row("API-03")
def test_a_lost_answer_to_a_refresh_is_given_again(browser: Browser) -> None:
    lost = Browser(browser.service, dict(browser.jar))
    lost.refresh(key=KEY)
    answer = browser.refresh(key=KEY)
    assert answer.json["meta"]["idempotent_replay"] is True
    assert browser.jar == lost.jar


def test_the_secrets_rotation_keeps_sessions(browser: Browser) -> None:
    """By the version before as well; the next refresh hands out the new one."""
    before = browser.jar[CSRF]
    arn = browser.service.secrets.describe_secret(SecretId="service")["ARN"]
    browser.service.secrets.put_secret_value(SecretId=arn, SecretString="n" * 64)
    environment.forget_cached()
    assert browser.refresh().status == 200
    assert browser.jar[CSRF] != before
    assert browser.log_out(csrf=before).status == 403
    assert browser.log_out().status == 200


def test_a_csrf_token_is_of_one_session_and_one_secret() -> None:
    ours, older = CsrfTokens(lambda: ["a", "b"]), CsrfTokens(lambda: ["b"])
    token = ours.sign("s-1")
    assert token == ours.sign("s-1") != ours.sign("s-2")
    assert ours.belongs(token, session_id="s-1")
    assert not ours.belongs(token, session_id="s-2")
    assert ours.belongs(older.sign("s-1"), session_id="s-1")
    assert not older.belongs(token, session_id="s-1")
    for wrong in ("", "é", "\ud800", token[:-1], token + "="):
        assert not ours.belongs(wrong, session_id="s-1")


def test_what_is_out_of_order_takes_no_cookie_away(browser: Browser) -> None:
    with refusing(dynamodb(), "GetItem", [refused("InternalServerError")] * 3):
        answer = browser.refresh()
    assert (answer.status, answer.cookies) == (503, ())
    assert browser.refresh().status == 200
