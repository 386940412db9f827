"""The front door before a real HTTP server that answers with what it received."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools.local.behaviours import Behaviour
from tools.local.front_door import FrontDoor
from tools.local.options import LOOPBACK
from tools.local.ports import settle_port

SECRET = "the-secret"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _echo(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else self._chunks()
        received = {
            "method": self.command,
            "target": self.path,
            "headers": self.headers.items(),
            "body": body.hex(),
        }
        answer = json.dumps(received).encode()
        self.send_response_only(201, "Made")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def _chunks(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return b""
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_PATCH = do_DELETE = _echo  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer((LOOPBACK, 0), _Echo)
    thread = Thread(target=server.serve_forever)
    thread.start()
    front_port = settle_port(0, purpose="test", flag="")
    behaviour = Behaviour(re.compile(""), METHODS, "abc", {"X-Origin-Verify": SECRET})
    door = FrontDoor(front_port, server.server_port, [behaviour])
    door.start()
    yield front_port
    door.stop()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    yield connection
    connection.close()


def _values(received: dict[str, list[list[str]]], name: str) -> list[str]:
    return [value for key, value in received["headers"] if key.lower() == name]


def test_everything_arrives_as_it_was_sent(client: http.client.HTTPConnection) -> None:
    body = bytes(range(256))
    client.putrequest("PATCH", "/a%2Fb//c;d?x=1&x=2&y=%00", skip_accept_encoding=True)
    for name, value in (("X-Twice", "1"), ("X-Twice", "2"), ("X-Case", "Ab"), ("X-Empty", "")):
        client.putheader(name, value)
    client.putheader("Content-Length", str(len(body)))
    client.endheaders(body)
    answer = client.getresponse()
    received = json.load(answer)
    assert answer.status == 201
    assert answer.reason == "Made"
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert received["method"] == "PATCH"
    assert received["target"] == "/_aws/execute-api/abc/a%2Fb//c;d?x=1&x=2&y=%00"
    assert bytes.fromhex(received["body"]) == body
    assert _values(received, "x-twice") == ["1", "2"]
    assert ["X-Case", "Ab"] in received["headers"]
    assert _values(received, "x-empty") == [""]


def test_the_viewers_claims_about_the_front_door_are_replaced(
    client: http.client.HTTPConnection,
) -> None:
    claims = {"x-ORIGIN-verify": "guessed", "X-Viewer-Address": "8.8.8.8"}
    client.request("GET", "/", headers=claims)
    received = json.load(client.getresponse())
    assert _values(received, "x-origin-verify") == [SECRET]
    assert _values(received, "x-viewer-address") == [LOOPBACK]


def test_a_connection_is_kept_and_its_own_headers_are_not_passed_on(
    client: http.client.HTTPConnection,
) -> None:
    headers = {"Connection": "keep-alive", "Keep-Alive": "timeout=5"}
    local = set()
    for _ in range(3):
        client.request("GET", "/", headers=headers)
        received = json.load(client.getresponse())
        assert not _values(received, "connection")
        assert not _values(received, "keep-alive")
        assert client.sock is not None
        local.add(client.sock.getsockname())
    assert len(local) == 1


def test_a_large_body_passes(client: http.client.HTTPConnection) -> None:
    body = b"tradewind" * 1_000_000
    client.request("POST", "/", body=body)
    assert bytes.fromhex(json.load(client.getresponse())["body"]) == body


def test_a_chunked_body_passes(client: http.client.HTTPConnection) -> None:
    client.request("POST", "/", body=iter([b"a" * 10, b"b" * 100_000]), encode_chunked=True)
    assert bytes.fromhex(json.load(client.getresponse())["body"]) == b"a" * 10 + b"b" * 100_000


def test_a_head_request_has_no_body(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/")
    answer = client.getresponse()
    assert answer.status == 201
    assert answer.read() == b""


def test_many_viewers_each_get_their_own_answer(port: int) -> None:
    def ask(number: int) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        connection.request("POST", f"/{number}", body=str(number) * 1000)
        received = json.load(connection.getresponse())
        connection.close()
        expected = (str(number) * 1000).encode()
        same_body: bool = bytes.fromhex(received["body"]) == expected
        return same_body and received["target"].endswith(f"/{number}")

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(ask, range(200)))
    assert len(answers) == 200
    assert all(answers)


def _raw(port: int, request: bytes) -> bytes:
    with socket.create_connection((LOOPBACK, port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        return answer


def test_a_waiting_client_is_told_to_continue(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection((LOOPBACK, port), timeout=30) as connection:
        connection.sendall(head)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100")
        connection.sendall(b"ok")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n", b"400"),
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"403"),
        (b"GET http://a/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_what_no_origin_should_see_is_refused(
    port: int, request_bytes: bytes, status: bytes
) -> None:
    assert _raw(port, request_bytes).split(b" ", 2)[1] == status


def test_an_emulator_that_is_gone_gives_502() -> None:
    gone = settle_port(0, purpose="test", flag="")
    front_port = settle_port(0, purpose="test", flag="")
    door = FrontDoor(front_port, gone, [Behaviour(re.compile(""), METHODS, "abc", {})])
    door.start()
    try:
        answer = _raw(front_port, b"GET / HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n")
    finally:
        door.stop()
    assert answer.startswith(b"HTTP/1.1 502")
