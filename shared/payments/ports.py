"""What the payments' use cases and queries need from outside."""

from dataclasses import dataclass
from typing import Protocol

from shared.kernel.money import Money
from shared.kernel.result import Result
from shared.kernel.unit_of_work import UnitOfWork
from shared.payments.domain.gateway import Charge, ChargeRequest, Declined, Refund
from shared.payments.domain.payment import Payment


class GatewayUnavailable(Exception):
    """The gateway gave no answer: it may have acted or not. Asking again is safe and tells."""


class PaymentGateway(Protocol):
    """Moves money. Every call may be repeated: the same key has the same effect, once.

    Raises `GatewayUnavailable` when the outcome is not known.
    """

    def charge(self, request: ChargeRequest) -> Result[Charge, Declined]:
        """Capture the money, at most once per key; a repetition gets the first answer."""
        ...

    def refund(self, key: str) -> Refund:
        """Give back all that was captured under *key*; ``LookupError`` if nothing was."""
        ...

    def cancel(self, key: str) -> None:
        """Give back whatever was captured under *key*; from now on it captures nothing."""
        ...


class Payments(Protocol):
    """The payments of a unit of work."""

    def find(self, aggregate_id: str) -> Payment | None:
        """Return the payment of an order, read consistently."""
        ...

    def save(self, aggregate: Payment) -> None:
        """Have the unit of work commit the payment."""
        ...


class PaymentsUnitOfWork(UnitOfWork, Protocol):
    """What a payments use case changes."""

    @property
    def payments(self) -> Payments:
        """The payments."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as its reader sees it; the amounts are ``None`` for a voided one."""

    order_id: str
    payment_id: str
    customer_id: str
    status: str
    amount: Money | None
    refunded: Money | None
    net: Money | None
    failure_reason: str | None
    created_at: str
    updated_at: str


class PaymentReader(Protocol):
    """Reads payments for showing them."""

    def find(self, order_id: str) -> PaymentView | None:
        """Return the payment of an order as it is now, or ``None``."""
        ...
