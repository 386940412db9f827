"""What the API answers, as far as the tools read it; fields they do not need are passed over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Price(_Model):
    """*amount* minor units of *currency*."""

    amount: int
    currency: str


class Token(_Model):
    access_token: str
    expires_in: int
    refresh_token: str | None = None
    device_token: str | None = None


class Product(_Model):
    id: str
    mnemonic: str
    overview: str
    price: Price
    version: int


class ProductPage(_Model):
    items: Sequence[Product]
    next_cursor: str | None = None


class Stock(_Model):
    """Units of one product; available + reserved + sold = received."""

    product_id: str
    available: int
    reserved: int
    sold: int
    received: int


class OrderLine(_Model):
    product_id: str
    quantity: int
    unit_price: Price


class Failure(_Model):
    reason: str


class Order(_Model):
    id: str
    status: str
    outcome: str
    lines: Sequence[OrderLine]
    total: Price
    failure: Failure | None = None

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to it unless somebody asks."""
        return self.outcome != "in_progress"


class HistoryEvent(_Model):
    type: str
    version: int
    occurred_at: datetime
    data: dict[str, Any]


class History(_Model):
    items: Sequence[HistoryEvent]


class Payment(_Model):
    """*net* is what was captured less what was given back; None if nothing was ever asked for."""

    order_id: str
    status: str
    net: Price | None
    failure_reason: str | None = None

    @property
    def net_amount(self) -> int:
        """The net in minor units."""
        return self.net.amount if self.net else 0


class Notification(_Model):
    id: str
    kind: str
    subject: str
    body: str


class NotificationPage(_Model):
    items: Sequence[Notification]
    next_cursor: str | None = None
