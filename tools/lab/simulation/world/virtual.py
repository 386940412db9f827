"""Time, randomness, environment and alarms as the product sees them while a run is on.

The product's modules get these in the place of ``time``, ``random``, ``os``, ``secrets`` and
``signal`` (see `tools.lab.simulation.world.installing`); nobody else does. Outside a run they
are the real ones.
"""

import base64
import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tools.lab.simulation.world.state import state


def wall() -> float:
    """The time of day by the clock of the container that asks."""
    if state.clock is None:
        return time.time()
    skew = state.container.skew if state.container is not None else 0.0
    return state.clock.now + skew


def monotonic() -> float:
    """Time that no clock jump touches."""
    return time.monotonic() if state.clock is None else state.clock.now


def sleep(seconds: float) -> None:
    """Give the processor away until *seconds* have passed."""
    if state.task is None:
        raise RuntimeError("only an invocation can sleep")
    state.task.sleep(seconds)


def urandom(size: int) -> bytes:
    return os.urandom(size) if state.world is None else state.random.randbytes(size)


def now(_: Any) -> datetime:
    """Stand in for ``SystemClock.now``."""
    return datetime.fromtimestamp(wall(), UTC)


class Over:
    """A module with some names replaced."""

    def __init__(self, module: Any, **replaced: Any) -> None:
        self._module = module
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class _Environ:
    """``os.environ`` of the container."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_environ(), name)

    def __getitem__(self, name: str) -> str:
        found: str = _environ()[name]
        return found

    def __contains__(self, name: str) -> bool:
        return name in _environ()

    def __iter__(self) -> Any:
        return iter(_environ())

    def __len__(self) -> int:
        return len(_environ())


def _environ() -> Any:
    return os.environ if state.container is None else state.container.function.environment


def _seeded(name: str) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        return getattr(state.random if state.world is not None else random, name)(*args, **options)

    return call


def _setitimer(_: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
    task = _ringing()
    task.alarm_at = state.clock.now + seconds if seconds and state.clock is not None else None
    task.alarm_interval = interval
    return 0.0, 0.0


def _getitimer(_: int) -> tuple[float, float]:
    task = _ringing()
    if task.alarm_at is None or state.clock is None:
        return 0.0, 0.0
    return max(task.alarm_at - state.clock.now, 1e-6), task.alarm_interval


def _signal(_: int, handler: Any) -> Any:
    task = _ringing()
    previous, task.alarm_handler = task.alarm_handler, handler
    return previous


def _getsignal(_: int) -> Any:
    return _ringing().alarm_handler


def _ringing() -> Any:
    return _IDLE if state.task is None else state.task


_IDLE = SimpleNamespace(alarm_at=None, alarm_interval=0.0, alarm_handler=None)
"""What a module's import outside any invocation may set."""

_main = object()

TIME = Over(
    time,
    time=wall,
    time_ns=lambda: int(wall() * 1_000_000_000),
    monotonic=monotonic,
    perf_counter=monotonic,
    sleep=sleep,
)
RANDOM = Over(
    random,
    **{
        name: _seeded(name)
        for name in ("random", "uniform", "randrange", "randint", "choice", "sample", "shuffle")
    },
)
OS = Over(os, environ=_Environ(), urandom=urandom)
SECRETS = Over(
    secrets,
    token_bytes=lambda size=32: urandom(size),
    token_hex=lambda size=32: urandom(size).hex(),
    token_urlsafe=lambda size=32: base64.urlsafe_b64encode(urandom(size)).rstrip(b"=").decode(),
)
SIGNAL = Over(
    signal, setitimer=_setitimer, getitimer=_getitimer, signal=_signal, getsignal=_getsignal
)
THREADING = Over(threading, current_thread=lambda: _main, main_thread=lambda: _main)
"""Every invocation is on the main thread of its container."""
