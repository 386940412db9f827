"""How the gateway's functions are put together, and what the system stands on."""

# ruff: noqa: PLC0415  # a function loads only the modules that it needs
from typing import TYPE_CHECKING

from shared.platform.runtime.services import Services, provides, services

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.catalog.api import CatalogEntries
    from shared.gateway.adapters.aws_checks import EventBus
    from shared.gateway.queries.check_readiness import CheckReadinessHandler
    from shared.gateway.queries.get_product_details import GetProductDetailsHandler


@provides
def check_readiness(services: Services) -> "CheckReadinessHandler":
    from shared.gateway.adapters import aws_checks
    from shared.gateway.adapters.readiness_reader import (
        PingingReadinessReader,
        RecentReadinessReader,
    )
    from shared.gateway.queries.check_readiness import CheckReadinessHandler

    tables = aws_checks.tables(services.get(impatient_dynamodb))
    asked = {f"{service}-table": table.answers for service, table in tables.items()}
    reader = PingingReadinessReader(checks={**services.pings(), **asked})
    return CheckReadinessHandler(readiness=RecentReadinessReader(reader))


@provides
def catalog_entries(_: Services) -> "CatalogEntries":  # a service, so that its cache gets closed
    from shared.catalog import api

    return api.catalog_entries()


@provides
def get_product_details(services: Services) -> "GetProductDetailsHandler":
    from shared.gateway.queries.get_product_details import GetProductDetailsHandler
    from shared.inventory.api import stock_levels

    return GetProductDetailsHandler(entries=services.get(catalog_entries), levels=stock_levels())


@provides
def impatient_dynamodb(_: Services) -> "DynamoDBClient":
    from shared.gateway.adapters import aws_checks

    return aws_checks.impatient_dynamodb()


def _event_bus(_: Services) -> "EventBus | None":
    from shared.gateway.adapters import aws_checks

    return aws_checks.event_bus()


def _answers(dependency: "EventBus") -> None:
    dependency.answers()


services.register("event-bus", _event_bus, ping=_answers)
