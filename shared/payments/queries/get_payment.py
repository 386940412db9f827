"""What became of the money of one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.ids import is_id
from shared.kernel.money import Money
from shared.payments.domain.errors import PaymentNotFound
from shared.payments.domain.payment import Payment, PaymentStatus
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as its reader sees it; the amounts are ``None`` for a voided one."""

    order_id: str
    payment_id: str
    status: str
    amount: Money | None
    refunded: Money | None
    net: Money | None
    failure_reason: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "PaymentView":
        """Return the view of a state item."""
        amount: Money | None = None
        refunded: Money | None = None
        net: Money | None = None
        if item["amount"] is not None:
            amount = Money(item["amount"], item["currency"])
            zero = Money.zero(amount.currency)
            captured = item["status"] in (PaymentStatus.SUCCEEDED, PaymentStatus.REFUNDED)
            refunded = amount if item["status"] == PaymentStatus.REFUNDED else zero
            net = (amount if captured else zero) - refunded
        return cls(
            order_id=item["order_id"],
            payment_id=item["order_id"],
            status=item["status"],
            amount=amount,
            refunded=refunded,
            net=net,
            failure_reason=item["failure_reason"],
            created_at=item["created_at"],
            updated_at=item["updated_at"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPayment:
    """Reads one payment by its key: one consistent ``GetItem``."""

    client: "DynamoDBClient"
    table: str

    def __call__(self, order_id: str, *, owner: str | None) -> PaymentView:
        """Return the payment of an order; `PaymentNotFound` if it has none.

        With an *owner*, a payment of anybody else looks like none.
        """
        item = None
        if is_id(order_id):
            key = {"PK": partition(Payment.aggregate_type, order_id), "SK": STATE}
            with repository_call("get", "Payment"):
                item = get_item(self.client, self.table, key)
        if item is None:
            raise PaymentNotFound(order_id)
        if owner is not None and item["customer_id"] != owner:
            raise PaymentNotFound(order_id).hiding()
        return PaymentView.of(item)
