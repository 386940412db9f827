"""Structured logs: Powertools underneath, our context on every line, secrets masked.

logger = get_logger("catalog")
logger.info("product created", product_id=product.id)
"""

import functools
import inspect
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from itertools import filterfalse
from typing import Any, Literal, ParamSpec, TypeVar, cast

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import (
    RESERVED_LOG_ATTRS,
    LambdaPowertoolsFormatter,
)

from shared.platform.runtime.context import RequestContext, current, in_invocation
from shared.platform.runtime.settings import LogFormat, settings
from shared.platform.telemetry.masking import masked, masked_field
from shared.platform.telemetry.xray import TRACE_VARIABLE

P = ParamSpec("P")
R = TypeVar("R")

_COLOURS = {"DEBUG": "2", "INFO": "32", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}
_LEADING = ("timestamp", "level", "location", "message", "service")
_RESERVED = frozenset({*RESERVED_LOG_ATTRS, "taskName"})
_OF_THE_LOGGER = ("service", "sampling_rate")  # what it appends itself when it is made
_CALLER = 4
"""From a line of `log_execution_time` to where the timed function was called."""
_encode = json.JSONEncoder(default=str, separators=(",", ":")).encode


_lasting: dict[str, Any] = {}
"""Keys of every line, from outside of any invocation."""


def _keys() -> dict[str, Any]:
    return current().log_keys if in_invocation() else _lasting


class _Formatter(LambdaPowertoolsFormatter):
    """Adds the invocation's context, masks, and writes JSON or a line for a person.

    Instead of Powertools' own `format`, which copies the record three times, reads every message
    as JSON on trial, and took a fifth of a request.
    """

    def __init__(self, service: str) -> None:
        super().__init__(utc=True)
        self._service = service

    def append_keys(self, **additional_keys: Any) -> None:
        """Have every further line of this invocation carry these keys; outside of one, all lines.

        Powertools keeps them until they are removed, in every invocation that follows.
        """
        kept = {k: v for k, v in additional_keys.items() if k not in _OF_THE_LOGGER}
        _keys().update(kept)

    def get_current_keys(self) -> dict[str, Any]:
        return {**_lasting, **_keys()}

    def remove_keys(self, keys: Iterable[str]) -> None:
        for key in keys:
            _keys().pop(key, None)

    def clear_state(self) -> None:
        _keys().clear()

    # The keys of an invocation are its own context's, so they are no other thread's either.
    thread_safe_append_keys = append_keys
    thread_safe_get_current_keys = get_current_keys
    thread_safe_remove_keys = remove_keys
    thread_safe_clear_keys = clear_state

    def format(self, record: logging.LogRecord) -> str:
        said = record.__dict__
        fields = {name: said[name] for name in filterfalse(_RESERVED.__contains__, said)}
        if record.exc_info and record.exc_info[0]:
            fields.setdefault("exception", self.formatException(record.exc_info))
            fields.setdefault("exception_name", record.exc_info[0].__name__)
        message = record.getMessage() if record.args else record.msg
        location = f"{record.funcName}:{record.lineno}"
        line = _complete(
            {"message": message, **fields},
            service=self._service,
            level=record.levelname,
            location=location,
            created=record.created,
        )
        if settings().log_format is LogFormat.CONSOLE:
            return _for_a_person(line)
        return _encode(line)


def line_of(message: str, **fields: Any) -> dict[str, Any] | None:
    """Return the line that INFO *message* would be, for a caller that writes it with other data.

    ``None`` where nothing is left to be written: lines of this level are not wanted, or people
    read them (and it has been written, for them).
    """
    known = settings()
    logger = get_logger(known.service)
    if logger.log_level > logging.INFO:
        return None
    if known.log_format is LogFormat.CONSOLE:
        logger.info(message, stacklevel=3, **fields)
        return None
    caller = sys._getframe(1)  # noqa: SLF001  # as logging itself finds where a line comes from
    return _complete(
        {"message": message, **fields},
        service=known.service,
        level="INFO",
        location=f"{caller.f_code.co_name}:{caller.f_lineno}",
        created=time.time(),
    )


