"""The cache on every backend: exact invalidation, one computation, and no harm when it fails."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from shared.platform.aws.clients import dynamodb
from shared.platform.cache.backend import Backend, CacheUnavailable
from shared.platform.cache.cache import LEASE_SECONDS, Cache
from shared.platform.cache.dynamo import DynamoBackend
from shared.platform.cache.fallback import REST_SECONDS, Fallback
from shared.platform.cache.generations import new_generation
from shared.platform.cache.keys import generation_key
from shared.platform.cache.memory import MemoryBackend
from shared.platform.cache.null import NullBackend
from shared.platform.cache.redis_backend import RedisBackend
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.telemetry.metrics import metrics
from tests.adapters.cache.conftest import Time
from tests.support.aws_calls import counted_calls
from tests.support.racing import race
from tests.support.redis_server import RedisServer
from tools.lab.support.tables import Table


class Source:
    """What is slow to ask: a value that changes, and how often it was computed."""

    def __init__(self, value: Any = 1) -> None:
        self.value = value
        self.asked = 0

    def __call__(self) -> Any:
        self.asked += 1
        return self.value


def counted(name: str) -> int:
    """Return what this invocation's counter *name* stands at, over all labels."""
    return int(
        sum(
            sum(samples)
            for by_name in metrics.provider._values.values()
            for (metric, _), samples in by_name.items()
            if metric == name
        )
    )


def read(cache: Cache, source: Source, key: str = "product:1:details", **options: Any) -> Any:
    options = {"ttl": 60, "tags": ["product:1"], **options}
    return cache.get_or_compute(key, source, **options)


@pytest.mark.row("CAC-02")
@pytest.mark.row("CAC-04")
@pytest.mark.parametrize("tags", [[], ["product:1", "category:tea"]])
def test_a_value_is_computed_once_while_it_is_fresh(
    backend: Backend, passing: Callable[[float], None], tags: list[str]
) -> None:
    cache, source = Cache(backend), Source({"name": "tea", "prices": [1, None, "x"]})
    assert [read(cache, source, tags=tags) for _ in range(3)] == [source.value] * 3
    assert source.asked == 1
    assert (counted("CacheMiss"), counted("CacheHit"), counted("CacheError")) == (1, 2, 0)
    passing(61)
    read(cache, source, tags=tags)
    assert source.asked == 2


@pytest.mark.row("CAC-03")
def test_after_an_invalidation_nobody_reads_an_older_entry(backend: Backend) -> None:
    """By tag and by prefix, and only what has it; another process's cache sees it at once."""
    prefixes = ("product:", "product:1:", "product:2:")
    cache, elsewhere = (Cache(backend, prefixes=prefixes) for _ in range(2))
    source = Source()
    other = Source("other")
    for way in ({"tags": ["product:1"]}, {"prefix": "product:"}, {"prefix": "product:1:"}):
        read(cache, source)
        read(cache, other, key="customer:1", tags=["customer:1"])
        source.value += 1
        elsewhere.invalidate(**way)
        assert read(cache, source) == source.value
        assert read(elsewhere, source) == source.value
    assert other.asked == 1
    cache.invalidate(tags=["product:2"], prefix="product:2:")
    asked = source.asked
    read(cache, source)
    assert source.asked == asked


@pytest.mark.row("CAC-03")
def test_what_was_being_computed_when_it_was_invalidated_is_not_kept(backend: Backend) -> None:
    cache = Cache(backend)

    def overtaken() -> str:
        cache.invalidate(tags=["product:1"])
        return "old"

    assert read(cache, overtaken) == "old"
    assert read(cache, Source("new")) == "new"


@pytest.mark.row("CAC-03")
def test_a_lost_generation_takes_its_entries_with_it(backend: Backend) -> None:
    """Evicted, then made anew: nothing from before may come back to life."""
    cache, source = Cache(backend), Source("old")
    read(cache, source)
    cache.invalidate(tags=["product:1"])
    backend.delete(generation_key("product:1"))
    source.value = "new"
    assert read(cache, source) == "new"
    backend.delete(generation_key("product:1"))
    source.value = "newer"
    assert read(cache, source) == "newer"


