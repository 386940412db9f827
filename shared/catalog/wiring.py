"""Which services the catalog's functions use, built on first use."""

from typing import TYPE_CHECKING

from shared.catalog.published import UPCASTS
from shared.platform.aws.clients import dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
    from shared.catalog.queries.get_product import GetProductHandler
    from shared.catalog.queries.list_business_rules import ListBusinessRulesHandler
    from shared.catalog.queries.list_products import ListProductsHandler
    from shared.catalog.queries.validate_against_rules import ValidateAgainstRulesHandler
    from shared.catalog.use_cases.add_business_rule import AddBusinessRuleHandler
    from shared.catalog.use_cases.create_product import CreateProductHandler
    from shared.catalog.use_cases.end_business_rule import EndBusinessRuleHandler
    from shared.catalog.use_cases.update_product import UpdateProductHandler
    from shared.platform.dynamodb.paging import Pager

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs

register(UPCASTS)  # of the events that are read here


@provides
def catalog_unit_of_work(_: Services) -> "DynamoCatalogUnitOfWork":
    from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork

    return DynamoCatalogUnitOfWork(dynamodb(), settings().table_name)


@provides
def create_product(services: Services) -> "CreateProductHandler":
    from shared.catalog.adapters.rule_book import evaluate
    from shared.catalog.use_cases.create_product import CreateProductHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return CreateProductHandler(
        uow=services.get(catalog_unit_of_work),
        clock=SystemClock(),
        new_id=new_id,
        evaluate=evaluate,
    )


@provides
def update_product(services: Services) -> "UpdateProductHandler":
    from shared.catalog.adapters.rule_book import evaluate
    from shared.catalog.use_cases.update_product import UpdateProductHandler
    from shared.kernel.clock import SystemClock

    return UpdateProductHandler(
        uow=services.get(catalog_unit_of_work), clock=SystemClock(), evaluate=evaluate
    )


@provides
def get_product(_: Services) -> "GetProductHandler":
    from shared.catalog.adapters.product_reader import DynamoProductReader
    from shared.catalog.queries.get_product import GetProductHandler

    return GetProductHandler(products=DynamoProductReader(dynamodb(), settings().table_name))


@provides
def catalog_pager(_: Services) -> "Pager":
    from shared.platform.aws.secrets import service_secret
    from shared.platform.dynamodb.cursors import CursorCodec
    from shared.platform.dynamodb.paging import Pager

    cursors = CursorCodec(lambda: service_secret().get().versions)
    return Pager(dynamodb(), settings().table_name, cursors)


@provides
def list_products(services: Services) -> "ListProductsHandler":
    from shared.catalog.adapters.product_reader import DynamoProductListReader
    from shared.catalog.queries.list_products import ListProductsHandler

    lists = DynamoProductListReader(dynamodb(), settings().table_name, services.get(catalog_pager))
    return ListProductsHandler(lists=lists)


@provides
def add_business_rule(services: Services) -> "AddBusinessRuleHandler":
    from shared.catalog.adapters.rule_evaluation import evaluate, mistakes
    from shared.catalog.use_cases.add_business_rule import AddBusinessRuleHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return AddBusinessRuleHandler(
        uow=services.get(catalog_unit_of_work),
        clock=SystemClock(),
        new_id=new_id,
        examine=mistakes,
        evaluate=evaluate,
    )


@provides
def end_business_rule(services: Services) -> "EndBusinessRuleHandler":
    from shared.catalog.use_cases.end_business_rule import EndBusinessRuleHandler
    from shared.kernel.clock import SystemClock

    return EndBusinessRuleHandler(uow=services.get(catalog_unit_of_work), clock=SystemClock())


@provides
def list_business_rules(services: Services) -> "ListBusinessRulesHandler":
    from shared.catalog.adapters.rule_reader import DynamoRuleListReader
    from shared.catalog.queries.list_business_rules import ListBusinessRulesHandler

    return ListBusinessRulesHandler(lists=DynamoRuleListReader(services.get(catalog_pager)))


@provides
def validate_against_rules(services: Services) -> "ValidateAgainstRulesHandler":
    from shared.catalog.adapters.quote_reader import DynamoPriceQuotes
    from shared.catalog.adapters.rule_book import evaluate
    from shared.catalog.queries.validate_against_rules import ValidateAgainstRulesHandler
    from shared.kernel.clock import SystemClock

    return ValidateAgainstRulesHandler(
        uow=services.get(catalog_unit_of_work),
        quotes=DynamoPriceQuotes(dynamodb(), settings().table_name),
        clock=SystemClock(),
        evaluate=evaluate,
    )
