"""Which cache a function has: settings say where its entries are.

``CACHE_ENTRIES`` is ``memory`` (the default), ``redis`` (with ``CACHE_REDIS_SECRET_ARN``, the
secret that holds its URL), ``dynamodb`` (with ``CACHE_TABLE_NAME``) or ``none``. Generations of
tags are in the table of what they stand for, whatever the entries are in: there they change in
its transactions.
"""

import os
from dataclasses import dataclass
from enum import StrEnum

from shared.platform.aws.clients import client, dynamodb
from shared.platform.cache.backend import Backend
from shared.platform.cache.cache import Cache
from shared.platform.cache.dynamo import DynamoBackend
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import load, settings

# ruff: noqa: PLC0415  # a function loads only the backend that it uses


class Entries(StrEnum):
    """Where entries are kept."""

    MEMORY = "memory"
    REDIS = "redis"
    DYNAMODB = "dynamodb"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSettings:
    """What the environment says about the cache."""

    cache_entries: Entries = Entries.MEMORY
    cache_redis_secret_arn: str = ""
    cache_table_name: str = ""

    def __post_init__(self) -> None:
        if self.cache_entries is Entries.REDIS and not self.cache_redis_secret_arn:
            text = "set for CACHE_ENTRIES=redis"
            raise ConfigurationError.bad_setting("CACHE_REDIS_SECRET_ARN", text)
        if self.cache_entries is Entries.DYNAMODB and not self.cache_table_name:
            text = "set for CACHE_ENTRIES=dynamodb"
            raise ConfigurationError.bad_setting("CACHE_TABLE_NAME", text)


def make_cache(name: str, table: str | None = None) -> Cache:
    """Return the function's cache; *name* is its label in the metrics.

    *table* has the generations, where that is not the function's own; they are its writers' to
    make (`shared.platform.cache.generations`).
    """
    known = load(CacheSettings, os.environ)
    generations = DynamoBackend(dynamodb(), table or settings().table_name)
    return Cache(_entries(known), generations, name=name, starts_tags=False)


def _entries(known: CacheSettings) -> Backend:
    match known.cache_entries:
        case Entries.MEMORY:
            from shared.platform.cache.memory import MemoryBackend

            return MemoryBackend()
        case Entries.REDIS:
            from shared.platform.aws.secrets import SecretReader
            from shared.platform.cache.fallback import Fallback
            from shared.platform.cache.memory import MemoryBackend
            from shared.platform.cache.redis_backend import RedisBackend

            address = SecretReader(client("secretsmanager"), known.cache_redis_secret_arn)
            return Fallback(RedisBackend(lambda: address.get().current), MemoryBackend())
        case Entries.DYNAMODB:
            return DynamoBackend(dynamodb(), known.cache_table_name)
        case Entries.NONE:
            from shared.platform.cache.null import NullBackend

            return NullBackend()
