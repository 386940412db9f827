"""One channel's way to deliver one message, and what can be promised of it.

Providers know no idempotency key, so "never lost" and "never twice" exclude each other: where
nobody can tell whether a message went out, its kind says which of the two is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.kernel.errors import NotYet

UNCLEAR_FOR = timedelta(minutes=15)
"""So long an attempt of which nothing is known is waited for: it may be under way elsewhere."""


class Promise(StrEnum):
    """What is kept where only one of the two can be."""

    MUST_ARRIVE = "must_arrive"
    """It is never lost. It may come twice, with the same reference."""
    MUST_NOT_REPEAT = "must_not_repeat"
    """It never comes twice. It may be lost, and then that is on record."""


class DeliveryStatus(StrEnum):
    """How far a delivery has come; all but the first two are final."""

    DUE = "due"
    """Not tried yet, or refused for now."""
    SENDING = "sending"
    """An attempt has begun, and nothing is known of its end."""
    SENT = "sent"
    FAILED = "failed"
    """The channel will never take it, such as for an address that cannot exist."""
    UNKNOWN = "unknown"
    """It may have gone out, and is not sent again."""
    WITHDRAWN = "withdrawn"
    """It was not sent before its news were over."""


OVER = frozenset(DeliveryStatus) - {DeliveryStatus.DUE, DeliveryStatus.SENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One channel's attempts; ``until`` is when one that is ``sending`` is given up."""

    channel: str
    status: DeliveryStatus = DeliveryStatus.DUE
    attempt: int = 0
    until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens here."""
        return self.status in OVER

    @property
    def is_sent(self) -> bool:
        """Whether the channel has taken it."""
        return self.status is DeliveryStatus.SENT

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was to arrive, and nobody knows that it did."""
        return self.status in (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)

    def begun(self, promise: Promise, *, now: datetime) -> "Delivery":
        """Return it with one more attempt under way, if one is due; `NotYet` if that is unclear.

        An attempt without an end is waited for, and then *promise* says whether there is another.
        """
        if self.is_over:
            return self
        if self.status is DeliveryStatus.SENDING:
            self._wait(now)
            if promise is Promise.MUST_NOT_REPEAT:
                return self.ended(DeliveryStatus.UNKNOWN)
        return replace(
            self,
            status=DeliveryStatus.SENDING,
            attempt=self.attempt + 1,
            until=now + UNCLEAR_FOR,
        )

    def withdrawn(self, *, now: datetime) -> "Delivery":
        """Return it at its end without another attempt; `NotYet` while one is under way."""
        if self.is_over:
            return self
        if self.status is DeliveryStatus.SENDING:
            self._wait(now)
        return self.ended(DeliveryStatus.WITHDRAWN)

    def _wait(self, now: datetime) -> None:
        if self.until is not None and now < self.until:
            raise NotYet((self.until - now).total_seconds())

    def ended(self, status: DeliveryStatus) -> "Delivery":
        """Return it with its attempt at an end."""
        return replace(self, status=status, until=None)


def reference_of(id: str) -> str:
    """Return what a message that may come twice is called in its subject, both times."""
    return id.replace("-", "")[-8:].upper()


def under_way(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return those with an attempt under way."""
    return [each for each in deliveries if each.status is DeliveryStatus.SENDING]
