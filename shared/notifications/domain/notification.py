"""A notification to a customer, and which way it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent


class Kind(StrEnum):
    """Occasions for telling somebody something; the last one is for sales alone."""

    WELCOME = "welcome"
    ORDER_COMPLETED = "order_completed"
    ORDER_FAILED = "order_failed"
    ORDER_CANCELLED = "order_cancelled"
    LARGE_ORDER = "large_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A subject of one line, and plain text."""

    subject: str
    body: str


class DeliveryStatus(StrEnum):
    """The result of sending a message on one channel."""

    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One channel's attempt."""

    channel: str
    status: DeliveryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent(DomainEvent):
    """Every channel was tried. Says not what was written: that is between us and the user."""

    type = "notification.sent"

    notification_id: str
    user_id: str
    kind: str
    channels: list[Delivery]


class Notification(Aggregate):
    """One notification of one user; its id is that of the event it is about."""

    aggregate_type = "Notification"

    def __init__(
        self,
        id: str,
        *,
        user_id: str,
        kind: Kind,
        text: Text,
        deliveries: Sequence[Delivery],
        created_at: datetime,
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.user_id = user_id
        self.kind = kind
        self.text = text
        self.deliveries = tuple(deliveries)
        self.created_at = created_at

    @classmethod
    def sent(
        cls,
        id: str,
        *,
        user_id: str,
        kind: Kind,
        text: Text,
        deliveries: Sequence[Delivery],
        now: datetime,
    ) -> Self:
        """Return the record of a message that every channel has tried to deliver."""
        notification = cls(
            id, user_id=user_id, kind=kind, text=text, deliveries=deliveries, created_at=now
        )
        notification._record(
            NotificationSent(
                notification_id=id, user_id=user_id, kind=kind, channels=[*deliveries]
            )
        )
        return notification
