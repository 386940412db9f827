"""What is refused before an endpoint runs is refused in the right order, with all its headers."""

import json
from typing import Annotated

import pytest
from fastapi import Body

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.security import public
from shared.platform.http.reply import Reply
from shared.platform.http.route import fingerprint
from shared.platform.runtime.context import current
from tests.unit.platform.sample_endpoint import context, request, sample_app
from tools.lab.support.http_events import ANONYMOUS, Caller, http_event, json_of


@pytest.fixture
def handler():
    return lambda_handler(sample_app())


def test_another_method_is_405_and_says_which_is_allowed(handler):
    answer = handler(http_event("PUT", "/api/v1/things/t-1", caller=Caller()), context())
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "POST")


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(
    "body", ["{", '{"count":1,"count":2}', "[" * 100_000, "\\", '{"count":"x"}']
)
@pytest.mark.parametrize("key", [{}, {"idempotency-key": "k-1"}, {"idempotency-key": "no good"}])
@pytest.mark.parametrize("caller", [None, ANONYMOUS])
def test_who_may_not_ask_is_told_so_before_their_body_is_read(handler, body, key, caller):
    answer = handler(request(body, headers=key, caller=caller), context())
    assert (answer["statusCode"], json_of(answer)["error"]["code"]) == (
        401,
        "AUTHENTICATION_FAILED",
    )


@pytest.mark.row("SEC-08")
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"body": "x" * 300_000}, 413),
        ({"headers": {"content-type": "text/plain"}}, 415),
        ({"headers": {"x-long": "y" * 11_000}}, 431),
        ({"headers": {"x-odd": "\udc00"}}, 400),
        ({"body": b"\xff"}, 400),
        ({"body": {"count": 1, "sleep": 20.0}}, 504),
        ({"body": {"count": 1, "raises": "bug"}}, 500),
        ({}, 201),
    ],
)
def test_every_answer_depends_on_the_origin_and_has_its_ids(moto, options, status):
    handler = lambda_handler(sample_app())
    event = request(**options)
    answer = handler(event, context(remaining_ms=600 if status == 504 else 10_000))
    headers = answer["headers"]
    assert (answer["statusCode"], headers["vary"]) == (status, "origin")
    assert headers["x-correlation-id"] == json_of(answer)["meta"]["correlation_id"]


def test_what_cannot_be_read_is_refused_in_the_form_that_the_client_reads(handler, capsys):
    capsys.readouterr()
    event = request(headers={"x-odd": "\udc00", "accept": "application/problem+json"})
    answer = handler(event, context())
    assert answer["headers"]["content-type"] == "application/problem+json"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert next(line for line in lines if "Request" in line)["route"].startswith("POST /api/")


@pytest.mark.row("API-03")
def test_an_empty_key_is_a_mistake_and_not_the_wish_for_none(handler):
    answer = handler(request(headers={"idempotency-key": ""}), context())
    assert (answer["statusCode"], json_of(answer)["error"]["code"]) == (
        422,
        "INVALID_IDEMPOTENCY_KEY",
    )


@pytest.mark.row("API-03")
def test_a_request_with_another_query_is_another_request():
    asked = {
        fingerprint("/a", {}, query=query)
        for query in (b"", b"x=1", b"x=2", b"y=1", b"x=1&y=1", b"x", b"x=%31&z=")
    }
    assert len(asked) == 7
    assert fingerprint("/a", {}, query=b"x=1&y=2") == fingerprint("/a", {}, query=b"y=2&x=%31")


@pytest.mark.row("API-03")
def test_a_stranger_is_a_key_and_a_body():
    app, asked = create_app("things"), []

    @app.post("/api/v1/things", dependencies=[public])
    async def endpoint(body: Annotated[dict[str, int], Body()]) -> Reply[None]:
        known = current().idempotency
        asked.append((known.principal, known.key, body["n"]))
        return Reply(None)

    handler = lambda_handler(app)
    for address, key, number in (
        ("203.0.113.7", "k" * 16, 1),
        ("2001:db8::1", "k" * 16, 1),
        ("203.0.113.7", "k" * 16, 2),
        ("203.0.113.7", "l" * 16, 1),
    ):
        headers = {"idempotency-key": key}
        event = http_event("POST", "/api/v1/things", headers=headers, body={"n": number})
        event["requestContext"]["http"]["sourceIp"] = address
        assert handler(event, context())["statusCode"] == 200
    assert asked[0] == asked[1]
    assert len({(principal, key) for principal, key, _ in asked}) == 3
    event = http_event("POST", "/api/v1/things", headers={"idempotency-key": "1"}, body={"n": 1})
    refused = handler(event, context())
    assert json_of(refused)["error"]["code"] == "INVALID_IDEMPOTENCY_KEY"
