"""The emulator's HTTP APIs, mended: what browsers and clients with OPTIONS see of API Gateway."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tools.local.emulator_gateway import correct

PAGE = "https://shop.example"
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "PUT"}


def ask(method: str, headers: dict[str, str], *, cors: bool = True, **function: Any) -> Any:
    """Ask an API whose function answers *function*; MiniStack's code would run in its place."""

    async def execute(api_id: str, stage: str, path: str, method: str, *_: Any) -> Any:
        if method == "OPTIONS":
            asked = {name.lower(): value for name, value in headers.items()}
            consents = gateway._cors_response_headers(cors, asked.get("origin", ""))
            return (204, consents, b"") if consents else (403, {}, b"CORS not configured")
        return function["status"], dict(function["sent"]), f"{method} {path}"

    def consent(allowed: Any, origin: str) -> dict[str, str]:
        is_ours = allowed and origin == PAGE
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if is_ours else {}

    gateway = SimpleNamespace(
        _apis={"a": {"corsConfiguration": {"allowOrigins": [PAGE]}} if cors else {}},
        _handle_execute_in_scope=execute,
        _cors_response_headers=consent,
    )
    correct(gateway)
    return asyncio.run(gateway._handle_execute_in_scope("a", "$default", "/x", method, headers))


@pytest.mark.parametrize("status", [200, 401, 404, 429, 500, 502, 503, 504])
def test_every_answer_names_the_origin_once_whoever_made_it(status: int) -> None:
    """The gateway's own refusals have nothing of a function in them, not even `Vary`."""
    for headers in ({}, {"vary": "accept-encoding,origin"}, {"access-control-allow-origin": "*"}):
        _, found, _ = ask("GET", {"origin": PAGE}, status=status, sent=headers)
        lower = [name.lower() for name in found]
        assert found["Access-Control-Allow-Origin"] == PAGE
        assert (lower.count("access-control-allow-origin"), lower.count("vary")) == (1, 1)


def test_another_origin_is_told_nothing() -> None:
    for cors in (True, False):
        _, found, _ = ask(
            "GET", {"origin": "https://evil.example"}, status=200, sent={}, cors=cors
        )
        assert found == {}


def test_a_preflight_is_answered_and_every_other_options_reaches_the_routes() -> None:
    assert ask("OPTIONS", PREFLIGHT)[:2] == (
        204, {"Access-Control-Allow-Origin": PAGE, "Vary": "Origin"},
    )  # fmt: skip
    assert ask("OPTIONS", PREFLIGHT | {"Origin": "https://evil.example"}) == (204, {}, b"")
    for headers, cors in (({}, True), ({"Origin": PAGE}, True), (PREFLIGHT, False)):
        answer = ask("OPTIONS", headers, cors=cors, status=204, sent={"allow": "GET"})
        assert (answer[0], answer[1]["allow"], answer[2]) == (204, "GET", "OPTIONS /x")
