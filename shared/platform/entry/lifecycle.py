"""What every function does around its work, whatever triggers it.

Levers of the cold start, measured in ``docs/benchmarks.md``: the garbage collector rests while
modules are imported, and everything that init made is then taken out of its sight.
"""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.platform.runtime import snapshot
from shared.platform.runtime.context import RequestContext, request_context
from shared.platform.runtime.deadline import deadline
from shared.platform.runtime.settings import TelemetryProviders, settings
from shared.platform.telemetry.metrics import MetricUnit, metrics


class _Process:
    """What is known about this process: one Lambda instance."""

    began = time.perf_counter()
    cold = True
    init_ms: float | None = None


_process = _Process()


def begin_init() -> None:
    """Switch the collector off while a Lambda function imports its modules.

    Where the settings ask for Powertools' own providers, they are there before any client is made.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        gc.disable()
        if settings().telemetry_providers is TelemetryProviders.STOCK:
            from shared.platform.telemetry.stock import use_stock  # noqa: PLC0415  # only then

            use_stock()


def end_init() -> None:
    """Keep everything made so far out of future collections, and say how long init has taken.

    Counted from the import of this module, a handler's first: what Lambda calls the init duration
    has the interpreter's own start besides.
    """
    _process.init_ms = round((time.perf_counter() - _process.began) * 1000, 1)
    metrics.clear_metrics()
    snapshot.expect()
    snapshot.after_restore(_forget_init)
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        gc.freeze()
        gc.enable()


def _forget_init() -> None:
    """It took place when the version was published, not before this process's first request."""
    _process.init_ms = None


@contextmanager
def invocation(lambda_context: Any, **known: Any) -> Iterator[RequestContext]:
    """Open the context of one invocation and its deadline; flush the metrics at its end.

    Nothing survives it: the next invocation of the warm function starts from a fresh context.
    """
    cold, _process.cold = _process.cold, False
    request_id = getattr(lambda_context, "aws_request_id", None)
    if request_id:
        known.setdefault("request_id", request_id)
        known.setdefault("correlation_id", request_id)  # of a story that begins here
    if cold:
        known["init_ms"] = _process.init_ms
    name = getattr(lambda_context, "function_name", None)
    with (
        request_context(function_name=name, cold_start=cold, **known) as context,
        deadline(lambda_context),
    ):
        if cold:
            metrics.add_metric("ColdStart", MetricUnit.Count, 1)
        try:
            yield context
        finally:
            metrics.flush_metrics()
