"""An unexpected error is reported once, to every reporter; a failing reporter hides nothing."""

import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.platform.runtime.context import current
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.masking import masked
from shared.platform.telemetry.metrics import MetricUnit, metrics

_REPORTED = "_tradewind_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorContext:
    """Where an error happened: function, its arguments (secrets masked), user and request."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    user_id: str | None = None
    request_id: str | None = None
    correlation_id: str | None = None


Reporter = Callable[[BaseException, ErrorContext], None]


def log_reporter(error: BaseException, context: ErrorContext) -> None:
    """Write the error with its stack to the log."""
    get_logger(settings().service).error(
        f"unexpected error: {error}",
        error=type(error).__name__,
        error_function=context.function,
        arguments=context.arguments,
        exception="".join(traceback.format_exception(error)),
    )


def metric_reporter(error: BaseException, context: ErrorContext) -> None:
    """Count the error by its type."""
    metrics.add_metric(
        "UnexpectedError",
        MetricUnit.Count,
        1,
        error=type(error).__name__,
        function=context.function,
    )
    metrics.add_metric("Fault", MetricUnit.Count, 1)  # of the whole service: its alarm's


def event_reporter(error: BaseException, context: ErrorContext) -> None:
    """Publish the error as ``error.reported``."""
    from shared.platform.entry.error_events import file_report  # noqa: PLC0415  # rarely needed

    file_report(error, function=context.function, user_id=context.user_id)


reporters: list[Reporter] = [log_reporter, metric_reporter, event_reporter]
"""Everything that is notified of an unexpected error; append to it to add one."""


def report(error: BaseException, *, function: str, arguments: Mapping[str, Any]) -> None:
    """Tell every reporter about *error*, unless they have heard of it already."""
    if getattr(error, _REPORTED, False):
        return
    _mark(error)
    known = current()
    context = ErrorContext(
        function=function,
        arguments=masked(arguments),
        user_id=known.user_id,
        request_id=known.request_id,
        correlation_id=known.correlation_id,
    )
    for reporter in reporters:
        try:
            reporter(error, context)
        except Exception as failing:  # noqa: BLE001  # the error itself matters more
            name = getattr(reporter, "__name__", repr(reporter))
            sys.stderr.write(f"error reporter {name} failed: {type(failing).__name__}\n")


def _mark(error: BaseException) -> None:
    try:
        setattr(error, _REPORTED, True)
    except AttributeError:  # an exception with slots; reporting it twice is the smaller evil
        return
