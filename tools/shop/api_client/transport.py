"""HTTP for the tools: the envelope taken off, and every request sent until it is answered."""

import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import httpx

from tools.shop.api_client.errors import ApiError, Unreachable

IN_FLIGHT = "IDEMPOTENCY_IN_FLIGHT"
_TRANSIENT = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often to send a request, and how long to wait in between.

    Exponential backoff with full jitter; ``Retry-After`` is a lower bound. Seconds.
    """

    attempts: int = 8
    first: float = 0.1
    longest: float = 3.0

    def wait(self, attempt: int, retry_after: float) -> float:
        """Return the pause after *attempt* (the first is 1)."""
        ceiling: float = min(self.longest, self.first * 2**attempt)
        return max(retry_after, random.uniform(0, ceiling))


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: *data* of the envelope, and the headers (lower case)."""

    status: int
    data: Any
    headers: Mapping[str, str]


class Transport:
    """Sends requests to one base URL. Safe to share between threads.

    Sending again is safe: a GET reads, a PATCH sets absolute values, and a POST carries the same
    ``Idempotency-Key`` each time.
    """

    def __init__(
        self,
        base_url: str,
        *,
        retry: Retry | None = None,
        sleep: Callable[[float], None] = time.sleep,
        http: httpx.BaseTransport | None = None,
    ) -> None:
        self._retry = retry or Retry()
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=base_url,
            transport=http,
            timeout=40,
            trust_env=False,  # a proxy knows no way to the local stack
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Return the answer to a request; `ApiError` if it is an error, `Unreachable` if none."""
        headers = {"x-correlation-id": str(uuid.uuid4())}  # the request's story in the logs
        if token:
            headers["authorization"] = f"Bearer {token}"
        if method == "POST":
            headers["idempotency-key"] = idempotency_key or str(uuid.uuid4())
        request = self._client.build_request(
            method, path, json=body, params=params, headers=headers
        )
        problem: Exception | None = None
        for attempt in range(1, self._retry.attempts + 1):
            try:
                response = self._client.send(request)
            except httpx.TransportError as error:
                problem, retry_after = error, 0.0
            else:
                if response.is_success:
                    return Answer(response.status_code, _data(response), response.headers)
                refusal = _refusal(response)
                if refusal.status not in _TRANSIENT and refusal.code != IN_FLIGHT:
                    raise refusal
                problem, retry_after = refusal, _seconds(response.headers.get("retry-after"))
            if attempt < self._retry.attempts:
                self._sleep(self._retry.wait(attempt, retry_after))
        if isinstance(problem, ApiError):
            raise problem
        raise Unreachable(f"{method} {request.url}: {problem}") from problem


def _data(response: httpx.Response) -> Any:
    body = response.json()
    return body["data"] if isinstance(body, dict) and "data" in body else body


def _refusal(response: httpx.Response) -> ApiError:
    try:
        body = cast("dict[str, Any]", response.json())
        error = body["error"]
        details = {**error["details"], **({"errors": error["errors"]} if error["errors"] else {})}
        return ApiError(response.status_code, error["code"], body["message"], details)
    except (ValueError, KeyError, TypeError):
        text = response.text[:500] or response.reason_phrase
        return ApiError(response.status_code, f"HTTP_{response.status_code}", text, {})


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdigit() else 0.0
