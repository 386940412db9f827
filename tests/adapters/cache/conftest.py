"""Every backend of the cache, real ones."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import FixedClock
from shared.platform.aws.clients import dynamodb
from shared.platform.cache.backend import Backend
from shared.platform.cache.dynamo import DynamoBackend
from shared.platform.cache.memory import MemoryBackend
from shared.platform.cache.redis_backend import RedisBackend
from tests.support.redis_server import RedisServer
from tests.support.tiers import DYNAMODB_LOCAL, REDIS
from tools.lab.support.tables import Table

IN_A_TABLE = pytest.param("dynamodb", marks=DYNAMODB_LOCAL.marks)


class Time:
    """The clock of every backend that takes one."""

    def __init__(self) -> None:
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))

    def seconds(self) -> float:
        return self.clock.now().timestamp()

    def pass_(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """What DynamoDB is for these tests: threads meet in it."""
    return "dynamodb_local"


@pytest.fixture(params=["memory", REDIS, IN_A_TABLE])
def backend(request: pytest.FixtureRequest, time: Time) -> Iterator[Backend]:
    """One backend after the other."""
    if request.param == "memory":
        yield MemoryBackend(clock=time.seconds)
    elif request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        with closing(RedisBackend(lambda: server.url)) as found:
            yield found
    else:
        table: Table = request.getfixturevalue("table")
        yield DynamoBackend(dynamodb(), table.name, clock=time.clock)


@pytest.fixture
def passing(backend: Backend, time: Time) -> Callable[[float], None]:
    """Let time pass for the backend; Redis keeps its own, which no test waits for."""

    def pass_(seconds: float) -> None:
        if isinstance(backend, RedisBackend):
            for key in backend._server().scan_iter():
                left = backend._server().pttl(key) - int(seconds * 1_000)
                backend._server().pexpire(key, left)
        time.pass_(seconds)

    return pass_
