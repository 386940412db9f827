"""Counters in memory: for one process, and for tests of whatever uses limits."""

import threading
import time
from collections.abc import Callable


class InMemoryCounters:
    """Counts for everybody who holds this object, from any thread."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: dict[str, tuple[int, int]] = {}  # key → count, when it may go

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        """Add *count* to counter *key* if it is *below* that; see `Counters`."""
        with self._lock:
            if key not in self._counted:
                now = self._clock()
                self._counted = {k: v for k, v in self._counted.items() if v[1] > now}
            counted, _ = self._counted.get(key, (0, 0))
            if counted >= below:
                return None
            self._counted[key] = counted + count, expires_at
            return counted + count
