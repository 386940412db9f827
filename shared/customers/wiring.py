"""Which services the customers' functions use, built on first use."""

from typing import TYPE_CHECKING

from shared.orders.published import UPCASTS
from shared.platform.aws.clients import dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from shared.customers.queries.get_customer_summary import GetCustomerSummaryHandler
    from shared.customers.use_cases.project_order import ProjectOrderHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs

register(UPCASTS)  # of the events that are read here


@provides
def get_customer_summary(_: Services) -> "GetCustomerSummaryHandler":
    from shared.customers.adapters.summary_reader import DynamoSummaryReader
    from shared.customers.queries.get_customer_summary import GetCustomerSummaryHandler

    reader = DynamoSummaryReader(dynamodb(), settings().table_name)
    return GetCustomerSummaryHandler(summaries=reader)


@provides
def project_order(_: Services) -> "ProjectOrderHandler":
    from shared.customers.adapters.unit_of_work import DynamoCustomersUnitOfWork
    from shared.customers.use_cases.project_order import ProjectOrderHandler

    uow = DynamoCustomersUnitOfWork(dynamodb(), settings().table_name)
    return ProjectOrderHandler(uow=uow)
