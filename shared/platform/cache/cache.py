"""A cache that is never wrong for longer than its caller allows: not at all, where it has tags.

Every tag has a generation, a random name. An entry remembers the generations of its tags from
before its value was computed, and counts only while they are still the same. Invalidating a tag
gives it a new generation: no entry has to be found, and a value that was being computed at that
moment is born stale. A generation that was lost (evicted, expired) is replaced by a new one,
which no entry has.
"""

import random
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kernel.ids import new_id
from shared.platform.cache.backend import Backend, CacheUnavailable
from shared.platform.cache.entries import Entry, decode, encode
from shared.platform.cache.keys import generation_key, prefix_tag, prefixes_of
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.metrics import MetricUnit, metrics

GENERATION_SECONDS = 30 * 86_400.0
"""How long a generation is kept that nobody renews; must outlast every entry."""

LEASE_SECONDS = 5.0
"""How long others wait for the one that computes a missing value."""

_POLL_SECONDS = 0.02
_LOCKS = 64


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at the cache has found."""

    entry: Entry | None
    generations: Mapping[str, str]


class Cache:
    """Keeps values in *entries* and the generations of tags in *generations*.

    The two may be one backend. Entries may be lost at any time; generations decide what is true,
    so they belong where writers and readers meet. *prefixes* (words that end with a colon) can be
    invalidated as a whole; each is one more generation to read for the keys under it. Without
    *starts_tags* a tag has a generation only once a writer has given it one, and what has a tag
    without one is not kept: readers then write nothing about things that do not exist.
    """

    def __init__(
        self,
        entries: Backend,
        generations: Backend | None = None,
        *,
        name: str = "cache",
        prefixes: Collection[str] = (),
        starts_tags: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._entries = entries
        self._generations = generations or entries
        self._labels: dict[str, Any] = {"cache": name, "backend": entries.name}
        self._starts_tags = starts_tags
        self._prefixes = frozenset(prefixes)
        self._sleep, self._clock = sleep, clock
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def get_or_compute(
        self, key: str, compute: Callable[[], Any], *, ttl: float, tags: Collection[str] = ()
    ) -> Any:
        """Return the value of *key*: plain JSON, at most *ttl* seconds old.

        No value is older than the last invalidation of one of *tags* or of a prefix of *key*. Of
        many that miss at once one computes; the others wait for it, at most `LEASE_SECONDS`. A
        cache that cannot be reached is no cache: the value is computed.
        """
        wanted = [*tags, *map(prefix_tag, self._prefixes.intersection(prefixes_of(key)))]
        with metrics.timed("CacheDuration", **self._labels):
            try:
                look = self._look(key, wanted)
            except CacheUnavailable:
                metrics.add_metric("CacheError", MetricUnit.Count, 1, **self._labels)
                return compute()
        if look.entry is not None:
            metrics.add_metric("CacheHit", MetricUnit.Count, 1, **self._labels)
            return look.entry.value
        metrics.add_metric("CacheMiss", MetricUnit.Count, 1, **self._labels)
        if not self._starts_tags and len(look.generations) < len(wanted):
            return compute()
        with self._locks[hash(key) % _LOCKS]:  # one thread of this process
            return self._compute_once(key, compute, wanted, ttl=ttl)

    def invalidate(self, *, tags: Iterable[str] = (), prefix: str | None = None) -> None:
        """See to it that nobody reads an entry with one of *tags*, or under *prefix*, again.

        Raises `CacheUnavailable` where that cannot be promised, ``ValueError`` for a *prefix* that
        the cache was not made with.
        """
        if prefix is not None and prefix not in self._prefixes:
            msg = f"{prefix!r} is none of the prefixes {sorted(self._prefixes)}"
            raise ValueError(msg)
        gone = [*tags, *([] if prefix is None else [prefix_tag(prefix)])]
        for tag in gone:
            self._generations.set(generation_key(tag), new_id(), ttl=GENERATION_SECONDS)

    def close(self) -> None:
        """Close the backends; a cache that is used again opens new connections."""
        self._entries.close()
        self._generations.close()

    def _compute_once(
        self, key: str, compute: Callable[[], Any], tags: Collection[str], *, ttl: float
    ) -> Any:
        lease, owner = f"lease:{key}", new_id()
        until = self._clock() + LEASE_SECONDS
        while True:
            try:
                mine = self._entries.add(lease, owner, ttl=LEASE_SECONDS)
                look = self._look(key, tags)  # after the lease: who had it before has stored
                if look.entry is not None:
                    if mine:
                        self._entries.delete(lease)
                    return look.entry.value
            except CacheUnavailable:
                metrics.add_metric("CacheError", MetricUnit.Count, 1, **self._labels)
                return compute()
            if mine or self._clock() >= until:
                break
            self._sleep(_POLL_SECONDS * (0.5 + random.random()))  # noqa: S311  # full jitter
        try:
            generations = self._begun(look, key, tags)
        except CacheUnavailable:
            metrics.add_metric("CacheError", MetricUnit.Count, 1, **self._labels)
            return compute()
        value = compute()
        try:
            self._entries.set(key, encode(Entry(value, generations)), ttl=ttl)
            if mine:
                self._entries.delete(lease)
        except CacheUnavailable:
            metrics.add_metric("CacheError", MetricUnit.Count, 1, **self._labels)
        return value

    def _look(self, key: str, tags: Collection[str]) -> _Look:
        """Read the entry and the generations of *tags* in one round trip to each backend."""
        names = [generation_key(tag) for tag in tags]
        if self._entries is self._generations:
            found = self._entries.get_many([key, *names])
        else:
            found = {**self._generations.get_many(names), **self._entries.get_many([key])}
        present = {tag: found[generation_key(tag)] for tag in tags if generation_key(tag) in found}
        if key not in found:
            return _Look(None, present)
        entry = decode(found[key])
        if entry is None:
            metrics.add_metric("CacheCorrupt", MetricUnit.Count, 1, **self._labels)
            return _Look(None, present)
        counts = len(present) == len(tags) and dict(entry.generations) == present
        return _Look(entry if counts else None, present)

    def _begun(self, look: _Look, key: str, tags: Collection[str]) -> Mapping[str, str]:
        """Return the generations that a value computed from now on belongs to.

        A tag that has none gets one first: an entry without it could not be invalidated.
        """
        missing = [tag for tag in tags if tag not in look.generations]
        if not missing:
            return look.generations
        for tag in missing:
            self._generations.add(generation_key(tag), new_id(), ttl=GENERATION_SECONDS)
        return self._look(key, tags).generations
