"""The handlers, ready to be attacked."""

import asyncio
from collections.abc import Iterator

import pytest

from tools.lab.fuzz.rig import Rig, running


@pytest.fixture(scope="module")
def rig(_one_event_loop: asyncio.AbstractEventLoop) -> Iterator[Rig]:
    """Every endpoint function in this process."""
    asyncio.set_event_loop(_one_event_loop)
    with running() as found:
        yield found
