"""Subsegments of AWS X-Ray, in the documents that AWS's own SDK sends to the same daemon.

That SDK parses the trace header some twenty times a request and wraps botocore with wrapt; this
keeps what our traces consist of and costs a tenth (docs/adr/0017). The format is X-Ray's
"segment documents": https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shared.platform.telemetry.masking import masked

TRACE_VARIABLE = "_X_AMZN_TRACE_ID"
MAX_IN_ONE = 30
"""Finished subsegments that wait for the one around them; what comes then is sent by itself."""

_PREFIX = b'{"format": "json", "version": 1}\n'
_MAX_MESSAGE = 1_000
_FOLDER = str(Path.cwd())
_encode = json.JSONEncoder(separators=(",", ":"), default=str).encode

Document = dict[str, Any]


class Recorder:
    """Keeps the open subsegments of one thread and sends finished ones to the daemon."""

    def __init__(self, address: str, annotations: dict[str, str] | None = None) -> None:
        """Take the daemon's *address* as Lambda states it: ``host:port``.

        *annotations* are those of each outermost subsegment.
        """
        self._annotations = annotations or {}
        host, _, port = address.rpartition(":")
        self._daemon = (host, int(port))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  # the standard library's signature
        self._open: list[Document] = []
        self._waiting = 0
        self._header: str | None = None
        self._trace: tuple[str, str] | None = None  # its id and the parent's; None if not sampled

    def begin(self, name: str, namespace: str = "local") -> Document | None:
        """Open a subsegment inside the open one; ``None`` where nothing is traced.

        Whatever an earlier invocation left open is dropped: its trace is over.
        """
        header = os.environ.get(TRACE_VARIABLE)
        if header != self._header:
            self._header, self._trace = header, _sampled_trace(header or "")
            self._open.clear()
        if self._trace is None:
            return None
        opened: Document = {
            "id": os.urandom(8).hex(),
            "name": name,
            "start_time": time.time(),
            "namespace": namespace,
        }
        if self._annotations and not self._open:
            opened["annotations"] = self._annotations
        self._open.append(opened)
        return opened

    def header(self, subsegment: Document) -> str:
        """Return the trace header for a request that is sent inside *subsegment*."""
        assert self._trace is not None  # noqa: S101  # nothing is open otherwise
        return f"Root={self._trace[0]};Parent={subsegment['id']};Sampled=1"

    def end(self, subsegment: Document) -> None:
        """Close *subsegment*, and whatever was left open inside of it."""
        while self._open:
            closed = self._open.pop()
            closed["end_time"] = time.time()
            if not self._open:
                self._waiting = 0
                self._send(closed, self._trace[1] if self._trace else "")
            elif self._waiting < MAX_IN_ONE:
                self._waiting += 1
                self._open[-1].setdefault("subsegments", []).append(closed)
            else:
                self._send(closed, self._open[-1]["id"])
            if closed is subsegment:
                return

    def begin_aside(self, name: str, namespace: str) -> Document | None:
        """Open a subsegment that any thread may open and end; ``None`` where nothing is traced.

        It is inside what is open now, and nothing comes inside it: it is sent by itself.
        """
        header = os.environ.get(TRACE_VARIABLE)
        known = header == self._header
        trace = self._trace if known else _sampled_trace(header or "")
        if trace is None:
            return None
        around = self._open[-1:] if known else []
        return {
            "id": os.urandom(8).hex(),
            "name": name,
            "start_time": time.time(),
            "namespace": namespace,
            "type": "subsegment",
            "trace_id": trace[0],
            "parent_id": around[0]["id"] if around else trace[1],
        }

    def end_aside(self, subsegment: Document) -> None:
        """Close what `begin_aside` has opened."""
        self._write({**subsegment, "end_time": time.time()})

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _send(self, closed: Document, parent: str) -> None:
        trace = self._trace[0] if self._trace else ""
        self._write({**closed, "type": "subsegment", "trace_id": trace, "parent_id": parent})

    def _write(self, document: Document) -> None:
        try:
            self._socket.sendto(_PREFIX + _encode(document).encode(), self._daemon)
        except (OSError, ValueError):  # a trace that is lost must not cost the answer
            return


class Subsegment:
    """A ``with`` block as a subsegment; an exception marks it failed and goes on."""

    __slots__ = ("_annotations", "_name", "_opened", "_recorder")

    def __init__(self, recorder: Recorder, name: str, annotations: dict[str, str]) -> None:
        self._recorder = recorder
        self._name = name
        self._annotations = annotations

    def __enter__(self) -> Self:
        self._opened = self._recorder.begin(self._name)
        if self._opened is not None and self._annotations:
            self._opened["annotations"] = {
                **self._opened.get("annotations", {}),
                **self._annotations,
            }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._opened is None:
            return
        if error is not None:
            failed(self._opened, error)
        self._recorder.end(self._opened)


def answered(subsegment: Document, status: int, answer: dict[str, Any]) -> None:
    """Note what AWS answered in *subsegment*: its status, request id, and error if it is one.

    As X-Ray has it, ``error`` is the caller's mistake (4xx), ``fault`` the service's (5xx).
    """
    subsegment["http"] = {"response": {"status": status}}
    subsegment["aws"]["request_id"] = answer.get("ResponseMetadata", {}).get("RequestId")
    if status < 400:  # noqa: PLR2004
        return
    subsegment["fault" if status >= 500 else "error"] = True  # noqa: PLR2004
    if status == 429:  # noqa: PLR2004
        subsegment["throttle"] = True
    wrong = answer.get("Error", {})
    subsegment["cause"] = _cause(wrong.get("Message", ""), wrong.get("Code", ""), remote=True)


def failed(subsegment: Document, error: BaseException) -> None:
    """Mark *subsegment* as failed by *error*, its message without secrets."""
    subsegment["fault"] = True
    subsegment["cause"] = _cause(str(error), type(error).__name__, remote=False)


def _cause(message: str, kind: str, *, remote: bool) -> Document:
    error = {
        "id": os.urandom(8).hex(),
        "message": masked(message)[:_MAX_MESSAGE],
        "type": kind,
        "remote": remote,
    }
    return {"working_directory": _FOLDER, "exceptions": [error]}


def _sampled_trace(header: str) -> tuple[str, str] | None:
    """Return trace and parent of *header* when Lambda records this trace, else ``None``."""
    parts = dict(part.partition("=")[::2] for part in header.split(";"))
    if parts.get("Sampled") != "1" or not parts.get("Root") or not parts.get("Parent"):
        return None
    return parts["Root"], parts["Parent"]
