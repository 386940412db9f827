"""What the notifications' use cases and queries need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shared.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from shared.kernel.paging import Page, PageRequest
    from shared.notifications.domain.contact import Contact
    from shared.notifications.domain.large_order import LargeOrder
    from shared.notifications.domain.notification import Kind, Notification, Text
    from shared.notifications.domain.occasions import OrderMoment


class DeliveryFailed(Exception):
    """The channel has not taken the message this time; it is worth asking again."""


class DeliveryImpossible(Exception):
    """The channel will never take the message, such as for an address that cannot exist."""


class DeliveryUnclear(Exception):
    """Nobody can tell whether the channel has taken the message: its answer was lost."""


class Channel(Protocol):
    """One way to reach a user."""

    @property
    def name(self) -> str:
        """How records and API answers call it."""
        ...

    def serves(self, to: "Contact") -> bool:
        """Tell whether this way is open for *to* at present."""
        ...

    def has_room(self, kind: "Kind", to: "Contact") -> bool:
        """Count one more message for *to*; tell whether it is one that they still get."""
        ...

    def send(self, text: "Text", *, kind: "Kind", to: "Contact", reference: str) -> None:
        """Hand the message over; one that may come twice bears *reference* both times.

        Raises `DeliveryFailed`, `DeliveryImpossible` or `DeliveryUnclear`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a message is for, whether it is on record, and what else they were told."""

    contact: "Contact | None"
    notification: "Notification | None"
    told: int = 0
    """The version of the order that its customer was told of last; 0 for none."""


class Notifications(Protocol):
    """Contacts and notifications of a unit of work."""

    def load(self, *, user_id: str, notification_id: str, order_id: str | None = None) -> "Known":
        """Return what is known of them: one consistent read of all."""
        ...

    def note_told(self, moment: "OrderMoment") -> None:
        """Have the unit of work commit that the order's customer knows of it as of then.

        The commit is stale where they know of something later.
        """
        ...

    def save_contact(self, contact: "Contact") -> None:
        """Have the unit of work commit the contact."""
        ...

    def save(self, notification: "Notification") -> None:
        """Have the unit of work commit the notification."""
        ...


class LargeOrders(Protocol):
    """The large orders that sales was notified of."""

    def load(self, order_id: str, /) -> "tuple[LargeOrder | None, int]":
        """Return the order if sales knows of it, and which version its customer knows of.

        One consistent read; the version is 0 where they know of none.
        """
        ...

    def save(self, order: "LargeOrder", /) -> None:
        """Have the unit of work commit that sales knows."""
        ...


class SalesUnitOfWork(UnitOfWork, Protocol):
    """What telling sales changes."""

    @property
    def large_orders(self) -> LargeOrders:
        """The large orders."""
        ...


class NotificationsUnitOfWork(UnitOfWork, Protocol):
    """What a notifications use case changes."""

    @property
    def notifications(self) -> Notifications:
        """Contacts and notifications."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationView:
    """A notification as its reader sees it; ``channels`` are (name, status)."""

    id: str
    kind: str
    subject: str
    body: str
    channels: Sequence[tuple[str, str]]
    created_at: str


class NotificationReader(Protocol):
    """Reads notifications for showing them."""

    def page(
        self, asked: "PageRequest", *, user_id: str, newest_first: bool
    ) -> "Page[NotificationView]":
        """Return one page of a user's by time; its cursors are good for them alone."""
        ...
