"""The cache in Redis or Valkey: shared and fast, and inside a VPC.

Importing redis costs an eighth of a second of a cold start, so only this module does, and only
the functions that are configured to use it load this module.
"""

from collections.abc import Callable, Iterable
from typing import Any

import redis

from shared.platform.cache.backend import CacheUnavailable
from shared.platform.runtime.errors import SystemFault

_TIMEOUT_SECONDS = 0.25


class RedisBackend:
    """Keeps entries on the server at the URL (``redis://``, ``rediss://``) that *address* tells.

    It is asked each time, so that a password that is changed is taken up, and it is never shown.
    """

    name = "redis"

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._url = ""
        self._connected: Any = None

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there: one ``MGET``."""
        wanted = list(dict.fromkeys(keys))
        found = self._asked(lambda server: server.mget(wanted)) if wanted else []
        return {key: text for key, text in zip(wanted, found, strict=True) if text is not None}

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value*."""
        self._asked(lambda server: server.set(key, value, px=max(1, int(ttl * 1_000))))

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one."""
        wait = max(1, int(ttl * 1_000))
        return bool(self._asked(lambda server: server.set(key, value, px=wait, nx=True)))

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        self._asked(lambda server: server.delete(key))

    def close(self) -> None:
        """Close the connections."""
        if self._connected is not None:
            self._connected.close()

    def _asked(self, question: Callable[[Any], Any]) -> Any:
        server = self._server()
        try:
            return question(server)
        except (redis.RedisError, UnicodeDecodeError) as error:
            raise CacheUnavailable(f"redis: {error}") from error

    def _server(self) -> Any:
        try:
            url = self._address()
        except SystemFault as error:
            raise CacheUnavailable(f"the address of redis: {error}") from error
        if self._connected is None or url != self._url:
            self.close()
            self._connected, self._url = _connected(url), url
        return self._connected


def _connected(url: str) -> Any:
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            decode_responses=True,
        )
    except ValueError:  # its text may have a piece of the password
        raise CacheUnavailable("the address of redis is no URL of such a server") from None
