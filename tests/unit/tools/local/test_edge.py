"""What CloudFront does unasked is done here, too: seen over HTTP, by a clock of the test's own."""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tools.local.behaviours import Behaviour
from tools.local.edge import Answer, Edge, RateRule, read_edge
from tools.local.front_door import FrontDoor
from tools.local.options import LOOPBACK
from tools.local.ports import settle_port

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
POLICY = {
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "HeadersConfig": {"Headers": {"Items": ["Authorization", "Origin"]}}
    }
}


class _Failing(BaseHTTPRequestHandler):
    """Fails with the status that the path names, and counts; says that nobody may keep it."""

    asked = 0

    def _answer(self) -> None:
        type(self).asked += 1
        body = str(type(self).asked).encode()
        self.send_response_only(int(self.path.rsplit("/", 1)[1]))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


Ask = Callable[..., tuple[int, dict[str, str], str]]


@contextmanager
def door(edge: Edge) -> Iterator[Ask]:
    server = ThreadingHTTPServer((LOOPBACK, 0), _Failing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    port = settle_port(0, purpose="test", flag="")
    front = FrontDoor(
        port, server.server_port, [Behaviour(re.compile(""), METHODS, "a", {})], edge
    )
    front.start()

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        return answer.status, found, text

    try:
        yield ask
    finally:
        front.stop()
        server.shutdown()
        thread.join()
        server.server_close()


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def errors(**seconds: int) -> dict[str, Any]:
    items = [
        {"ErrorCode": int(code.strip("_")), "ErrorCachingMinTTL": value}
        for code, value in seconds.items()
    ]
    return {"CustomErrorResponses": {"Items": items}} if items else {}


def made(distribution: dict[str, Any], clock: Clock) -> Edge:
    edge = read_edge(distribution, cache_policy=POLICY, headers_policy={}, acl=None)
    edge.clock = clock
    return edge


@pytest.mark.parametrize("status", [404, 500, 502, 503, 504])
def test_an_error_is_everybodys_for_ten_seconds_unless_the_distribution_says_otherwise(
    status: int,
) -> None:
    clock = Clock()
    with door(made({}, clock)) as ask:
        first = ask(f"/x/{status}")
        assert ask(f"/x/{status}") == first
        assert ask(f"/x/{status}", Authorization="Bearer x")[2] != first[2]  # another key
        assert ask(f"/x/{status}", "POST")[2] != first[2]
        clock.now += 9.9
        assert ask(f"/x/{status}") == first
        clock.now += 0.2
        assert ask(f"/x/{status}")[2] != first[2]
    told = errors(**{f"_{status}": 0})
    with door(made(told, clock)) as ask:
        assert ask(f"/x/{status}")[2] != ask(f"/x/{status}")[2]


@pytest.mark.parametrize("status", [200, 401, 409, 422, 429])
def test_nothing_else_is_kept(status: int) -> None:
    with door(made({}, Clock())) as ask:
        assert ask(f"/x/{status}")[2] != ask(f"/x/{status}")[2]


def test_one_request_too_many_is_refused_before_anything_is_asked() -> None:
    refusal = Answer(429, [(b"retry-after", b"300"), (b"content-length", b"2")], b"{}")
    clock = Clock()
    with door(Edge(rate=RateRule(3, 300.0, refusal), clock=clock)) as ask:
        statuses = [ask("/x/200")[0] for _ in range(3)]
        before = _Failing.asked
        status, headers, text = ask("/x/200")
        assert (statuses, status, headers["retry-after"], text) == ([200] * 3, 429, "300", "{}")
        assert _Failing.asked == before
        clock.now += 300
        assert ask("/x/200")[0] == 200


def test_headers_of_the_distribution_come_to_answers_that_lack_them() -> None:
    policy = {"SecurityHeadersConfig": {"FrameOptions": {"FrameOption": "DENY"},
                                        "ContentTypeOptions": {"Override": False}}}  # fmt: skip
    edge = read_edge({}, cache_policy=POLICY, headers_policy=policy, acl=None)
    with door(edge) as ask:
        _, headers, _ = ask("/x/200")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"  # the origin's own word stands
