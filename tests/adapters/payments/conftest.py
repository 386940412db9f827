from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.payments.adapters.sandbox_gateway import SandboxGateway
from shared.payments.adapters.unit_of_work import DynamoPaymentsUnitOfWork
from shared.payments.use_cases.process_payment import ProcessPayment, ProcessPaymentHandler
from shared.payments.use_cases.refund_payment import RefundPayment, RefundPaymentHandler
from shared.platform.entry.commands import retrying
from shared.platform.runtime.context import Inbox, request_context
from tests.conftest import TableFactory
from tools.lab.support.tables import Table


@dataclass
class Service:
    """Payments and the sandbox gateway on two tables."""

    table: Table
    ledger: Table

    @property
    def gateway(self) -> SandboxGateway:
        return SandboxGateway(self.ledger.client, self.ledger.name)

    def uow(self) -> DynamoPaymentsUnitOfWork:
        return DynamoPaymentsUnitOfWork(self.table.client, self.table.name)

    def process(
        self,
        order_id: str,
        payment_method: str = "pm_card_visa",
        *,
        gateway: SandboxGateway | None = None,
        event_id: str | None = None,
    ) -> None:
        """Deliver ``inventory.reserved``."""
        handler = ProcessPaymentHandler(
            uow=self.uow(), gateway=gateway or self.gateway, clock=SystemClock()
        )
        command = ProcessPayment(
            order_id=order_id,
            customer_id="customer-1",
            amount=Money(5990, "EUR"),
            payment_method=payment_method,
        )
        _deliver("payments.process_payment", event_id, lambda: handler(command))

    def refund(self, order_id: str, *, event_id: str | None = None) -> None:
        """Deliver ``order.cancelled``."""
        handler = RefundPaymentHandler(uow=self.uow(), gateway=self.gateway, clock=SystemClock())
        command = RefundPayment(order_id=order_id, customer_id="customer-1")
        _deliver("payments.refund_payment", event_id, lambda: handler(command))

    def status(self, order_id: str) -> str:
        """Return the payment's status."""
        payment = self.uow().payments.get(order_id)
        return str(payment.status)

    def event_types(self, order_id: str) -> list[str]:
        """Return the types of the payment's events."""
        return [event["type"] for event in self.table.events(f"Payment#{order_id}")]

    def money(self, order_id: str) -> tuple[int, int]:
        """Return what the gateway captured for an order, and what went back."""
        entries = self.ledger.items(f"CHARGE#{order_id}")
        return sum(e["captured"] for e in entries), sum(e["refunded"] for e in entries)


def _deliver(consumer: str, event_id: str | None, handle: Callable[[], None]) -> None:
    with request_context(inbox=Inbox(consumer=consumer, event_id=event_id or new_id())):
        retrying(handle)


@pytest.fixture
def service(table: Table, make_table: TableFactory) -> Service:
    return Service(table, make_table())
