"""The cache in this process: gone with it, and seen by nobody else."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from shared.platform.runtime.snapshot import monotonic

DEFAULT_SIZE = 1_000


class MemoryBackend:
    """Keeps the entries used last, each until its time is over. Safe between threads."""

    name = "memory"

    def __init__(
        self, size: int = DEFAULT_SIZE, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._size = size
        self._clock = clock
        self._entries: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there; what is returned was used just now."""
        with self._lock:
            return {key: value for key in keys if (value := self._live(key)) is not None}

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value*; the entry that nobody has used for longest makes room."""
        with self._lock:
            self._keep(key, value, ttl)

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one."""
        with self._lock:
            if self._live(key) is not None:
                return False
            self._keep(key, value, ttl)
            return True

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        with self._lock:
            self._entries.pop(key, None)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _keep(self, key: str, value: str, ttl: float) -> None:
        self._entries[key] = value, self._clock() + ttl
        self._entries.move_to_end(key)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def _live(self, key: str) -> str | None:
        found = self._entries.get(key)
        if found is None:
            return None
        if found[1] <= self._clock():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return found[0]
