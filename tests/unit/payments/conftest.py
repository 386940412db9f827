from dataclasses import dataclass, field

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.money import Money
from shared.payments.use_cases.process_payment import ProcessPayment, ProcessPaymentHandler
from shared.payments.use_cases.refund_payment import RefundPayment, RefundPaymentHandler
from tests.support.fakes.database import Database
from tests.unit.payments.fakes import GatewayInMemory, PaymentsInMemory

PROCESS = ProcessPayment(
    order_id="order-1",
    customer_id="customer-1",
    amount=Money(5990, "EUR"),
    payment_method="pm_card_visa",
)
REFUND = RefundPayment(order_id="order-1", customer_id="customer-1")


@dataclass
class World:
    """A database, a gateway, and the two use cases over them."""

    database: Database = field(default_factory=Database)
    gateway: GatewayInMemory = field(default_factory=GatewayInMemory)

    def process(self, command: ProcessPayment = PROCESS) -> None:
        uow = PaymentsInMemory(self.database)
        ProcessPaymentHandler(uow=uow, gateway=self.gateway, clock=SystemClock())(command)

    def refund(self, command: RefundPayment = REFUND) -> None:
        uow = PaymentsInMemory(self.database)
        RefundPaymentHandler(uow=uow, gateway=self.gateway, clock=SystemClock())(command)

    @property
    def status(self) -> str:
        """The payment's status."""
        return str(self.database.states["Payment", "order-1"].status)  # type: ignore[attr-defined]


@pytest.fixture
def world() -> World:
    return World()
