"""Which cache a function has: settings say where its entries are.

``CACHE_ENTRIES`` is ``memory`` (the default), ``redis`` (with ``CACHE_REDIS_URL``), ``dynamodb``
(the function's own table) or ``null``. Generations of tags are in the function's own table
whatever the entries are in: there they change in the transaction of what they stand for.
"""

import os
from dataclasses import dataclass
from enum import StrEnum

from shared.platform.aws import dynamodb
from shared.platform.cache.backend import Backend
from shared.platform.cache.cache import Cache
from shared.platform.cache.dynamo import DynamoBackend
from shared.platform.errors import ConfigurationError
from shared.platform.settings import load, settings

# ruff: noqa: PLC0415  # a function loads only the backend that it uses


class Entries(StrEnum):
    """Where entries are kept."""

    MEMORY = "memory"
    REDIS = "redis"
    DYNAMODB = "dynamodb"
    NULL = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSettings:
    """What the environment says about the cache."""

    cache_entries: Entries = Entries.MEMORY
    cache_redis_url: str = ""

    def __post_init__(self) -> None:
        if self.cache_entries is Entries.REDIS and not self.cache_redis_url:
            raise ConfigurationError.bad_setting("CACHE_REDIS_URL", "set for CACHE_ENTRIES=redis")


def make_cache(name: str, table: str | None = None) -> Cache:
    """Return the function's cache; *name* is its label in the metrics.

    *table* has the generations, where that is not the function's own; they are its writers' to
    make (`shared.platform.cache.generations`).
    """
    known = load(CacheSettings, os.environ)
    generations = DynamoBackend(dynamodb(), table or settings().table_name)
    entries = _entries(known, generations)
    return Cache(entries, generations, name=name, starts_tags=False)


def _entries(known: CacheSettings, table: Backend) -> Backend:
    match known.cache_entries:
        case Entries.MEMORY:
            from shared.platform.cache.memory import MemoryBackend

            return MemoryBackend()
        case Entries.REDIS:
            from shared.platform.cache.fallback import Fallback
            from shared.platform.cache.memory import MemoryBackend

            try:
                from shared.platform.cache.redis_backend import RedisBackend
            except ModuleNotFoundError as error:
                text = "another store, or `redis` among the layer's dependencies (pyproject.toml)"
                raise ConfigurationError.bad_setting("CACHE_ENTRIES", text) from error
            return Fallback(RedisBackend(known.cache_redis_url), MemoryBackend())
        case Entries.DYNAMODB:
            return table
        case Entries.NULL:
            from shared.platform.cache.null import NullBackend

            return NullBackend()
