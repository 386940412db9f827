"""X-Ray segments through Powertools, and a trace header that crosses the event bus.

Tracing is on where Lambda runs the X-Ray daemon; elsewhere segments cost nothing, and the trace
header still travels, so that log lines of one story share a trace id everywhere.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

TRACE_VARIABLE = "_X_AMZN_TRACE_ID"


@cache
def _tracer() -> Any | None:
    if not os.environ.get("AWS_XRAY_DAEMON_ADDRESS"):
        return None
    from aws_lambda_powertools.tracing import Tracer  # noqa: PLC0415  # only where it is used

    return Tracer(patch_modules=("botocore",))


def prepare() -> None:
    """Set up tracing during init, so that the first request does not pay for it."""
    _tracer()


@contextmanager
def segment(name: str, **annotations: str) -> Iterator[None]:
    """Trace the block as subsegment *name*; an exception in it marks the subsegment failed."""
    tracer = _tracer()
    if tracer is None or TRACE_VARIABLE not in os.environ:
        yield
        return
    with tracer.provider.in_subsegment(name=f"## {name}") as subsegment:
        for key, value in annotations.items():
            subsegment.put_annotation(key=key, value=value)
        try:
            yield
        except Exception as error:
            subsegment.add_exception(error, [])
            raise


def incoming_trace(*candidates: str | None) -> str:
    """Return the first usable trace header, Lambda's own first; a new root when there is none."""
    for header in (os.environ.get(TRACE_VARIABLE), *candidates):
        if header and "Root=1-" in header and len(header) <= 256:  # noqa: PLR2004  # X-Ray's limit
            return header
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"


def traced(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Trace every call of a plain function as subsegment *name*."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with segment(name):
                return function(*args, **kwargs)

        return wrapper

    return decorate
