"""What every backend of the cache promises."""

from collections.abc import Callable
from contextlib import closing

import pytest
from redis import Redis

from shared.platform.aws.clients import dynamodb
from shared.platform.cache.backend import Backend, CacheUnavailable
from shared.platform.cache.dynamo import DynamoBackend
from shared.platform.cache.memory import MemoryBackend
from shared.platform.cache.null import NullBackend
from shared.platform.cache.redis_backend import RedisBackend
from shared.platform.runtime.errors import ExternalServiceError
from tests.support.aws_calls import counted_calls
from tests.support.racing import race
from tests.support.redis_server import RedisServer
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("CAC-01")


def test_what_was_set_is_there_until_its_time_is_over(
    backend: Backend, passing: Callable[[float], None]
) -> None:
    backend.set("a", "1", ttl=10)
    backend.set("b", "zwei \u2713", ttl=100)
    assert backend.get_many(["a", "b", "c", "a"]) == {"a": "1", "b": "zwei \u2713"}
    passing(11)
    assert backend.get_many(["a", "b"]) == {"b": "zwei \u2713"}
    backend.set("b", "3", ttl=100)
    backend.delete("a")
    backend.delete("nothing")
    assert backend.get_many(["b"]) == {"b": "3"}
    backend.delete("b")
    assert backend.get_many(["b"]) == {}
    assert backend.get_many([]) == {}


def test_an_entry_is_added_once_until_it_expires(
    backend: Backend, passing: Callable[[float], None]
) -> None:
    assert [backend.add("a", text, ttl=10) for text in ("1", "2")] == [True, False]
    assert backend.get_many(["a"]) == {"a": "1"}
    passing(11)
    assert backend.add("a", "3", ttl=10)


def test_of_many_who_add_at_once_one_does(backend: Backend) -> None:
    outcomes = race(12, lambda number: backend.add("a", str(number), ttl=60))
    assert sorted(map(bool, outcomes)) == [False] * 11 + [True]
    assert backend.get_many(["a"]) == {"a": str(outcomes.index(True))}


def test_in_memory_what_nobody_used_for_longest_makes_room() -> None:
    memory = MemoryBackend(size=2)
    memory.set("a", "1", ttl=60)
    memory.set("b", "2", ttl=60)
    memory.get_many(["a"])
    memory.set("c", "3", ttl=60)
    assert memory.get_many("abc") == {"a": "1", "c": "3"}


def test_dynamodb_answers_in_one_round_trip(table: Table) -> None:
    backend = DynamoBackend(dynamodb(), table.name)
    with counted_calls() as calls:
        backend.get_many([f"k-{number}" for number in range(50)])
    assert calls.dynamodb == {"BatchGetItem": 1}


def test_an_item_that_no_cache_has_written_is_not_there(table: Table) -> None:
    table.put({"PK": "CACHE#a", "SK": "CACHE", "value": 5, "expires_at": 2**40})
    assert DynamoBackend(dynamodb(), table.name).get_many(["a"]) == {}


def test_the_null_backend_keeps_nothing() -> None:
    null = NullBackend()
    null.set("a", "1", ttl=60)
    null.delete("a")
    assert null.add("a", "1", ttl=60)
    assert null.get_many(["a"]) == {}


def test_a_password_that_is_changed_is_taken_up(redis: RedisServer) -> None:
    def url(password: str) -> str:
        return redis.url.replace("redis://", f"redis://:{password}@")

    with closing(Redis.from_url(redis.url)) as operator:
        operator.config_set("requirepass", "first")
        operator.auth("first")
        known = [url("first")]
        with closing(RedisBackend(lambda: known[-1])) as backend:
            backend.set("a", "1", ttl=60)
            operator.config_set("requirepass", "second")
            known.append(url("wrong"))
            with pytest.raises(CacheUnavailable):
                backend.get_many(["a"])
            known.append(url("second"))
            assert backend.get_many(["a"]) == {"a": "1"}


def test_an_address_that_is_none_is_not_told() -> None:
    backend = RedisBackend(lambda: "redis://:pass/word@localhost:6379")
    with pytest.raises(CacheUnavailable) as refused:
        backend.get_many(["a"])
    assert "word" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_address_that_nobody_tells_is_a_cache_out_of_reach() -> None:
    def address() -> str:
        raise ExternalServiceError("secret cache: no answer")

    with pytest.raises(CacheUnavailable, match="no answer"):
        RedisBackend(address).get_many(["a"])


def test_a_backend_that_is_gone_says_so(redis: RedisServer, table: Table) -> None:
    in_redis = RedisBackend(lambda: redis.url)
    in_redis.set("a", "1", ttl=60)
    redis.kill()
    table.client.delete_table(TableName=table.name)
    for backend in (in_redis, DynamoBackend(dynamodb(), table.name)):
        for ask in (
            lambda backend=backend: backend.get_many(["a"]),
            lambda backend=backend: backend.set("a", "1", ttl=1),
            lambda backend=backend: backend.add("a", "1", ttl=1),
            lambda backend=backend: backend.delete("a"),
        ):
            with pytest.raises(CacheUnavailable):
                ask()
    in_redis.close()
    table.client.create_table(  # for the fixture that drops it
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
    )
