"""A function's results, kept in this process for a while: the one cache without a backend."""

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from shared.platform.runtime.snapshot import monotonic

P = ParamSpec("P")
T = TypeVar("T")


def memoize(
    *, ttl: float, size: int = 128, clock: Callable[[], float] = monotonic
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the function's last *size* results in this process, for *ttl* seconds each.

    Any object may be a result, and is given out itself, not as a copy; arguments are hashable. At
    most one thread computes at a time.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept: dict[Hashable, tuple[T, float]] = {}
        lock = Lock()

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (args, tuple(sorted(kwargs.items())))
            with lock:
                found = kept.pop(key, None)
                if found is None or found[1] <= clock():
                    found = function(*args, **kwargs), clock() + ttl
                kept[key] = found  # the latest used is the last
                while len(kept) > size:
                    del kept[next(iter(kept))]
                return found[0]

        call.forget = kept.clear  # type: ignore[attr-defined]  # for tests
        return call

    return decorate
