"""What happens to a notification on its way to the user."""

from dataclasses import dataclass

from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationAttempted(DomainEvent):
    """The channels are about to be tried: what follows may be unknown for a while."""

    type = "notification.attempted"

    notification_id: str
    user_id: str
    kind: str
    channels: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRefused(DomainEvent):
    """A channel has not taken it, and will be asked again."""

    type = "notification.refused"

    notification_id: str
    user_id: str
    kind: str
    channel: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationUndelivered(DomainEvent):
    """A channel will never take it (``failed``), or may have, and is not asked again."""

    type = "notification.undelivered"

    notification_id: str
    user_id: str
    kind: str
    channel: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has come of one channel: sent, or failed, which is what is not known to be sent."""

    channel: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent(DomainEvent):
    """Every channel was tried. Says not what was written: that is between us and the user."""

    type = "notification.sent"

    notification_id: str
    user_id: str
    kind: str
    channels: list[Outcome]
