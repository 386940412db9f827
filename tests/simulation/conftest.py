"""The simulator's tests share one installation of the product in virtual time."""

from collections.abc import Iterator

import pytest

from tools.lab.simulation.world.installing import uninstall


@pytest.fixture(autouse=True, scope="package")
def _real_again() -> Iterator[None]:
    """Leave the product on real time and real chance for the tests after these."""
    yield
    uninstall()
