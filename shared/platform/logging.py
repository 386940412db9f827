"""Structured logs: Powertools underneath, our context on every line, secrets masked.

logger = get_logger("catalog")
logger.info("product created", product_id=product.id)
"""

import functools
import inspect
import json
import sys
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from shared.platform.context import current, in_invocation
from shared.platform.masking import masked
from shared.platform.settings import LogFormat, settings

P = ParamSpec("P")
R = TypeVar("R")

_COLOURS = {"DEBUG": "2", "INFO": "32", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}
_LEADING = ("timestamp", "level", "location", "message", "service")
_OURS = ("level", "location", "timestamp", "service", "request_id", "function_name", "cold_start")


class _Formatter(LambdaPowertoolsFormatter):
    """Adds the invocation's context, masks, and writes JSON or a line for a person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(utc=True, **options)

    def serialize(self, log: Any) -> str:
        fields = cast("dict[str, Any]", log)
        if in_invocation():
            context = current()
            known = {
                "request_id": context.request_id,
                "correlation_id": context.correlation_id,
                "user_id": context.user_id,
                "function_name": context.function_name,
                "cold_start": context.cold_start,
                "trace_id": context.trace_id,
            }
            fields = known | {name: value for name, value in fields.items() if value is not None}
        # Masking costs more than all the rest of a line: what we made ourselves holds no secret.
        ours = {name: fields[name] for name in _OURS if fields.get(name) is not None}
        rest = {n: value for n, value in fields.items() if n not in ours and value is not None}
        known = ours | masked(rest)
        if settings().log_format is LogFormat.CONSOLE:
            return _for_a_person(known)
        return json.dumps(known, default=str, separators=(",", ":"))


class _StandardOutput:
    """Whatever standard output is when a line is written."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def _for_a_person(fields: dict[str, Any]) -> str:
    level = str(fields.get("level", "INFO"))
    rest = " ".join(f"{k}={v}" for k, v in fields.items() if k not in (*_LEADING, "exception"))
    clock = str(fields.get("timestamp", ""))[11:23]
    line = f"{clock} {level:<8}{fields.get('message')}  ({fields.get('location')}) {rest}"
    if sys.stdout.isatty():
        line = f"\x1b[{_COLOURS.get(level, '0')}m{line}\x1b[0m"
    return line + (f"\n{fields['exception']}" if "exception" in fields else "")


@functools.cache
def get_logger(service: str) -> Logger:
    """Return the logger of *service*: one per name and warm function.

    Any keyword argument of a call becomes a field of the line.
    """
    return Logger(
        service=service,
        level=settings().log_level,
        logger_formatter=_Formatter(),
        stream=cast("Any", _StandardOutput()),
    )


def log_execution_time(logger: Logger) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Log start, end, duration and outcome of each call of a function, sync or async."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__qualname__

        def finish(started: float, error: BaseException | None) -> None:
            fields: dict[str, Any] = {
                "operation": name,
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
                "outcome": "error" if error else "success",
            }
            if error:
                logger.error("failed", error=type(error).__name__, **fields)
            else:
                logger.info("finished", **fields)

        def start() -> float:
            logger.info("started", operation=name)
            return time.perf_counter()

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def asynchronous(*args: P.args, **kwargs: P.kwargs) -> Any:
                started = start()
                try:
                    answer = await function(*args, **kwargs)
                except BaseException as error:
                    finish(started, error)
                    raise
                finish(started, None)
                return answer

            return cast("Callable[P, R]", asynchronous)

        @functools.wraps(function)
        def synchronous(*args: P.args, **kwargs: P.kwargs) -> R:
            started = start()
            try:
                answer = function(*args, **kwargs)
            except BaseException as error:
                finish(started, error)
                raise
            finish(started, None)
            return answer

        return synchronous

    return decorate
