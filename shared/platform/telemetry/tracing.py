"""X-Ray segments, and a trace header that crosses the event bus.

Tracing is on where Lambda runs the X-Ray daemon; elsewhere segments cost nothing, and the trace
header still travels, so that log lines of one story share a trace id everywhere.
"""

import functools
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeGuard

from shared.platform.runtime.settings import settings
from shared.platform.telemetry.xray import TRACE_VARIABLE, Recorder, Subsegment

_MAX_LENGTH = 256
_HEADER = re.compile(
    r"(?:Self=[\w-]+;)?Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;[A-Za-z]+=[\w.:|?-]+)*", re.ASCII
)
"""``Root=…;Parent=…;Sampled=…``, what load balancers put before it and Lambda behind it."""

_UNTRACED = nullcontext()


@functools.cache
def recorder() -> Recorder | None:
    """Return this function's recorder; ``None`` where there is no daemon to record for."""
    daemon = os.environ.get("AWS_XRAY_DAEMON_ADDRESS")
    return Recorder(daemon, {"release": settings().release}) if daemon else None


def segment(name: str, **annotations: str) -> AbstractContextManager[object]:
    """Trace the block as subsegment *name*; an exception in it marks the subsegment failed."""
    recording = recorder()
    return Subsegment(recording, f"## {name}", annotations) if recording else _UNTRACED


def incoming_trace(*candidates: str | None) -> str:
    """Return the first sound trace header, Lambda's own first; a new root when there is none."""
    for header in (os.environ.get(TRACE_VARIABLE), *candidates):
        if is_sound(header):
            return header
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"


def story_trace(carried: str | None) -> str:
    """Return the trace header that an event *carried*: its story goes on, whoever invoked us.

    Lambda's own header stands in when the event carried none: a batch is one invocation, and each
    of its events belongs to the trace of the request that caused it.
    """
    return carried if is_sound(carried) else incoming_trace()


def is_sound(header: str | None) -> TypeGuard[str]:
    """Tell whether *header* is a trace header: a client may send anything under that name."""
    return header is not None and len(header) <= _MAX_LENGTH and bool(_HEADER.fullmatch(header))


def traced(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Trace every call of a plain function as subsegment *name*."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with segment(name):
                return function(*args, **kwargs)

        return wrapper

    return decorate
