"""Requests are sent until they are answered, and a POST is the same POST each time."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tools.shop.api_client.errors import ApiError, Unreachable
from tools.shop.api_client.transport import Retry, Transport

OK = {"success": True, "data": {"id": "1"}, "meta": {}}


def _refusal(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"message": "no", "error": {"code": code, "details": {"a": 1}, "errors": []}}
    return httpx.Response(status, json=body, headers=headers)


class Wire:
    """Answers from a list; keeps what was sent and slept."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self._answers: Iterator[httpx.Response | Exception] = iter(answers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def transport(self, attempts: int = 8) -> Transport:
        return Transport(
            "http://shop",
            retry=Retry(attempts=attempts),
            sleep=self.slept.append,
            http=httpx.MockTransport(self._answer),
        )

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("idempotency-key") for request in self.requests]


def test_the_envelope_is_taken_off() -> None:
    wire = Wire(httpx.Response(200, json=OK))
    with wire.transport() as transport:
        assert transport.send("GET", "/x", token="t").data == {"id": "1"}
    assert wire.requests[0].headers["authorization"] == "Bearer t"
    assert wire.keys == [None]


@pytest.mark.parametrize(
    "failure",
    [
        lambda: _refusal(503, "TEMPORARILY_UNAVAILABLE"),
        lambda: _refusal(429, "RATE_LIMIT_EXCEEDED"),
        lambda: _refusal(409, "IDEMPOTENCY_IN_FLIGHT"),
        lambda: httpx.ConnectError("refused"),
        lambda: httpx.ReadTimeout("late"),
    ],
    ids=["503", "429", "in flight", "connection", "timeout"],
)
def test_a_passing_failure_is_retried_with_the_same_key(
    failure: Callable[[], httpx.Response | Exception],
) -> None:
    wire = Wire(failure(), failure(), httpx.Response(201, json=OK))
    with wire.transport() as transport:
        assert transport.send("POST", "/x", body={}).status == 201
    assert len(set(wire.keys)) == 1
    assert wire.keys[0]
    assert len(wire.slept) == 2


def test_retry_after_is_respected() -> None:
    wire = Wire(_refusal(429, "SLOW", **{"retry-after": "7"}), httpx.Response(200, json=OK))
    with wire.transport() as transport:
        transport.send("GET", "/x")
    assert wire.slept == [7.0]


def test_a_refusal_is_not_retried() -> None:
    wire = Wire(_refusal(409, "EMAIL_TAKEN"))
    with wire.transport() as transport, pytest.raises(ApiError) as raised:
        transport.send("POST", "/x", body={}, idempotency_key="k")
    error = raised.value
    assert (error.status, error.code, error.details) == (409, "EMAIL_TAKEN", {"a": 1})
    assert wire.keys == ["k"]


def test_an_answer_without_an_envelope_is_an_api_error() -> None:
    wire = Wire(httpx.Response(404, json={"message": "Not Found"}))
    with wire.transport() as transport, pytest.raises(ApiError) as raised:
        transport.send("GET", "/x")
    assert raised.value.code == "HTTP_404"


def test_the_last_failure_is_raised_when_retries_are_used_up() -> None:
    wire = Wire(_refusal(503, "BUSY"), _refusal(503, "BUSY"))
    with wire.transport(attempts=2) as transport, pytest.raises(ApiError):
        transport.send("GET", "/x")
    silent = Wire(httpx.ConnectError("a"), httpx.ConnectError("b"))
    with silent.transport(attempts=2) as transport, pytest.raises(Unreachable):
        transport.send("GET", "/x")
    assert len(wire.slept) == len(silent.slept) == 1
