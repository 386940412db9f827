"""What the payments context tells the others."""

from dataclasses import dataclass

from shared.kernel.events import DomainEvent
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(DomainEvent):
    """The order's money has been captured."""

    type = "payment.succeeded"

    payment_id: str
    order_id: str
    customer_id: str
    amount: Money
    gateway_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(DomainEvent):
    """The gateway declined; nothing was captured. ``message`` is fit for the customer."""

    type = "payment.failed"

    payment_id: str
    order_id: str
    customer_id: str
    amount: Money
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefunded(DomainEvent):
    """All that was captured went back; ``gateway_reference`` is the refund's."""

    type = "payment.refunded"

    payment_id: str
    order_id: str
    customer_id: str
    amount: Money
    gateway_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentVoided(DomainEvent):
    """The order ended before it was charged, and never will be."""

    type = "payment.voided"

    payment_id: str
    order_id: str
    customer_id: str
