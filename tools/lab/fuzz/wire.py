"""Requests as bytes, some of which are no HTTP, and what comes back over a socket."""

import http.client
import io
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from tools.lab.fuzz.request import Request

TIMEOUT_SECONDS = 20.0
_MOST_BYTES = 4_000_000

Frame = Callable[[bytes, bytes, Random], bytes]
"""Makes the bytes of a request from its head (without the empty line) and its body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``status`` is 0 where the server closed the connection without a word."""

    status: int
    headers: dict[str, str]
    body: bytes


def head_of(request: Request, host: str) -> bytes:
    """Return request line and headers as a client writes them, odd characters included."""
    query = f"?{request.query}" if request.query else ""
    lines = [f"{request.method} {request.path}{query} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    return "\r\n".join([*lines, "Connection: close"]).encode("utf-8", "surrogateescape")


def plain(head: bytes, body: bytes, _: Random) -> bytes:
    """As every client does it."""
    length = b"\r\nContent-Length: %d" % len(body) if body else b""
    return head + length + b"\r\n\r\n" + body


def chunked(head: bytes, body: bytes, dice: Random) -> bytes:
    """The body in chunks."""
    size = dice.randint(1, 40)
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    sent = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks)
    return head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + sent + b"0\r\n\r\n"


def broken_chunks(head: bytes, body: bytes, dice: Random) -> bytes:
    """Chunks whose lengths are none, or lie."""
    lie = dice.choice(
        [
            b"zz\r\n",
            b"-1\r\n",
            b"ffffffffffffffff\r\n",
            b"5\r\n{}\r\n",
            b"\r\n",
            b"2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
        ]
    )
    return head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + lie + body[:10]


def lengths_that_disagree(head: bytes, body: bytes, dice: Random) -> bytes:
    """A length that is too long or too short, comes twice, or beside chunks."""
    size = len(body)
    lie = dice.choice(
        [b"%d" % (size + 5), b"%d" % max(0, size - 1), b"-1", b"+%d" % size,
         b"%d\r\nContent-Length: 0" % size, b"x", b"",
         b"9" * 30, b"%d\r\nTransfer-Encoding: chunked" % size, b"0x10", b"1_0"],
    )  # fmt: skip
    return head + b"\r\nContent-Length: " + lie + b"\r\n\r\n" + body


def odd_lines(head: bytes, body: bytes, dice: Random) -> bytes:
    """Lines that are no headers, request lines that are none."""
    first, _, rest = head.partition(b"\r\n")
    method, _, target = first.partition(b" ")
    target = target.removesuffix(b" HTTP/1.1")
    made = dice.choice(
        [b"%s %s HTTP/9.9\r\n%s" % (method, target, rest), b"%s %s\r\n%s" % (method, target,
         rest), b"%s\r\n%s" % (method, rest),
         first + b"\r\n" + rest + b"\r\nno colon here",
         first + b"\r\n" + rest + b"\r\nX-Fold: a\r\n b",
         first + b"\r\n" + rest + b"\r\nX-Nul: a\x00b", first + b"\r\n" + rest + b"\r\n: empty",
         first + b"\r\n" + rest + b"\r\nX Space: a", first + b"\r\n" + rest + b"\r\nHost: other",
         first, b"\r\n\r\n" + head, head.replace(b"\r\n", b"\n"), b"PRI * HTTP/2.0\r\n\r\nSM",
         b"\x16\x03\x01\x02\x00\x01",
         first + b"\r\n" + rest + b"\r\nX-Big: " + b"b" * 70_000,
         first + b"\r\n" + rest + b"".join(b"\r\nX-%d: 1" % n for n in range(2_000)),
         b"%s http://evil.example%s HTTP/1.1\r\n%s" % (method, target, rest),
         b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\n" + rest],
    )  # fmt: skip
    return made + b"\r\n\r\n" + body


FRAMES: tuple[Frame, ...] = (
    *[plain] * 8, chunked, broken_chunks, lengths_that_disagree, odd_lines, odd_lines,
)  # fmt: skip


def exchange(address: tuple[str, int], sent: bytes) -> Reply:
    """Send bytes, say that there will be no more, and return the answer."""
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as connection:
        received = bytearray()
        # Refused before it was read to its end; the answer may be there all the same.
        with suppress(ConnectionError):
            connection.sendall(sent)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while len(received) < _MOST_BYTES and (part := connection.recv(65_536)):
                received += part
    return parsed(bytes(received), is_head=sent.startswith(b"HEAD "))


class _Received:
    """Bytes, in the form in which ``http.client`` wants its socket."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, *_: object) -> io.BytesIO:
        return io.BytesIO(self._received)


def parsed(received: bytes, *, is_head: bool) -> Reply:
    """Return the answer in *received*; `http.client.HTTPException` if that is none."""
    if not received:
        return Reply(0, {}, b"")
    response = http.client.HTTPResponse(_Received(received), method="HEAD" if is_head else "GET")  # type: ignore[arg-type]
    response.begin()
    body = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, body)
