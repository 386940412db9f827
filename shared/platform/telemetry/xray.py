"""The lean provider of Powertools' Tracer: X-Ray's subsegments, sent to Lambda's daemon.

Its documents are those of AWS's own SDK, the provider that Powertools comes with. That one parses
the trace header some twenty times a request and wraps botocore with wrapt; this keeps what our
traces consist of and costs a tenth (docs/adr/0026). The format is X-Ray's
"segment documents": https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import json
import os
import socket
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import get_ident
from types import TracebackType
from typing import Any, Self

from shared.platform.runtime.settings import settings
from shared.platform.telemetry.masking import masked, masked_field

TRACE_VARIABLE = "_X_AMZN_TRACE_ID"
MAX_IN_ONE = 30
"""Finished subsegments that wait for the one around them; what comes then is sent by itself."""

_PREFIX = b'{"format": "json", "version": 1}\n'
_MAX_MESSAGE = 1_000
_FOLDER = str(Path.cwd())
_encode = json.JSONEncoder(separators=(",", ":"), default=str).encode

Document = dict[str, Any]


class Recorder:
    """Keeps the open subsegments of the thread that made it, and sends finished ones.

    Other threads may trace, too: what they open is inside of what is open here, nothing comes
    inside of it, and it is sent by itself.
    """

    def __init__(self, address: str, annotations: dict[str, str] | None = None) -> None:
        """Take the daemon's *address* as Lambda states it: ``host:port``.

        *annotations* are those of each outermost subsegment.
        """
        self._annotations = annotations or {}
        host, _, port = address.rpartition(":")
        self._daemon = (host, int(port))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  # the standard library's signature
        self._thread = get_ident()
        self._open: list[Document] = []
        self._waiting = 0
        self._header: str | None = None
        self._trace: tuple[str, str] | None = None  # its id and the parent's; None if not sampled

    def begin(self, name: str, namespace: str = "local") -> Document | None:
        """Open a subsegment inside the open one; ``None`` where nothing is traced.

        Whatever an earlier invocation left open is dropped: its trace is over.
        """
        header = os.environ.get(TRACE_VARIABLE)
        if get_ident() != self._thread:
            return self._begin_aside(name, namespace, header)
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
            opened["annotations"] = dict(self._annotations)
        self._open.append(opened)
        return opened

    def header(self, subsegment: Document) -> str:
        """Return the trace header for a request that is sent inside *subsegment*."""
        trace = subsegment.get("trace_id") or (self._trace[0] if self._trace else "")
        return f"Root={trace};Parent={subsegment['id']};Sampled=1"

    def end(self, subsegment: Document) -> None:
        """Close *subsegment*, and whatever was left open inside of it."""
        if "trace_id" in subsegment:  # another thread's
            self._write({**subsegment, "end_time": time.time()})
            return
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

    def innermost(self) -> Document | None:
        """Return the open subsegment that has no other open inside of it."""
        return self._open[-1] if self._open else None

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _begin_aside(self, name: str, namespace: str, header: str | None) -> Document | None:
        known = header == self._header
        trace = self._trace if known else _sampled_trace(header or "")
        if trace is None:
            return None
        around = self._open[-1:] if known else []
        parent = around[0]["id"] if around else trace[1]
        return {
            "id": os.urandom(8).hex(),
            "name": name,
            "start_time": time.time(),
            "namespace": namespace,
            "type": "subsegment",
            "trace_id": trace[0],
            "parent_id": parent,
        }

    def _send(self, closed: Document, parent: str) -> None:
        trace = self._trace[0] if self._trace else ""
        self._write({**closed, "type": "subsegment", "trace_id": trace, "parent_id": parent})

    def _write(self, document: Document) -> None:
        try:
            self._socket.sendto(_PREFIX + _encode(document).encode(), self._daemon)
        except (OSError, ValueError):  # a trace that is lost must not cost the answer
            return


class Subsegment:
    """A block as a subsegment, with Powertools' names; an exception marks it failed and goes on.

    Where nothing is traced it does nothing.
    """

    __slots__ = ("_document", "_name", "_namespace", "_recorder")

    def __init__(self, recorder: Recorder | None, name: str, namespace: str) -> None:
        self._recorder = recorder
        self._name = name
        self._namespace = namespace
        self._document: Document | None = None

    def put_annotation(self, key: str, value: Any) -> None:
        """Note a value that traces can be searched by: text, a number or a truth."""
        _annotate(self._document, key, value)

    def put_metadata(self, key: str, value: Any, namespace: str = "default") -> None:
        """Note a value of any form, without secrets."""
        _describe(self._document, key, value, namespace)

    def add_exception(self, exception: BaseException, *_: Any, **__: Any) -> None:
        """Mark it as failed by *exception*; its stack is in the log."""
        if self._document is not None:
            failed(self._document, exception)

    def __enter__(self) -> Self:
        if self._recorder is not None:
            self._document = self._recorder.begin(self._name, self._namespace)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._document is None or self._recorder is None:
            return
        if error is not None:
            failed(self._document, error)
        self._recorder.end(self._document)
        self._document = None

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)


_UNTRACED = Subsegment(None, "", "")


class XRayProvider:
    """What Powertools' `BaseProvider` promises, on a `Recorder`.

    It is no subclass: importing that class would cost every cold start a module.
    """

    @cached_property
    def recorder(self) -> Recorder | None:
        """The recorder of this function; ``None`` where there is no daemon to record for."""
        daemon = os.environ.get("AWS_XRAY_DAEMON_ADDRESS")
        return Recorder(daemon, {"release": settings().release}) if daemon else None

    def in_subsegment(self, name: str, namespace: str = "local", **_: Any) -> Subsegment:
        """Trace the block as subsegment *name*."""
        recorder = self.recorder
        return _UNTRACED if recorder is None else Subsegment(recorder, name, namespace)

    in_subsegment_async = in_subsegment

    def put_annotation(self, key: str, value: Any) -> None:
        """Annotate the innermost open subsegment."""
        _annotate(self._innermost(), key, value)

    def put_metadata(self, key: str, value: Any, namespace: str = "default") -> None:
        """Add a value of any form to the innermost open subsegment."""
        _describe(self._innermost(), key, value, namespace)

    def patch(self, modules: Sequence[str]) -> None:
        """Do nothing: our clients are traced by their own events (`shared.platform.aws`)."""

    def patch_all(self) -> None:
        """As `patch`."""

    def _innermost(self) -> Document | None:
        return self.recorder.innermost() if self.recorder else None


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


def _annotate(subsegment: Document | None, key: str, value: Any) -> None:
    if subsegment is not None and isinstance(value, str | int | float):
        subsegment.setdefault("annotations", {})[key] = masked_field(key, value)


def _describe(subsegment: Document | None, key: str, value: Any, namespace: str) -> None:
    if subsegment is not None:
        kept = subsegment.setdefault("metadata", {}).setdefault(namespace or "default", {})
        kept[key] = masked_field(key, value)


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
