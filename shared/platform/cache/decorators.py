"""The three ways to use a cache.

entry = cache_aside(cache, key_of("product", id), lambda: read(id), ttl=900, tags=["product:1"])

@cached(cache_of, ttl=900, key=lambda id: key_of("product", id), tags=lambda id: [f"product:{id}"])
def entry(id: str) -> dict[str, Any]: ...

@memoize(ttl=60)
def rates() -> Rates: ...
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from shared.platform.cache.cache import Cache
from shared.platform.cache.memoize import memoize

P = ParamSpec("P")
T = TypeVar("T")


def cache_aside(
    cache: Cache, key: str, load: Callable[[], T], *, ttl: float, tags: Collection[str] = ()
) -> T:
    """Return what *load* gives, from the cache if it has it; see `Cache.get_or_compute`."""
    value: T = cache.get_or_compute(key, load, ttl=ttl, tags=tags)
    return value


def cached(
    cache: Callable[[], Cache],
    *,
    ttl: float,
    key: Callable[P, str],
    tags: Callable[P, Collection[str]] | None = None,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what the decorated function returns: plain JSON values, by *key* of its arguments."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            named = tags(*args, **kwargs) if tags else ()
            return cache_aside(
                cache(),
                key(*args, **kwargs),
                lambda: function(*args, **kwargs),
                ttl=ttl,
                tags=named,
            )

        return call

    return decorate


__all__: list[Any] = ["cache_aside", "cached", "memoize"]
