"""Show the payment for an order."""

from dataclasses import dataclass

from shared.kernel.ids import is_id
from shared.payments.domain.errors import PaymentNotFound
from shared.payments.ports import PaymentReader, PaymentView


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPayment:
    """Ask for the payment of an order; with an *owner*, for theirs alone."""

    order_id: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPaymentHandler:
    """Shows payments."""

    payments: PaymentReader

    def __call__(self, query: GetPayment) -> PaymentView:
        """Return the payment; `PaymentNotFound` if there is none, or if it is somebody else's."""
        found = self.payments.find(query.order_id) if is_id(query.order_id) else None
        if found is None:
            raise PaymentNotFound(query.order_id)
        if query.owner is not None and found.customer_id != query.owner:
            raise PaymentNotFound(query.order_id).hiding()
        return found
