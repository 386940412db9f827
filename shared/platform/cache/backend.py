"""What a cache keeps its entries in."""

from collections.abc import Iterable
from typing import Protocol


class CacheUnavailable(Exception):
    """The backend cannot be reached, or refused."""


class Backend(Protocol):
    """Texts by key, each for some seconds. All but `close` may raise `CacheUnavailable`."""

    name: str

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there and has not expired, in one round trip."""
        ...

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value* for *ttl* seconds, or as long as there is room."""
        ...

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one; tell whether it was kept. Atomic."""
        ...

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        ...

    def close(self) -> None:
        """Let go of connections; what comes after opens new ones. Raises nothing."""
        ...
