"""How long this invocation may still take, and an alarm that ends it in time.

Lambda kills a function at its time-out without a word. An alarm a little earlier raises
`DeadlineExceeded` inside whatever runs, a blocking network call included, so that the client gets
a 504 with a request id. Python delivers signals to the main thread, which is where Lambda runs
handlers; in any other thread (tests) there is no alarm, only the clock.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from shared.platform.runtime.errors import DeadlineExceeded, NetworkError

MARGIN_SECONDS = 0.5
"""What is kept for writing the answer, the log lines and the metrics."""

_SOON = 0.001  # a timer of 0 would be none
_REPEAT_SECONDS = 0.1

_ends_at: ContextVar[float | None] = ContextVar("deadline", default=None)


class _Alarm:
    """One for an invocation; an event loop that waits for its tasks sees the same as they do."""

    may_ring = False


_alarm: ContextVar[_Alarm | None] = ContextVar("alarm", default=None)


def remaining_seconds() -> float:
    """Return the seconds left for work; infinite outside an invocation."""
    ends_at = _ends_at.get()
    return float("inf") if ends_at is None else max(0.0, ends_at - time.monotonic())


@contextmanager
def deadline(lambda_context: Any) -> Iterator[None]:
    """Note when the invocation of *lambda_context* has to be done."""
    left = getattr(lambda_context, "get_remaining_time_in_millis", None)
    if left is None:
        yield
        return
    with _until(time.monotonic() + max(0.0, left() / 1000 - MARGIN_SECONDS)):
        yield


@contextmanager
def _until(ends_at: float) -> Iterator[None]:
    end, ring = _ends_at.set(ends_at), _alarm.set(_alarm.get() or _Alarm())
    try:
        yield
    finally:
        _alarm.reset(ring)
        _ends_at.reset(end)


@contextmanager
def alarm() -> Iterator[None]:
    """Raise `DeadlineExceeded` inside the block when the deadline comes, and never outside it.

    The alarm goes on ringing until the block is left: Python drops an exception that is raised
    inside a finalizer. Blocks nest; an outer alarm is set again when the inner block is left.
    """
    seconds = remaining_seconds()
    state = _alarm.get()
    if state is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    if signal.getsignal(signal.SIGALRM) is not _ring:
        signal.signal(signal.SIGALRM, _ring)
    started, (outer, _) = time.monotonic(), signal.getitimer(signal.ITIMER_REAL)
    around = state.may_ring
    try:
        try:
            state.may_ring = True
            signal.setitimer(signal.ITIMER_REAL, max(seconds, _SOON), _REPEAT_SECONDS)
            yield
        finally:
            state.may_ring = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        state.may_ring = around
        if outer:
            left = max(outer - (time.monotonic() - started), _SOON)
            signal.setitimer(signal.ITIMER_REAL, left, _REPEAT_SECONDS)


def _ring(*_: object) -> None:
    """Raise where the deadline of what runs right now has come.

    A second ring may hit a block that is being left for the first one, so that it cannot say that
    it is left. Whatever is around it has a later deadline, and goes on.
    """
    state, ends_at = _alarm.get(), _ends_at.get()
    if state is None or not state.may_ring:
        return
    if ends_at is None or time.monotonic() >= ends_at:
        raise DeadlineExceeded("the invocation ran out of time")


@contextmanager
def at_most(seconds: float, what: str) -> Iterator[None]:
    """Raise `NetworkError` inside the block when *what* it does takes longer than *seconds*.

    An invocation's deadline that comes sooner is still the deadline.
    """
    if remaining_seconds() <= seconds:
        with alarm():
            yield
        return
    try:
        with _until(time.monotonic() + seconds), alarm():
            yield
    except DeadlineExceeded as late:
        raise NetworkError(f"{what} took longer than {seconds} s") from late