def _complete(
    fields: dict[str, Any], *, service: str, level: str, location: str, created: float
) -> dict[str, Any]:
    """Return the whole line: *fields* masked, and what every line carries.

    What a call says itself goes before what its invocation knows.
    """
    line: dict[str, Any] = {
        "level": level,
        "location": location,
        "timestamp": f"{_second(int(created))},{int(created % 1 * 1000):03d}+0000",
        "service": service,
        "release": settings().release,
    }
    if in_invocation():
        context = current()
        line |= _of(context)
        for name, value in context.about.items():  # some of it comes from the request's path
            if name not in line:
                line[name] = masked_field(name, value)
        appended = {**_lasting, **context.log_keys} if _lasting else context.log_keys
    else:
        appended = _lasting
    for name, value in appended.items():
        if value is None:
            line.pop(name, None)
        else:
            line[name] = masked_field(name, value)
    # Masking costs more than all the rest of a line: what we made ourselves holds no secret.
    for name, value in fields.items():
        if value is not None:
            line[name] = masked_field(name, value)
    return line


def _of(context: RequestContext) -> dict[str, Any]:
    """Return what is known of an invocation; nothing is said of what is not."""
    found: dict[str, Any] = {"request_id": context.request_id}
    if context.function_name is not None:
        found["function_name"] = context.function_name
    found["cold_start"] = context.cold_start
    if context.init_ms is not None:
        found["init_ms"] = context.init_ms
    if context.correlation_id is not None:  # the client may have chosen it
        found["correlation_id"] = masked(context.correlation_id)
    if context.user_id is not None:
        found["user_id"] = context.user_id
    if (trace_id := context.trace_id) is not None:
        found["trace_id"] = trace_id
    if context.causation_id:  # the invocation of a consumer has a trace beside the story's
        own = os.environ.get(TRACE_VARIABLE, "").partition(";")[0].removeprefix("Root=")
        if own:
            found["xray_trace_id"] = own
    return found


@functools.lru_cache(maxsize=2)
def _second(epoch: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(epoch))


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

    Any keyword argument of a call becomes a field of the line, and what its `append_keys` is given
    a field of every line from there to the end of the invocation.
    """
    return Logger(
        service=service,
        level=settings().log_level,
        logger_formatter=_Formatter(service),
        stream=cast("Any", _StandardOutput()),
    )


def own_logger() -> Logger:
    """Return the logger of this function's service."""
    return get_logger(settings().service)


def _succeeded(_: object) -> str:
    return "success"


def log_execution_time(
    logger: Callable[[], Logger] = own_logger,
    *,
    level: Literal["debug", "info", "warning"] = "info",
    outcome_of: Callable[[Any], str] = _succeeded,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Log start, end, duration and outcome of each call of a function, sync or async.

    *logger* gives the logger when there is something to log, so that nothing is built before.
    What is returned may be no success: *outcome_of* says what it is. What is raised is an error,
    whatever the *level* of the others.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__qualname__

        def start() -> float:
            getattr(logger(), level)("started", stacklevel=_CALLER, operation=name)
            return time.perf_counter()

        def finish(started: float, outcome: str) -> None:
            facts = _measured(name, started, outcome)
            getattr(logger(), level)("finished", stacklevel=_CALLER, **facts)

        def fail(started: float, error: BaseException) -> None:
            facts = _measured(name, started, "error")
            logger().error("failed", stacklevel=_CALLER, error=type(error).__name__, **facts)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def asynchronous(*args: P.args, **kwargs: P.kwargs) -> Any:
                started = start()
                try:
                    answer = await function(*args, **kwargs)
                except BaseException as error:
                    fail(started, error)
                    raise
                finish(started, outcome_of(answer))
                return answer

            return cast("Callable[P, R]", asynchronous)

        @functools.wraps(function)
        def synchronous(*args: P.args, **kwargs: P.kwargs) -> R:
            started = start()
            try:
                answer = function(*args, **kwargs)
            except BaseException as error:
                fail(started, error)
                raise
            finish(started, outcome_of(answer))
            return answer

        return synchronous

    return decorate


def _measured(name: str, started: float, outcome: str) -> dict[str, Any]:
    elapsed = round((time.perf_counter() - started) * 1000, 3)
    return {"operation": name, "duration_ms": elapsed, "outcome": outcome}
