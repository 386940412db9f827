"""What payments shows over HTTP."""

from typing import Annotated

from pydantic import ConfigDict, Field

from shared.kernel.money import Money
from shared.payments.ports import PaymentView
from shared.platform.http.models import View

_ID = "0190a000-0000-7000-8000-0000000000b1"


class MoneyBody(View):
    """An amount in whole minor units (cents) of a currency."""

    amount: Annotated[int, Field(examples=[5990])]
    currency: Annotated[str, Field(description="ISO 4217", examples=["EUR"])]

    @classmethod
    def of(cls, money: Money | None) -> "MoneyBody | None":
        """Return the body of *money*, where there is some."""
        return None if money is None else cls(amount=money.amount, currency=money.currency)


class PaymentBody(View):
    """The payment for one order.

    ``net`` is what was captured less what went back. The amounts are ``null`` for a voided
    payment: its order ended before any money was asked for.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "order_id": _ID,
                    "payment_id": _ID,
                    "status": "succeeded",
                    "amount": {"amount": 5990, "currency": "EUR"},
                    "refunded": {"amount": 0, "currency": "EUR"},
                    "net": {"amount": 5990, "currency": "EUR"},
                    "failure_reason": None,
                    "created_at": "2026-01-01T12:00:00.000Z",
                    "updated_at": "2026-01-01T12:00:00.000Z",
                }
            ]
        }
    )

    order_id: str
    payment_id: str
    status: Annotated[str, Field(description="succeeded, failed, refunded or voided")]
    amount: MoneyBody | None
    refunded: MoneyBody | None
    net: MoneyBody | None
    failure_reason: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, view: PaymentView) -> "PaymentBody":
        """Return the body of *view*."""
        return cls(
            order_id=view.order_id,
            payment_id=view.payment_id,
            status=view.status,
            amount=MoneyBody.of(view.amount),
            refunded=MoneyBody.of(view.refunded),
            net=MoneyBody.of(view.net),
            failure_reason=view.failure_reason,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )
