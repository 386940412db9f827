"""The payment for one order: charged, declined, refunded or voided."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import InvalidState
from shared.kernel.money import Money
from shared.kernel.result import Failure, Result, Success
from shared.payments.domain.events import (
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
    PaymentVoided,
)
from shared.payments.domain.gateway import Charge, Declined, Refund


class PaymentStatus(StrEnum):
    """Where the money is."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDED = "refunded"
    VOIDED = "voided"


class Payment(Aggregate):
    """One payment per order, so its id is the order's and doubles as the gateway's key.

    It is recorded when the gateway has answered (``outcome``), never before: a charge whose
    answer was lost is asked for again under the same key. Without an outcome, and then without an
    amount, it is a tombstone: an order that was cancelled first will not be charged later.
    """

    aggregate_type = "Payment"

    def __init__(
        self,
        id: str,
        *,
        customer_id: str,
        amount: Money | None,
        outcome: Result[Charge, Declined] | None,
        refunded: Refund | None = None,
        created_at: datetime,
        updated_at: datetime,
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.customer_id = customer_id
        self.amount = amount
        self.outcome = outcome
        self.refunded = refunded
        self.created_at = created_at
        self.updated_at = updated_at

    @classmethod
    def settled(
        cls,
        order_id: str,
        *,
        customer_id: str,
        amount: Money,
        outcome: Result[Charge, Declined],
        now: datetime,
    ) -> Self:
        """Return the payment that the gateway's answer makes: succeeded or failed."""
        payment = cls(
            order_id,
            customer_id=customer_id,
            amount=amount,
            outcome=outcome,
            created_at=now,
            updated_at=now,
        )
        match outcome:
            case Success(charge):
                payment._record(
                    PaymentSucceeded(
                        payment_id=order_id,
                        order_id=order_id,
                        customer_id=customer_id,
                        amount=amount,
                        gateway_reference=charge.reference,
                    )
                )
            case Failure(declined):
                payment._record(
                    PaymentFailed(
                        payment_id=order_id,
                        order_id=order_id,
                        customer_id=customer_id,
                        amount=amount,
                        reason=declined.reason,
                        message=declined.message,
                    )
                )
        return payment

    @classmethod
    def voided(cls, order_id: str, *, customer_id: str, now: datetime) -> Self:
        """Return the tombstone of an order that ended before it was charged."""
        payment = cls(
            order_id,
            customer_id=customer_id,
            amount=None,
            outcome=None,
            created_at=now,
            updated_at=now,
        )
        payment._record(
            PaymentVoided(payment_id=order_id, order_id=order_id, customer_id=customer_id)
        )
        return payment

    @property
    def status(self) -> PaymentStatus:
        """Where the money is."""
        match self.outcome:
            case None:
                return PaymentStatus.VOIDED
            case Failure():
                return PaymentStatus.FAILED
            case Success():
                return PaymentStatus.REFUNDED if self.refunded else PaymentStatus.SUCCEEDED

    def refund(self, refund: Refund, *, now: datetime) -> None:
        """Note that the money went back; `InvalidState` unless it was captured and is still."""
        if self.status is not PaymentStatus.SUCCEEDED or self.amount is None:
            raise InvalidState(
                "Only a captured payment can be refunded.",
                current=self.status,
                expected=[PaymentStatus.SUCCEEDED],
            )
        self.refunded = refund
        self.updated_at = now
        self._record(
            PaymentRefunded(
                payment_id=self.id,
                order_id=self.id,
                customer_id=self.customer_id,
                amount=self.amount,
                gateway_reference=refund.reference,
            )
        )
