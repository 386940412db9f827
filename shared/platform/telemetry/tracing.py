"""Powertools' Tracer, and a trace header that crosses the event bus.

    with tracer.provider.in_subsegment("## TaxLookup") as subsegment:
        subsegment.put_annotation(key="country", value=country)

Its provider is lean (`shared.platform.telemetry.xray`) unless the settings say otherwise. Tracing
is on where Lambda runs the X-Ray daemon; elsewhere subsegments cost nothing, and the trace header
still travels, so that log lines of one story share a trace id everywhere.
"""

import os
import re
import secrets
import time
from typing import TYPE_CHECKING, TypeGuard, cast

from aws_lambda_powertools.tracing import Tracer

from shared.platform.telemetry.xray import TRACE_VARIABLE, XRayProvider

if TYPE_CHECKING:
    from aws_lambda_powertools.tracing.base import BaseProvider

_MAX_LENGTH = 256
_HEADER = re.compile(
    r"(?:Self=[\w-]+;)?Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;[A-Za-z]+=[\w.:|?-]+)*", re.ASCII
)
"""``Root=…;Parent=…;Sampled=…``, what load balancers put before it and Lambda behind it."""


tracer = Tracer(
    provider=cast("BaseProvider", XRayProvider()),  # it has all of it; a test compares
    disabled=False,  # where there is no daemon the provider does nothing
    auto_patch=False,  # our clients are traced by their own events
)
"""This function's tracer."""


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
