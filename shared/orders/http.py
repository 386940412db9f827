"""Orders over HTTP: bodies, views and entity tags."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.kernel.ids import is_id
from shared.kernel.paging import PageRequest
from shared.kernel.specification import Specification
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.filters import wanted_orders
from shared.orders.domain.order_line import MAX_LINES, MAX_QUANTITY
from shared.orders.domain.status import OrderStatus
from shared.orders.queries.list_my_orders import ListMyOrders
from shared.orders.use_cases.place_order import PlaceOrder, WantedProduct
from shared.platform.pagination import only_by_cursor
from shared.platform.permissions import Permission
from shared.platform.reply import Reply
from shared.platform.security import Reach, owner_or
from shared.platform.text import Text

_STRICT = ConfigDict(strict=True, extra="forbid")
_EXAMPLE_ID = "019a5b1e-6d00-7c3f-8a51-3f2f6c1d9b04"

OrderReach = Annotated[Reach, owner_or(Permission.ORDER_ADMIN)]
"""Whose orders the caller may touch."""


class WantedBody(BaseModel):
    """A product and how many pieces of it."""

    model_config = _STRICT

    product_id: str = Field(min_length=1, max_length=100, examples=[_EXAMPLE_ID])
    quantity: int = Field(ge=1, le=MAX_QUANTITY, examples=[2])


class PlaceOrderBody(BaseModel):
    """What to order; lines with the same product become one."""

    model_config = _STRICT

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


class CancelOrderBody(BaseModel):
    """Why the order is called off."""

    model_config = _STRICT

    reason: Text | None = Field(default=None, max_length=200, examples=["Ordered by mistake."])


class MoneyView(BaseModel):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    amount: int
    currency: str


class LineView(BaseModel):
    """A line of an order, at the price of its placing."""

    product_id: str
    mnemonic: str
    quantity: int
    unit_price: MoneyView
    total: MoneyView


class ShortageView(BaseModel):
    """How much of a product was missing."""

    product_id: str
    mnemonic: str | None = None
    requested: int
    available: int
    short: int


class FailureView(BaseModel):
    """Why an order failed: a code, a sentence, and what was short if that was it."""

    reason: str
    message: str
    shortages: list[ShortageView]


class OrderView(BaseModel):
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


class OrderEventView(BaseModel):
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


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC, which is meant where no time zone is named."""
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        msg = "no moment that UTC can name"
        raise ValueError(msg) from None


_Moment = Annotated[datetime, AfterValidator(_in_utc)]
_STATUS = "|".join(OrderStatus)
_STATUSES = f"^({_STATUS})(,({_STATUS}))*$"


async def _wanted_orders(
    status: Annotated[
        str | None, Query(pattern=_STATUSES, max_length=200, examples=["pending,paid"])
    ] = None,
    placed_from: Annotated[_Moment | None, Query(examples=["2026-01-01T00:00:00Z"])] = None,
    placed_before: Annotated[_Moment | None, Query(examples=["2026-02-01T00:00:00Z"])] = None,
) -> Specification[Any] | None:
    statuses = [OrderStatus(each) for each in status.split(",")] if status else ()
    return wanted_orders(statuses, placed_from, placed_before)


WantedOrders = Annotated[Specification[Any] | None, Depends(_wanted_orders)]


def my_orders(
    customer_id: str, page: PageRequest, where: Specification[Any] | None
) -> ListMyOrders:
    """Return the query; `ValidationFailed` for a total of what nobody counts."""
    if where is not None:
        only_by_cursor(page, because="Filtered orders are not counted")
    return ListMyOrders(customer_id=customer_id, page=page, where=where)
