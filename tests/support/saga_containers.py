"""Containers of the saga's consumers: each has units of work of its own, as on AWS."""

from collections.abc import Mapping

from shared.customers.adapters.unit_of_work import DynamoCustomersUnitOfWork
from shared.customers.use_cases.project_order import ProjectOrderHandler
from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.use_cases.commit_stock import CommitStockHandler
from shared.inventory.use_cases.release_stock import ReleaseStockHandler
from shared.inventory.use_cases.reserve_stock import ReserveStockHandler
from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.money import Money
from shared.notifications.adapters.log_channel import LogChannel
from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.large_order import Thresholds
from shared.notifications.use_cases.notify import NotifyHandler
from shared.notifications.use_cases.notify_sales import NotifySalesHandler
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.use_cases.fail_order import FailOrderHandler
from shared.orders.use_cases.finalize_order import FinalizeOrderHandler
from shared.orders.use_cases.record_reservation import RecordReservationHandler
from shared.payments.adapters.sandbox_gateway import SandboxGateway
from shared.payments.adapters.unit_of_work import DynamoPaymentsUnitOfWork
from shared.payments.use_cases.process_payment import ProcessPaymentHandler
from shared.payments.use_cases.refund_payment import RefundPaymentHandler
from shared.platform.aws.clients import dynamodb
from shared.platform.runtime.services import services
from tools.lab.support.tables import Table

SALES = Contact("sales", name="Sales", email=Email("sales@tradewind.example"))
TABLES = ("inventory", "orders", "payments", "notifications", "gateway", "customers")


class EveryProduct:
    """A catalog that knows every product."""

    def is_confidential(self, product_id: str) -> bool | None:
        return True


def fresh_container(tables: Mapping[str, Table]) -> None:
    """Have the next delivery run on services of its own."""
    client, clock = dynamodb(), SystemClock()
    customers = DynamoCustomersUnitOfWork(client, tables["customers"].name)
    gateway = SandboxGateway(client, tables["gateway"].name)
    notifications = DynamoNotificationsUnitOfWork(client, tables["notifications"].name)
    orders = DynamoOrdersUnitOfWork(client, tables["orders"].name)
    payments = DynamoPaymentsUnitOfWork(client, tables["payments"].name)
    stock = DynamoInventoryUnitOfWork(client, tables["inventory"].name)
    for handler in (
        ReserveStockHandler(uow=stock),
        ReleaseStockHandler(uow=stock),
        CommitStockHandler(uow=stock),
        RecordReservationHandler(uow=orders),
        FinalizeOrderHandler(uow=orders),
        FailOrderHandler(uow=orders),
        ProcessPaymentHandler(uow=payments, gateway=gateway, clock=clock),
        RefundPaymentHandler(uow=payments, gateway=gateway, clock=clock),
        NotifySalesHandler(
            uow=notifications,
            channel=LogChannel(),
            sales=SALES,
            clock=clock,
            thresholds=Thresholds(by_currency={"EUR": Money(100_000, "EUR")}),
        ),
        ProjectOrderHandler(uow=customers),
        NotifyHandler(uow=notifications, channels=(LogChannel(),), clock=clock),
    ):
        services.override(type(handler), handler)
