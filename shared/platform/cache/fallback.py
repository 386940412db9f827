"""A second backend for the time that the first cannot be reached."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from shared.platform.cache.backend import Backend, CacheUnavailable
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics

T = TypeVar("T")
REST_SECONDS = 5.0


class Fallback:
    """Asks *first*, and *second* while *first* is out of reach.

    After a failure *first* is left alone for `REST_SECONDS`, because every attempt costs its
    time-out. What is exact (generations) must not be kept behind a fallback: the two know nothing
    of each other.
    """

    def __init__(
        self, first: Backend, second: Backend, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self.name = first.name
        self._first, self._second = first, second
        self._clock = clock
        self._resting_until = 0.0

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there."""
        wanted = list(keys)
        return self._try(lambda backend: backend.get_many(wanted))

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value*."""
        self._try(lambda backend: backend.set(key, value, ttl=ttl))

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one."""
        return self._try(lambda backend: backend.add(key, value, ttl=ttl))

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        self._try(lambda backend: backend.delete(key))

    def close(self) -> None:
        """Close both."""
        self._first.close()
        self._second.close()

    def _try(self, ask: Callable[[Backend], T]) -> T:
        if self._clock() >= self._resting_until:
            try:
                return ask(self._first)
            except CacheUnavailable as error:
                self._resting_until = self._clock() + REST_SECONDS
                logger = get_logger(settings().service)
                logger.warning("cache is out of reach", backend=self.name, reason=str(error))
        metrics.add_metric("CacheFallback", MetricUnit.Count, 1, backend=self.name)
        return ask(self._second)
