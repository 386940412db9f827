"""Notifications without a cloud."""

from collections.abc import Collection

from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import Kind, Notification, Text
from shared.notifications.ports import DeliveryFailed
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork


class NotificationsInMemory(InMemoryUnitOfWork):
    """The notifications' unit of work."""

    @property
    def notifications(self) -> "NotificationsInMemory":
        return self

    def load(
        self, *, user_id: str, notification_id: str
    ) -> tuple[Contact | None, Notification | None]:
        contact = InMemoryRepository(self, Contact).find(user_id)
        return contact, InMemoryRepository(self, Notification).find(notification_id)

    def save_contact(self, contact: Contact) -> None:
        InMemoryRepository(self, Contact).save(contact)

    def save(self, notification: Notification) -> None:
        InMemoryRepository(self, Notification).save(notification)


class Letterbox:
    """A channel that keeps what it is given, or is out of order, or not there for some."""

    def __init__(self, name: str, *, works: bool = True, closed_for: Collection[str] = ()) -> None:
        self.name = name
        self.works = works
        self.closed_for = closed_for
        self.received: list[tuple[str, Kind, Text]] = []

    def serves(self, to: Contact) -> bool:
        return to.id not in self.closed_for

    def send(self, text: Text, *, kind: Kind, to: Contact) -> None:
        if not self.works:
            raise DeliveryFailed(self.name)
        self.received.append((to.email.address, kind, text))
