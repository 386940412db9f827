"""What the gateway's functions reach."""

from collections.abc import Iterator

import pytest

from tests.support import redis_server
from tests.support.redis_server import RedisServer


@pytest.fixture
def redis_of_the_test() -> Iterator[RedisServer]:
    """A server that the test may kill."""
    try:
        with redis_server.running() as server:
            yield server
    except redis_server.Unavailable as missing:
        pytest.skip(str(missing))
