"""The catalog on every engine."""

from collections.abc import Callable

import pytest

from shared.catalog.adapters.product_reader import DynamoProductListReader
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.product import Product
from shared.platform.dynamodb.cursors import CursorCodec
from shared.platform.dynamodb.paging import Pager
from tools.lab.support.tables import Table


@pytest.fixture
def save(table: Table) -> Callable[..., None]:
    """Commit products, each on its own."""

    def save(*products: Product) -> None:
        for product in products:
            with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
                uow.products.save(product)
                uow.commit()

    return save


@pytest.fixture
def lists(table: Table) -> DynamoProductListReader:
    """The lists, with cursors of their own."""
    pager = Pager(table.client, table.name, CursorCodec(lambda: ["secret"]))
    return DynamoProductListReader(table.client, table.name, pager)
