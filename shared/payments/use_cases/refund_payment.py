"""Give the money of a cancelled order back, or see to it that none is taken."""

from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.payments.domain.payment import Payment, PaymentStatus
from shared.payments.ports import PaymentGateway, PaymentsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment:
    """Bring an order's payment to net zero; one that *was free* was never to be charged."""

    order_id: str
    customer_id: str
    was_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaymentHandler:
    """Afterwards the order's net payment is zero and stays zero, whatever else is under way.

    Without a record there may still be a charge whose answer was lost, or one about to be made:
    cancelling at the gateway takes care of the first, the tombstone of the second. No gateway is
    asked about what was free; what a release before may still want to charge meets the tombstone.
    """

    uow: PaymentsUnitOfWork
    gateway: PaymentGateway
    clock: Clock

    def __call__(self, command: RefundPayment) -> None:
        now = self.clock.now()
        with self.uow as uow:
            payment = uow.payments.find(command.order_id)
            if payment is None:
                if not command.was_free:
                    self.gateway.cancel(command.order_id)
                payment = Payment.voided(
                    command.order_id, customer_id=command.customer_id, now=now
                )
                uow.payments.save(payment)
            elif payment.status is PaymentStatus.SUCCEEDED:
                payment.refund(self.gateway.refund(command.order_id), now=now)
                uow.payments.save(payment)
            uow.commit()
