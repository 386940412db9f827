"""Payments without a cloud: a gateway and a unit of work in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.kernel.ids import new_id
from shared.kernel.result import Failure, Result, Success
from shared.payments.domain.gateway import Charge, ChargeRequest, Declined, Refund
from shared.payments.domain.payment import Payment
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

DECLINED = Declined(reason="card_declined", message="The card was declined.")


class PaymentsInMemory(InMemoryUnitOfWork):
    """The payments' unit of work."""

    @property
    def payments(self) -> InMemoryRepository[Payment]:
        return InMemoryRepository(self, Payment)


@dataclass
class Entry:
    """Everything that happened under one key."""

    captured: int
    declined: Declined | None
    refunded: int = 0
    reference: str = field(default_factory=new_id)


class GatewayInMemory:
    """A `PaymentGateway` that declines the payment method ``declined``.

    ``meanwhile`` runs after every action at the gateway, before its answer is on the way back.
    """

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.ledger: dict[str, Entry] = {}
        self.charges_asked_for = 0
        self.meanwhile = meanwhile

    @property
    def captured(self) -> list[int]:
        """The captures, one for each key under which there was one."""
        return [entry.captured for entry in self.ledger.values() if not entry.declined]

    @property
    def net(self) -> int:
        """What was captured less what went back."""
        return sum(entry.captured - entry.refunded for entry in self.ledger.values())

    def charge(self, request: ChargeRequest) -> Result[Charge, Declined]:
        self.charges_asked_for += 1
        declined = DECLINED if request.payment_method == "declined" else None
        captured = 0 if declined else request.amount.amount
        entry = self.ledger.setdefault(request.key, Entry(captured, declined))
        self.meanwhile()
        if entry.declined:
            return Failure(entry.declined)
        return Success(Charge(reference=entry.reference))

    def refund(self, key: str) -> Refund:
        entry = self.ledger.get(key)
        if entry is None or entry.declined:
            raise LookupError(key)
        entry.refunded = entry.captured
        self.meanwhile()
        return Refund(reference=f"refund-of-{entry.reference}")

    def cancel(self, key: str) -> None:
        entry = self.ledger.setdefault(
            key, Entry(0, Declined(reason="charge_cancelled", message="Cancelled."))
        )
        entry.refunded = entry.captured
        self.meanwhile()
