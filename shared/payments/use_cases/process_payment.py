"""Charge an order whose goods are reserved."""

from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.kernel.errors import ValidationFailed
from shared.kernel.money import Money
from shared.payments.domain.gateway import ChargeRequest
from shared.payments.domain.payment import Payment, PaymentStatus
from shared.payments.ports import PaymentGateway, PaymentsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPayment:
    """Capture *amount* for an order."""

    order_id: str
    customer_id: str
    amount: Money
    payment_method: str

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise ValidationFailed.of("amount", "Must be at least 0.", "money_range")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitTerms:
    """The order's goods are set aside; what is due, another event of the same order says."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPaymentHandler:
    """Charges first and records afterwards; whatever is lost in between, the retry repairs.

    A crash after the charge: the retry asks under the same key and gets the same answer. A
    cancellation in between: the commit meets its tombstone, goes stale, and the retry gives the
    money back. A cancellation before: nothing is charged. Two events of one order that both say
    what is due are charged on once: the order is the key, here and at the gateway.
    """

    uow: PaymentsUnitOfWork
    gateway: PaymentGateway
    clock: Clock

    def __call__(self, command: ProcessPayment | AwaitTerms) -> None:
        with self.uow as uow:
            match command:
                case ProcessPayment():
                    self._process(uow, command)
                case AwaitTerms():
                    pass  # heard, and marked as heard by the commit
            uow.commit()

    def _process(self, uow: PaymentsUnitOfWork, command: ProcessPayment) -> None:
        payment = uow.payments.find(command.order_id)
        if payment is None:
            uow.payments.save(self._charged(command))
        elif payment.status is PaymentStatus.VOIDED:
            self.gateway.cancel(command.order_id)

    def _charged(self, command: ProcessPayment) -> Payment:
        request = ChargeRequest(
            key=command.order_id, amount=command.amount, payment_method=command.payment_method
        )
        return Payment.settled(
            command.order_id,
            customer_id=command.customer_id,
            amount=command.amount,
            outcome=self.gateway.charge(request),
            now=self.clock.now(),
        )
