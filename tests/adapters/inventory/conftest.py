"""The inventory's unit of work on every engine, the fake included."""

from collections.abc import Callable

import pytest

from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.ports import InventoryUnitOfWork
from tests.support.fakes.database import Database
from tests.unit.inventory.fakes import InventoryInMemory

NewUnitOfWork = Callable[[], InventoryUnitOfWork]


@pytest.fixture
def new_uow(engine: str, request: pytest.FixtureRequest) -> NewUnitOfWork:
    """Units of work over one database."""
    if engine == "in_memory":
        database = Database()
        return lambda: InventoryInMemory(database)
    table = request.getfixturevalue("table")
    return lambda: DynamoInventoryUnitOfWork(table.client, table.name)
