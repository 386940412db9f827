"""Settings and secrets of the container that runs; a logger and metrics that say nothing.

Errors are the exception: an error that a function logs is a line of the trace, because it is what
a person who reads a failing trace wants to see.
"""

import io
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from shared.platform.aws import clients as aws
from shared.platform.aws.secrets import SecretReader
from shared.platform.runtime.settings import Settings
from tools.lab.simulation.world.state import state
from tools.lab.simulation.world.virtual import Over


class _Nowhere(io.TextIOBase):
    """Takes any text and keeps none."""

    def write(self, text: str) -> int:
        return len(text)


def _formatted(error: BaseException) -> list[str]:
    """Return the stack of *error* where somebody is going to read it: it takes long to write."""
    if state.world is not None and not state.world.verbose:
        return [repr(error)]
    return traceback.format_exception(error)


SYS = Over(sys, stdout=_Nowhere(), stderr=_Nowhere())
TRACEBACK = Over(traceback, format_exception=_formatted)


def once(kind: Callable[[], Any]) -> Callable[[], Any]:
    """Return a factory of one instance for all containers: it is read-only and slow to make."""
    return cache(kind)


def own_settings() -> Settings:
    """Stand in for `shared.platform.runtime.settings.settings`."""
    assert state.container is not None
    return state.container.function.settings


def own_secret() -> SecretReader:
    """Stand in for `shared.platform.aws.secrets.service_secret`."""
    container = state.container
    assert container is not None
    if container.secret is None:
        arn = container.function.settings.service_secret_arn
        container.secret = SecretReader(aws.client("secretsmanager"), arn)
    return container.secret


class Quiet:
    """A logger: only errors leave a trace."""

    log_level = 100

    def debug(self, *_: Any, **__: Any) -> None: ...
    def info(self, *_: Any, **__: Any) -> None: ...
    def warning(self, *_: Any, **__: Any) -> None: ...
    def append_keys(self, **_: Any) -> None: ...
    def setLevel(self, _: Any) -> None: ...  # noqa: N802  # the name that logging gave it

    def error(self, message: str, **fields: Any) -> None:
        """Put the error into the trace; its stack is kept for `World.errors`."""
        if state.world is not None and state.task is not None and not state.task.dead:
            state.world.error_logged(state.task, message, fields)

    critical = exception = error


class Unmetered:
    """Metrics that measure nothing."""

    def add_metric(self, *_: Any, **__: Any) -> None: ...
    def add_metadata(self, *_: Any, **__: Any) -> None: ...
    def gauge(self, *_: Any, **__: Any) -> None: ...
    def summarize(self, *_: Any, **__: Any) -> None: ...
    def flush_metrics(self) -> None: ...
    def clear_metrics(self) -> None: ...

    @contextmanager
    def in_progress(self, *_: Any, **__: Any) -> Iterator[None]:
        yield

    timed = in_progress


_quiet, UNMETERED = Quiet(), Unmetered()


def get_logger(_: str) -> Any:
    return _quiet


for _kept in (own_settings, own_secret, get_logger):
    setattr(_kept, "cache_clear", lambda: None)  # noqa: B010  # the real ones have it
