"""What an HTTP API answers by itself: bare, outside of the functions' envelope.

The emulator answers some of it with other statuses, and shows what went wrong inside; it lets any
number of requests a second in. AWS: a function that failed, or was not asked, is 500; one that was
throttled, or slower than the gateway waits, 503; more requests than the stage takes, 429.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from tools.local.messages import Headers

SAYS = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service Unavailable",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
}
_INSTEAD = {
    HTTPStatus.BAD_GATEWAY: HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.TOO_MANY_REQUESTS: HTTPStatus.SERVICE_UNAVAILABLE,  # the function's throttle
}
"""By the emulator's status: AWS's, of what went wrong between gateway and function."""
_OF_FUNCTIONS = b"x-request-id"
"""A header of every answer of ours."""


def bare(status: HTTPStatus) -> tuple[int, Headers, bytes]:
    """Return the gateway's own answer of *status*."""
    body = json.dumps({"message": SAYS[status]}, separators=(",", ":")).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"apigw-requestid", uuid4().hex[:16].encode()),
    ]
    return status.value, headers, body


def as_aws_says_it(status: int, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
    """Return an answer as AWS's gateway would give it; what a function said stays as it is."""
    theirs = any(name.lower() == _OF_FUNCTIONS for name, _ in headers)
    known = status if theirs else _INSTEAD.get(HTTPStatus(status), status)
    if theirs or known not in SAYS:
        return status, headers, body
    return bare(HTTPStatus(known))


@dataclass(slots=True)
class Throttle:
    """A stage's bucket of tokens: *burst* of them, filled up at *rate* a second."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at = self.burst, self.clock()

    def takes(self) -> bool:
        """Count a request; tell whether it is let in."""
        now = self.clock()
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def read_throttle(stage: dict[str, Any]) -> Throttle | None:
    """Return what a deployed stage lets in; nothing where it does not say."""
    said = stage.get("DefaultRouteSettings", {})
    rate, burst = said.get("ThrottlingRateLimit"), said.get("ThrottlingBurstLimit")
    return Throttle(float(rate), float(burst)) if rate and burst else None
