"""Reads payments for showing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.money import Money
from shared.payments.domain.payment import Payment, PaymentStatus
from shared.payments.ports import PaymentView
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoPaymentReader:
    """Shows a payment from its state item: one consistent ``GetItem``."""

    client: "DynamoDBClient"
    table: str

    def find(self, order_id: str) -> PaymentView | None:
        """Return the payment of an order, or ``None``."""
        key = {"PK": partition(Payment.aggregate_type, order_id), "SK": STATE}
        with repository_call("get", "Payment"):
            item = get_item(self.client, self.table, key)
        return None if item is None else _view_of(item)


def _view_of(item: Mapping[str, Any]) -> PaymentView:
    amount: Money | None = None
    refunded: Money | None = None
    net: Money | None = None
    if item["amount"] is not None:
        amount = Money(item["amount"], item["currency"])
        zero = Money.zero(amount.currency)
        captured = item["status"] in (PaymentStatus.SUCCEEDED, PaymentStatus.REFUNDED)
        refunded = amount if item["status"] == PaymentStatus.REFUNDED else zero
        net = (amount if captured else zero) - refunded
    return PaymentView(
        order_id=item["order_id"],
        payment_id=item["order_id"],
        customer_id=item["customer_id"],
        status=item["status"],
        amount=amount,
        refunded=refunded,
        net=net,
        failure_reason=item["failure_reason"],
        created_at=item["created_at"],
        updated_at=item["updated_at"],
    )
