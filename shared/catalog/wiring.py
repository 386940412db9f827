"""Which services the catalog's functions use, built on first use."""

from typing import TYPE_CHECKING

from shared.platform.aws import dynamodb
from shared.platform.services import Services, provides
from shared.platform.settings import settings

if TYPE_CHECKING:
    from shared.catalog.adapters.unit_of_work import CatalogDynamoUnitOfWork
    from shared.catalog.queries.get_product import GetProductHandler
    from shared.catalog.queries.list_products import ListProductsHandler
    from shared.catalog.use_cases.create_product import CreateProductHandler
    from shared.catalog.use_cases.update_product import UpdateProductHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs


@provides
def catalog_unit_of_work(_: Services) -> "CatalogDynamoUnitOfWork":
    from shared.catalog.adapters.unit_of_work import CatalogDynamoUnitOfWork

    return CatalogDynamoUnitOfWork(dynamodb(), settings().table_name)


@provides
def create_product(services: Services) -> "CreateProductHandler":
    from shared.catalog.use_cases.create_product import CreateProductHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return CreateProductHandler(
        uow=services.get("catalog_unit_of_work"), clock=SystemClock(), new_id=new_id
    )


@provides
def update_product(services: Services) -> "UpdateProductHandler":
    from shared.catalog.use_cases.update_product import UpdateProductHandler
    from shared.kernel.clock import SystemClock

    return UpdateProductHandler(uow=services.get("catalog_unit_of_work"), clock=SystemClock())


@provides
def get_product(_: Services) -> "GetProductHandler":
    from shared.catalog.adapters.reading import DynamoProductReader
    from shared.catalog.queries.get_product import GetProductHandler

    return GetProductHandler(products=DynamoProductReader(dynamodb(), settings().table_name))


@provides
def list_products(_: Services) -> "ListProductsHandler":
    from shared.catalog.adapters.reading import DynamoProductLists
    from shared.catalog.queries.list_products import ListProductsHandler
    from shared.platform.cursors import CursorCodec
    from shared.platform.dynamodb.paging import Pager
    from shared.platform.secrets import service_secret

    client, table = dynamodb(), settings().table_name
    cursors = CursorCodec(lambda: service_secret().get().versions)
    return ListProductsHandler(
        lists=DynamoProductLists(client, table, Pager(client, table, cursors))
    )
