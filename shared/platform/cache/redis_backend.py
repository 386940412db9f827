"""The cache in Redis or Valkey: shared and fast, and inside a VPC.

Importing redis costs an eighth of a second of a cold start, so only this module does, and only
the functions that are told to use it load this module.
"""

from collections.abc import Callable, Iterable
from typing import Any

import redis

from shared.platform.cache.backend import CacheUnavailable

_TIMEOUT_SECONDS = 0.25


class RedisBackend:
    """Keeps entries on the server at *url* (``redis://`` or ``rediss://``)."""

    name = "redis"

    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            decode_responses=True,
        )

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there: one ``MGET``."""
        wanted = list(dict.fromkeys(keys))
        found = _asked(lambda: self._redis.mget(wanted)) if wanted else []
        return {key: text for key, text in zip(wanted, found, strict=True) if text is not None}

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value*."""
        _asked(lambda: self._redis.set(key, value, px=max(1, int(ttl * 1_000))))

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one."""
        wait = max(1, int(ttl * 1_000))
        return bool(_asked(lambda: self._redis.set(key, value, px=wait, nx=True)))

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        _asked(lambda: self._redis.delete(key))

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()


def _asked(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except (redis.RedisError, UnicodeDecodeError) as error:
        raise CacheUnavailable(f"redis: {error}") from error
