"""What the payments use cases need from outside."""

from typing import Protocol

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
