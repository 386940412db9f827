"""What orders shows over HTTP, with entity tags."""

from typing import Any

from shared.orders.domain.details import OrderDetails
from shared.platform.http.models import View
from shared.platform.http.reply import Reply


class MoneyView(View):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    amount: int
    currency: str


class LineView(View):
    """A line of an order, at the price of its placing."""

    product_id: str
    mnemonic: str
    quantity: int
    unit_price: MoneyView
    total: MoneyView


class ShortageView(View):
    """How much of a product was missing."""

    product_id: str
    mnemonic: str | None = None
    requested: int
    available: int
    short: int


class FailureView(View):
    """Why an order failed: a code, a sentence, and what was short if that was it."""

    reason: str
    message: str
    shortages: list[ShortageView]


class OrderView(View):
    """An order."""

    id: str
    status: str
    outcome: str
    customer_id: str
    lines: list[LineView]
    total: MoneyView
    payment_method: str | None
    failure: FailureView | None
    placed_at: str
    updated_at: str
    version: int

    @classmethod
    def of(cls, details: OrderDetails) -> "OrderView":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())


def order_reply(details: OrderDetails, **options: Any) -> Reply[OrderView]:
    """Return *details* with the entity tag of their version."""
    headers = {"etag": f'"{details.version}"', **options.pop("headers", {})}
    return Reply(OrderView.of(details), headers=headers, **options)