@pytest.mark.row("CAC-02")
def test_of_many_who_miss_at_once_one_computes(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight threads with four caches between them, as eight callers of four functions."""
    # On a busy machine seconds pass while a thread waits for its turn: nobody gives up here.
    monkeypatch.setattr("shared.platform.cache.cache.LEASE_SECONDS", 600.0)
    caches = [Cache(backend, sleep=lambda _: threading.Event().wait(0.001)) for _ in range(4)]
    asked = []

    def slow() -> str:
        asked.append(1)
        threading.Event().wait(0.02)
        return "value"

    outcomes = race(8, lambda number: read(caches[number % 4], slow))
    assert outcomes == ["value"] * 8
    assert len(asked) == 1


@pytest.mark.row("CAC-02")
def test_who_waits_for_one_that_died_computes_in_the_end(time: Time) -> None:
    backend = MemoryBackend(clock=time.seconds)
    backend.add("lease:product:1:details", "somebody who died", ttl=10 * LEASE_SECONDS)
    cache = Cache(backend, sleep=time.pass_, clock=time.seconds)
    started = time.seconds()
    assert read(cache, Source("mine")) == "mine"
    assert LEASE_SECONDS <= time.seconds() - started < LEASE_SECONDS + 1


@pytest.mark.row("CAC-02")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda _: "{}",
        lambda text: "x" + text[1:],
        lambda text: text.replace("old", "odd"),
    ],
    ids=["cut", "foreign", "checksum", "value"],
)
def test_a_corrupt_entry_is_a_miss(backend: Backend, spoil: Callable[[str], str]) -> None:
    cache = Cache(backend)
    read(cache, Source("old"))
    (text,) = backend.get_many(["product:1:details"]).values()
    backend.set("product:1:details", spoil(text), ttl=60)
    assert read(cache, Source("new")) == "new"
    assert counted("CacheCorrupt") > 0


@pytest.mark.row("CAC-01")
def test_redis_killed_between_two_reads_is_memory_from_then_on(
    redis: RedisServer, table: Table, time: Time
) -> None:
    """Generations are in the table, so what is invalidated meanwhile stays exact."""
    backend = RedisBackend(lambda: redis.url)
    entries = Fallback(backend, MemoryBackend(clock=time.seconds), clock=time.seconds)
    cache = Cache(entries, DynamoBackend(dynamodb(), table.name))
    source = Source()
    assert [read(cache, source) for _ in range(2)] == [1, 1]
    assert (source.asked, counted("CacheFallback")) == (1, 0)
    redis.kill()
    source.value = 2
    assert [read(cache, source) for _ in range(3)] == [2, 2, 2]
    assert source.asked == 2
    assert counted("CacheFallback") > 0
    source.value = 3
    cache.invalidate(tags=["product:1"])
    assert read(cache, source) == 3
    backend.close()


@pytest.mark.row("CAC-01")
def test_after_its_rest_the_first_backend_is_asked_again(time: Time) -> None:
    class Flaky(MemoryBackend):
        is_down = True
        asked = 0

        def set(self, key: str, value: str, /, *, ttl: float) -> None:
            self.asked += 1
            if self.is_down:
                raise CacheUnavailable
            super().set(key, value, ttl=ttl)

    first, second = Flaky(), MemoryBackend()
    both = Fallback(first, second, clock=time.seconds)
    for _ in range(5):
        both.set("a", "1", ttl=60)
    assert (first.asked, second.get_many(["a"])) == (1, {"a": "1"})
    first.is_down = False
    time.pass_(REST_SECONDS)
    both.set("a", "2", ttl=60)
    assert (first.asked, first.get_many(["a"])) == (2, {"a": "2"})


class Broken(MemoryBackend):
    """Fails from a given call on."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise CacheUnavailable

    def get_many(self, keys: Any, /) -> dict[str, str]:
        self._spend()
        return super().get_many(keys)

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        self._spend()
        super().set(key, value, ttl=ttl)

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        self._spend()
        return super().add(key, value, ttl=ttl)

    def delete(self, key: str, /) -> None:
        self._spend()
        super().delete(key)


@pytest.mark.row("CAC-01")
def test_a_cache_that_fails_at_any_moment_costs_no_answer() -> None:
    failures = 0
    for after in range(12):
        cache, source = Cache(Broken(after)), Source()
        assert read(cache, source) == 1
        assert source.asked == 1
        failures = counted("CacheError")
    assert failures > 5


def test_an_invalidation_that_cannot_be_promised_is_an_error() -> None:
    with pytest.raises(CacheUnavailable):
        Cache(Broken(0)).invalidate(tags=["a"])
    with pytest.raises(ValueError, match="none of the prefixes"):
        Cache(MemoryBackend()).invalidate(prefix="product:")


@pytest.mark.row("CAC-03")
def test_a_generation_that_commits_with_the_change_is_exact(table: Table) -> None:
    """Readers start nothing; the writer's transaction does, and what it drops changes nothing."""
    cache = Cache(MemoryBackend(), DynamoBackend(dynamodb(), table.name), starts_tags=False)
    source = Source()
    for _ in range(2):
        read(cache, source)
    assert (source.asked, table.items()) == (2, [])
    for commits in (True, False, True):
        with DynamoUnitOfWork(dynamodb(), table.name) as uow:
            uow.stage(new_generation("product:1"))
            if commits:
                uow.commit()
        asked = source.asked
        for _ in range(3):
            with counted_calls() as calls:
                read(cache, source)
        assert source.asked == asked + commits
        assert calls.dynamodb == {"BatchGetItem": 1}


@pytest.mark.row("CAC-01")
def test_without_a_cache_everybody_computes() -> None:
    cache, source = Cache(NullBackend()), Source()
    assert [read(cache, source) for _ in range(3)] == [1, 1, 1]
    assert source.asked == 3
