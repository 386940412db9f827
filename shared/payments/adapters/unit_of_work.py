"""Payments in DynamoDB."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import from_iso, to_iso
from shared.kernel.money import Money
from shared.kernel.result import Failure, Result, Success
from shared.payments.domain.gateway import Charge, Declined, Refund
from shared.payments.domain.payment import Payment
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork


class DynamoPayments(DynamoRepository[Payment]):
    """Payments as items."""

    aggregate_class = Payment

    def to_item(self, aggregate: Payment) -> Item:
        charge = decline = None
        match aggregate.outcome:
            case Success(captured):
                charge = captured.reference
            case Failure(declined):
                decline = declined
        return {
            "order_id": aggregate.id,
            "customer_id": aggregate.customer_id,
            "status": str(aggregate.status),
            "amount": aggregate.amount.amount if aggregate.amount else None,
            "currency": aggregate.amount.currency if aggregate.amount else None,
            "charge_reference": charge,
            "refund_reference": aggregate.refunded.reference if aggregate.refunded else None,
            "failure_reason": decline.reason if decline else None,
            "failure_message": decline.message if decline else None,
            "created_at": to_iso(aggregate.created_at),
            "updated_at": to_iso(aggregate.updated_at),
        }

    def from_item(self, item: Mapping[str, Any]) -> Payment:
        refund = item["refund_reference"]
        return Payment(
            item["order_id"],
            customer_id=item["customer_id"],
            amount=None if item["amount"] is None else Money(item["amount"], item["currency"]),
            outcome=_outcome(item),
            refunded=Refund(reference=refund) if refund else None,
            created_at=from_iso(item["created_at"]),
            updated_at=from_iso(item["updated_at"]),
            version=item["version"],
        )


def _outcome(item: Mapping[str, Any]) -> Result[Charge, Declined] | None:
    if item["charge_reference"]:
        return Success(Charge(reference=item["charge_reference"]))
    if item["failure_reason"]:
        declined = Declined(reason=item["failure_reason"], message=item["failure_message"])
        return Failure(declined)
    return None


class DynamoPaymentsUnitOfWork(DynamoUnitOfWork):
    """The payments' unit of work."""

    @property
    def payments(self) -> DynamoPayments:
        """The payments."""
        return DynamoPayments(self)
