"""Orders over HTTP: bodies, views and entity tags."""

from typing import Annotated, Any

from pydantic import Field

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.kernel.ids import is_id
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.order_line import MAX_LINES, MAX_QUANTITY
from shared.orders.use_cases.place_order import PlaceOrder, WantedProduct
from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or
from shared.platform.http.models import Body, View
from shared.platform.http.reply import Reply
from shared.platform.http.text import Text

_EXAMPLE_ID = "019a5b1e-6d00-7c3f-8a51-3f2f6c1d9b04"

OrderReach = Annotated[Reach, owner_or(Permission.ORDER_ADMIN)]
"""Whose orders the caller may touch."""


class WantedBody(Body):
    """A product and how many pieces of it."""

    product_id: str = Field(min_length=1, max_length=100, examples=[_EXAMPLE_ID])
    quantity: int = Field(ge=1, le=MAX_QUANTITY, examples=[2])


class PlaceOrderBody(Body):
    """What to order; lines with the same product become one."""

    lines: list[WantedBody] = Field(min_length=1, max_length=MAX_LINES)
    # A token that the payment gateway gave out, of a form that no card number has.
    payment_method: str = Field(
        pattern=r"^[a-z]{2,10}_[A-Za-z0-9_]{1,100}$", examples=["pm_card_visa"]
    )

    def to_command(self, customer_id: str) -> PlaceOrder:
        """Return the command; `ValidationFailed` when merged quantities exceed the limit."""
        wanted = [WantedProduct(**line.model_dump()) for line in self.lines]
        return PlaceOrder(
            customer_id=customer_id, wanted=wanted, payment_method=self.payment_method
        )


class CancelOrderBody(Body):
    """Why the order is called off."""

    reason: Text | None = Field(default=None, max_length=200, examples=["Ordered by mistake."])


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
    payment_method: str
    failure: FailureView | None
    placed_at: str
    updated_at: str
    version: int

    @classmethod
    def of(cls, details: OrderDetails) -> "OrderView":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())


class OrderEventView(View):
    """Something that happened to an order; ``actor`` is a user's id or a service's name."""

    id: str
    type: str
    version: int
    occurred_at: str
    actor: str | None
    data: dict[str, Any]

    @classmethod
    def of(cls, event: EventEnvelope) -> "OrderEventView":
        """Return the view of *event*."""
        return cls(
            id=event.id,
            type=event.type,
            version=event.version,
            occurred_at=to_iso(event.occurred_at),
            actor=event.context.actor,
            data=dict(event.data),
        )


def order_reply(details: OrderDetails, **options: Any) -> Reply[OrderView]:
    """Return *details* with the entity tag of their version."""
    headers = {"etag": f'"{details.version}"', **options.pop("headers", {})}
    return Reply(OrderView.of(details), headers=headers, **options)


def known_form(order_id: str) -> str:
    """Return *order_id*; `OrderNotFound` for what cannot be the id of anything."""
    if not is_id(order_id):
        raise OrderNotFound(order_id)
    return order_id
