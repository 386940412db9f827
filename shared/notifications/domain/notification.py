"""A notification to a customer, and which way it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from shared.kernel.aggregate import Aggregate
from shared.notifications.domain.delivery import Delivery, DeliveryStatus, Promise, under_way
from shared.notifications.domain.notification_events import (
    NotificationAttempted,
    NotificationRefused,
    NotificationSent,
    NotificationUndelivered,
    Outcome,
)


class Kind(StrEnum):
    """Occasions for telling somebody something; the last one is for sales alone."""

    WELCOME = "welcome"
    ORDER_COMPLETED = "order_completed"
    ORDER_FAILED = "order_failed"
    ORDER_CANCELLED = "order_cancelled"
    LARGE_ORDER = "large_order"

    @property
    def promise(self) -> Promise:
        """What is kept where nobody can tell whether it went out; every kind declares it."""
        return _PROMISES[self]


_PROMISES = {
    Kind.WELCOME: Promise.MUST_NOT_REPEAT,  # nobody waits for it
    Kind.ORDER_COMPLETED: Promise.MUST_ARRIVE,
    Kind.ORDER_FAILED: Promise.MUST_ARRIVE,
    Kind.ORDER_CANCELLED: Promise.MUST_ARRIVE,
    Kind.LARGE_ORDER: Promise.MUST_ARRIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A subject of one line, and plain text."""

    subject: str
    body: str


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
    def due(
        cls,
        id: str,
        *,
        user_id: str,
        kind: Kind,
        text: Text,
        channels: Sequence[str],
        now: datetime,
    ) -> Self:
        """Return what is to be delivered on *channels*; it is on record from `begin` on."""
        deliveries = [Delivery(channel=each) for each in channels]
        return cls(
            id, user_id=user_id, kind=kind, text=text, deliveries=deliveries, created_at=now
        )

    @property
    def is_over(self) -> bool:
        """Whether every channel's delivery has come to its end."""
        return all(each.is_over for each in self.deliveries)

    def begin(self, *, now: datetime) -> list[str]:
        """Return the channels that are to be tried now, once this is on record.

        None if it is over; `NotYet` while nobody can tell how the attempt before has ended.
        """
        before = self.deliveries
        self.deliveries = tuple(each.begun(self.kind.promise, now=now) for each in before)
        for old, new in zip(before, self.deliveries, strict=True):
            if old != new and new.is_over:
                self._undelivered(new, "nobody can tell whether it was sent")
        channels = [each.channel for each in under_way(self.deliveries)]
        if channels:
            self._record(
                NotificationAttempted(
                    notification_id=self.id,
                    user_id=self.user_id,
                    kind=self.kind,
                    channels=channels,
                )
            )
        elif self.deliveries != before:
            self.conclude()
        return channels

    def is_first(self, channel: str) -> bool:
        """Tell whether the attempt on *channel* that is under way is its first."""
        return any(each.channel == channel and each.attempt == 1 for each in self.deliveries)

    def withdraw(self, *, now: datetime) -> None:
        """Let what is not sent yet be: its reader knows better by now."""
        before = self.deliveries
        self.deliveries = tuple(each.withdrawn(now=now) for each in before)
        if self.deliveries != before:
            self.conclude()

    def sent(self, channel: str) -> None:
        """The channel has taken it."""
        self._end(channel, DeliveryStatus.SENT)

    def refused(self, channel: str, reason: str) -> None:
        """The channel has not taken it this time."""
        self._end(channel, DeliveryStatus.DUE)
        self._record(
            NotificationRefused(
                notification_id=self.id,
                user_id=self.user_id,
                kind=self.kind,
                channel=channel,
                reason=reason,
            )
        )

    def failed(self, channel: str, reason: str) -> None:
        """The channel will never take it."""
        self._undelivered(self._end(channel, DeliveryStatus.FAILED), reason)

    def conclude(self) -> None:
        """Say what has come of it, if every channel is at its end."""
        if not self.is_over:
            return
        outcomes = [
            Outcome(channel=each.channel, status="sent" if each.is_sent else "failed")
            for each in self.deliveries
        ]
        self._record(
            NotificationSent(
                notification_id=self.id, user_id=self.user_id, kind=self.kind, channels=outcomes
            )
        )

    def _end(self, channel: str, status: DeliveryStatus) -> Delivery:
        ended = {
            each.channel: each.ended(status) for each in self.deliveries if each.channel == channel
        }
        self.deliveries = tuple(ended.get(each.channel, each) for each in self.deliveries)
        return ended[channel]

    def _undelivered(self, delivery: Delivery, reason: str) -> None:
        self._record(
            NotificationUndelivered(
                notification_id=self.id,
                user_id=self.user_id,
                kind=self.kind,
                channel=delivery.channel,
                status=delivery.status,
                reason=reason,
            )
        )
