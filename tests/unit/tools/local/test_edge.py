"""What CloudFront does unasked is done here, too: seen over HTTP, by a clock of the test's own."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tools.local.behaviours import Behaviour
from tools.local.edge import Answer, Edge, RateRule, read_edge
from tools.local.front_door import FrontDoor
from tools.local.gateway_errors import Throttle, read_throttle
from tools.local.options import LOOPBACK
from tools.local.ports import settle_port

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
POLICY = {
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "HeadersConfig": {"Headers": {"Items": ["Authorization", "Origin"]}}
    }
}


class _Failing(BaseHTTPRequestHandler):
    """Fails with the status that the path names, and counts; says that nobody may keep it.

    A query says something else for how long; ``bare`` is an answer of no function.
    """

    asked = 0
    accepted: str | None = None

    def _answer(self) -> None:
        type(self).asked += 1
        type(self).accepted = self.headers.get("Accept-Encoding")
        body = str(type(self).asked).encode()
        path, _, query = self.path.partition("?")
        self.send_response_only(int(path.rsplit("/", 1)[1]))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", unquote(query) or "no-store")
        if "/bare/" not in path:
            self.send_header("X-Request-Id", "1")
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


Ask = Callable[..., tuple[int, dict[str, str], str]]


@contextmanager
def door(edge: Edge, throttle: Throttle | None = None) -> Iterator[Ask]:
    server = ThreadingHTTPServer((LOOPBACK, 0), _Failing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    port = settle_port(0, purpose="test", flag="")
    front = FrontDoor(
        port,
        server.server_port,
        [Behaviour(re.compile(""), METHODS, "a", {})],
        edge,
        {"a": throttle} if throttle else None,
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


PUBLIC = {
    "MaxTTL": 3_600,
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "EnableAcceptEncodingGzip": True,
        "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {"Headers": {"Items": ["Origin"]}},
    },
}


def made_public(clock: Clock) -> Edge:
    edge = read_edge({}, cache_policy=PUBLIC, headers_policy={}, acl=None)
    edge.clock = clock
    return edge


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("public, max-age=300", 300),
        ("max-age=60, s-maxage=90", 90),
        ("public, max-age=86400", 3_600),
    ],
)
def test_a_public_answer_is_everybodys_for_as_long_as_it_says(said: str, seconds: int) -> None:
    clock, path = Clock(), f"/x/200?{quote(said)}"
    with door(made_public(clock)) as ask:
        first = ask(path)
        assert ask(path) == first
        assert ask(path, Origin="https://shop.example")[2] != first[2]
        assert ask(path, "POST")[2] != first[2]
        clock.now += seconds - 0.1
        assert ask(path) == first
        clock.now += 0.2
        assert ask(path)[2] != first[2]


@pytest.mark.parametrize(
    "said",
    ["no-store", "private, max-age=300", "public, no-cache", "public, max-age=0", "max-age=x"],
)
def test_what_is_not_for_everybody_is_asked_for_each_time(said: str) -> None:
    with door(made_public(Clock())) as ask:
        assert ask(f"/x/200?{quote(said)}")[2] != ask(f"/x/200?{quote(said)}")[2]


@pytest.mark.parametrize(
    ("said", "arrives"),
    [
        ("gzip, deflate, br, zstd", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("GZIP", "gzip"),
        ("br", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0.000, br", None),
    ],
)
def test_functions_hear_of_no_encoding_but_those_that_the_cache_tells_apart(
    said: str, arrives: str | None
) -> None:
    with door(made_public(Clock())) as ask:
        ask("/x/200", **{"Accept-Encoding": said})
        assert _Failing.accepted == arrives
    policy = PUBLIC["ParametersInCacheKeyAndForwardedToOrigin"] | {
        "EnableAcceptEncodingBrotli": True
    }
    both = read_edge(
        {},
        cache_policy={"ParametersInCacheKeyAndForwardedToOrigin": policy},
        headers_policy={},
        acl=None,
    )
    assert both.normalised([(b"Accept-Encoding", b"gzip, br")]) == [
        (b"accept-encoding", b"br,gzip")
    ]


def test_packed_and_plain_answers_are_kept_apart() -> None:
    with door(made_public(Clock())) as ask:
        path = f"/x/200?{quote('public, max-age=300')}"
        packed = ask(path, **{"Accept-Encoding": "gzip, br"})
        assert ask(path, **{"Accept-Encoding": "gzip"}) == packed
        assert ask(path, **{"Accept-Encoding": "identity"})[2] != packed[2]


@pytest.mark.parametrize(
    ("emulated", "status", "says"),
    [
        (500, 500, "Internal Server Error"),
        (502, 500, "Internal Server Error"),
        (429, 503, "Service Unavailable"),
        (503, 503, "Service Unavailable"),
    ],
)
def test_what_no_function_answered_is_bare_as_on_aws(
    emulated: int, status: int, says: str
) -> None:
    with door(made_public(Clock())) as ask:
        got, headers, text = ask(f"/bare/{emulated}")
        assert (got, json.loads(text)) == (status, {"message": says})
        assert headers["apigw-requestid"]
        assert headers["content-type"] == "application/json"
        assert "x-request-id" not in headers
        head = ask(f"/bare/{emulated}", "HEAD")
        assert (head[0], head[1]["content-length"], head[2]) == (status, str(len(text)), "")
        theirs = ask(f"/x/{emulated}")
        assert (theirs[0], theirs[1]["x-request-id"]) == (emulated, "1")


def test_a_stage_takes_so_many_requests_a_second_and_so_many_at_once() -> None:
    clock = Clock()
    throttle = Throttle(rate=2.0, burst=3.0, clock=clock)
    with door(made_public(clock), throttle) as ask:
        assert [ask("/x/200")[0] for _ in range(4)] == [200, 200, 200, 429]
        before = _Failing.asked
        _, headers, text = ask("/x/200")
        assert json.loads(text) == {"message": "Too Many Requests"}
        assert headers["apigw-requestid"]
        assert _Failing.asked == before
        clock.now += 0.5
        assert [ask("/x/200")[0] for _ in range(2)] == [200, 429]
        clock.now += 100.0
        assert [ask("/x/200")[0] for _ in range(4)] == [200, 200, 200, 429]


def test_a_stage_says_what_it_takes_or_takes_all() -> None:
    said = {"DefaultRouteSettings": {"ThrottlingRateLimit": 500, "ThrottlingBurstLimit": 1000}}
    found = read_throttle(said)
    assert found is not None
    assert (found.rate, found.burst) == (500.0, 1_000.0)
    assert read_throttle({"DefaultRouteSettings": {}}) is None
    assert read_throttle({}) is None


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
