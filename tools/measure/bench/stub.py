"""A loopback endpoint that plays back how AWS answered once, always the same way.

It is no emulator: the answers of each function's calls were recorded when it ran on one
(`tools.measure.bench.recording`), and every run of it hears them again. So all runs find the same
state, and a thousand calls cost the same as one.
"""

import json
import re
import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs

# What differs between two runs of the same function: ids, tokens, times, counts.
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[\w-]{22,}|\d+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call as it was sent (*operation* and *request*), and what came back."""

    operation: str
    request: str
    status: int
    headers: Mapping[str, str]
    answer: str

    def reply(self) -> tuple[int, Mapping[str, str], bytes]:
        """What goes over the wire; DynamoDB adds a checksum, which botocore looks at."""
        body = self.answer.encode()
        return self.status, {**self.headers, "x-amz-crc32": str(zlib.crc32(body))}, body


def operation_of(method: str, path: str, target: str, body: str) -> str:
    """Name the call, whichever of AWS's protocols it comes in; *target* is ``X-Amz-Target``."""
    if target:
        return target.rpartition(".")[2]
    action = parse_qs(body).get("Action") if body.startswith("Action=") else None
    return action[0] if action else f"{method} {path.partition('?')[0]}"


def keys(operation: str, request: str) -> Iterator[tuple[str, str]]:
    """What a call is recognised by: the same, the same but for ids, the same kind of call."""
    yield operation, request
    yield operation, _VARYING.sub("*", request)
    yield operation, ""


class Script:
    """The answers to one function; those to equal calls take turns."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._known: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for each in exchanges:
            for key in keys(each.operation, each.request):
                self._known[key].append(each)

    def find(self, operation: str, request: str, turns: Counter[tuple[str, str]]) -> Exchange:
        """The answer to a call; `LookupError` names one that was never recorded."""
        for key in keys(operation, request):
            if found := self._known.get(key):
                turns[key] += 1
                return found[(turns[key] - 1) % len(found)]
        raise LookupError(f"{operation} is not in the recording: {request[:500]}")


@dataclass(slots=True)
class Session:
    """One process of one function: whose turn it is, and what was asked."""

    script: Script
    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet for head and body, at once: otherwise the client waits 40 ms for the second.
    wbufsize = -1
    disable_nagle_algorithm = True
    sessions: Mapping[str, Session]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        number, _, path = self.path[1:].partition("/")
        target = self.headers.get("X-Amz-Target", "")
        operation = operation_of(self.command, f"/{path}", target, body)
        session = self.sessions[number]
        session.asked.append(operation)
        try:
            status, headers, data = session.script.find(operation, body, session.turns).reply()
        except LookupError as unknown:
            answer = {"__type": "NotRecorded", "message": str(unknown)}
            status, headers, data = 400, {}, json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST  # noqa: N815  # names that http.server calls

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of five, readiness's nine calls at once would wait for a second


class Stub:
    """The endpoint while the `with` block runs."""

    def __init__(self, recorded: Mapping[str, Sequence[Exchange]]) -> None:
        self._scripts = {name: Script(exchanges) for name, exchanges in recorded.items()}
        self._sessions: dict[str, Session] = {}
        self._numbers = count(1)

    def open(self, function: str) -> tuple[str, Session]:
        """The address for one process of *function*, and what it will have asked there."""
        number, session = str(next(self._numbers)), Session(self._scripts[function])
        self._sessions[number] = session
        return f"{self._url}/{number}", session

    def __enter__(self) -> Self:
        handler = type("BoundHandler", (Handler,), {"sessions": self._sessions})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
