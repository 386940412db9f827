"""Which services the inventory's functions use, built on first use."""

from typing import TYPE_CHECKING

from shared.inventory.published import UPCASTS as INVENTORY
from shared.orders.published import UPCASTS as ORDERS
from shared.platform.aws.clients import dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
    from shared.inventory.ports import ProductDirectory
    from shared.inventory.queries.get_stock import GetStockHandler
    from shared.inventory.use_cases.adjust_stock import AdjustStockHandler
    from shared.inventory.use_cases.commit_stock import CommitStockHandler
    from shared.inventory.use_cases.release_stock import ReleaseStockHandler
    from shared.inventory.use_cases.reserve_stock import ReserveStockHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs

register(INVENTORY, ORDERS)  # of the events that are read here


@provides
def inventory_unit_of_work(_: Services) -> "DynamoInventoryUnitOfWork":
    from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork

    return DynamoInventoryUnitOfWork(dynamodb(), settings().table_name)


@provides
def product_directory(_: Services) -> "ProductDirectory":
    from shared.catalog.api import price_quotes

    return price_quotes()


@provides
def adjust_stock(services: Services) -> "AdjustStockHandler":
    from shared.inventory.use_cases.adjust_stock import AdjustStockHandler

    return AdjustStockHandler(
        uow=services.get(inventory_unit_of_work), products=services.get(product_directory)
    )


@provides
def get_stock(services: Services) -> "GetStockHandler":
    from shared.inventory.adapters.stock_reader import DynamoStockReader
    from shared.inventory.queries.get_stock import GetStockHandler

    return GetStockHandler(
        stocks=DynamoStockReader(dynamodb(), settings().table_name),
        products=services.get(product_directory),
    )


@provides
def reserve_stock(services: Services) -> "ReserveStockHandler":
    from shared.inventory.use_cases.reserve_stock import ReserveStockHandler

    return ReserveStockHandler(uow=services.get(inventory_unit_of_work))


@provides
def release_stock(services: Services) -> "ReleaseStockHandler":
    from shared.inventory.use_cases.release_stock import ReleaseStockHandler

    return ReleaseStockHandler(uow=services.get(inventory_unit_of_work))


@provides
def commit_stock(services: Services) -> "CommitStockHandler":
    from shared.inventory.use_cases.commit_stock import CommitStockHandler

    return CommitStockHandler(uow=services.get(inventory_unit_of_work))
