"""The system once for all tests of the matrix: the scene takes seconds to play."""

import asyncio
from collections.abc import Iterator

import pytest

from tools.lab.authorization.endpoints import Endpoint, endpoints
from tools.lab.authorization.world import World, built
from tools.lab.privileges.symbols import System


@pytest.fixture(scope="session")
def system() -> System:
    """Every template, resolved."""
    return System()


@pytest.fixture(scope="package")
def routes(system: System, world: World) -> list[Endpoint]:
    """Every endpoint, its handler imported with its own environment."""
    found = endpoints(system)
    for endpoint in found:
        world.enter(endpoint.function)
        assert endpoint.route
    return found


@pytest.fixture(scope="package")
def world(system: System, _one_event_loop: asyncio.AbstractEventLoop) -> Iterator[World]:
    """The whole system with the scene played."""
    asyncio.set_event_loop(_one_event_loop)
    with built(system) as world:
        yield world


@pytest.fixture(autouse=True)
def _fresh_runtime() -> None:
    """Keep what a warm function keeps: the world changes it when it enters another function."""
