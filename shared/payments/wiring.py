"""How the payments functions are put together."""

# ruff: noqa: PLC0415  # a function loads only the modules that it needs
import os
from typing import TYPE_CHECKING

from shared.inventory.published import UPCASTS as INVENTORY
from shared.orders.published import UPCASTS as ORDERS
from shared.platform.aws.clients import dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings

if TYPE_CHECKING:
    from shared.payments.ports import PaymentGateway, PaymentsUnitOfWork
    from shared.payments.queries.get_payment import GetPaymentHandler
    from shared.payments.use_cases.process_payment import ProcessPaymentHandler
    from shared.payments.use_cases.refund_payment import RefundPaymentHandler

register(INVENTORY, ORDERS)  # of the events that are read here


@provides
def payments_unit_of_work(_: Services) -> "PaymentsUnitOfWork":
    from shared.payments.adapters.unit_of_work import DynamoPaymentsUnitOfWork

    return DynamoPaymentsUnitOfWork(dynamodb(), settings().table_name)


@provides
def payment_gateway(_: Services) -> "PaymentGateway":
    from shared.payments.adapters.settings import GatewayName, PaymentSettings

    known = load(PaymentSettings, os.environ)
    match known.payment_gateway:
        case GatewayName.SANDBOX:
            from shared.payments.adapters.sandbox_gateway import SandboxGateway

            return SandboxGateway(dynamodb(), known.sandbox_table_name)


@provides
def process_payment(services: Services) -> "ProcessPaymentHandler":
    from shared.kernel.clock import SystemClock
    from shared.payments.use_cases.process_payment import ProcessPaymentHandler

    return ProcessPaymentHandler(
        uow=services.get(payments_unit_of_work),
        gateway=services.get(payment_gateway),
        clock=SystemClock(),
    )


@provides
def refund_payment(services: Services) -> "RefundPaymentHandler":
    from shared.kernel.clock import SystemClock
    from shared.payments.use_cases.refund_payment import RefundPaymentHandler

    return RefundPaymentHandler(
        uow=services.get(payments_unit_of_work),
        gateway=services.get(payment_gateway),
        clock=SystemClock(),
    )


@provides
def get_payment(_: Services) -> "GetPaymentHandler":
    from shared.payments.adapters.payment_reader import DynamoPaymentReader
    from shared.payments.queries.get_payment import GetPaymentHandler

    reader = DynamoPaymentReader(dynamodb(), settings().table_name)
    return GetPaymentHandler(payments=reader)
