"""Notifications without a cloud."""

from collections.abc import Collection
from math import inf

from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import Kind, Notification, Text
from shared.notifications.domain.occasions import OrderMoment
from shared.notifications.ports import Known
from tests.support.fakes.database import Database
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork


class NotificationsInMemory(InMemoryUnitOfWork):
    """The notifications' unit of work; what was told of orders is noted at once, in *told*."""

    def __init__(self, database: Database, told: dict[str, int]) -> None:
        super().__init__(database)
        self.told = told

    @property
    def notifications(self) -> "NotificationsInMemory":
        return self

    def load(self, *, user_id: str, notification_id: str, order_id: str | None = None) -> Known:
        return Known(
            contact=InMemoryRepository(self, Contact).find(user_id),
            notification=InMemoryRepository(self, Notification).find(notification_id),
            told=self.told.get(order_id or "", 0),
        )

    def note_told(self, moment: OrderMoment) -> None:
        self.told[moment.order_id] = moment.version

    def save_contact(self, contact: Contact) -> None:
        InMemoryRepository(self, Contact).save(contact)

    def save(self, notification: Notification) -> None:
        InMemoryRepository(self, Notification).save(notification)


class Letterbox:
    """A channel that keeps what it is given, or is out of order, or not there for some.

    What it *raises* it raises until that is taken away; with *keeps* after it has taken the
    message all the same. It has *room* for so many messages.
    """

    def __init__(
        self,
        name: str,
        *,
        raises: BaseException | None = None,
        keeps: bool = False,
        closed_for: Collection[str] = (),
        room: float = inf,
    ) -> None:
        self.name = name
        self.raises = raises
        self.keeps = keeps
        self.closed_for = closed_for
        self.room = room
        self.received: list[tuple[str, Kind, Text]] = []
        self.references: list[str] = []

    def serves(self, to: Contact) -> bool:
        return to.id not in self.closed_for

    def has_room(self, kind: Kind, to: Contact) -> bool:  # one for all
        self.room -= 1
        return self.room >= 0

    def send(self, text: Text, *, kind: Kind, to: Contact, reference: str) -> None:
        if self.raises is None or self.keeps:
            self.received.append((to.email.address, kind, text))
            self.references.append(reference)
        if self.raises is not None:
            raise self.raises
