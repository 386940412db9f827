"""Tell a user what happened, on every channel."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.kernel.email import Email
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.errors import ContactUnknown
from shared.notifications.domain.messages import message_about
from shared.notifications.domain.notification import Delivery, DeliveryStatus, Notification
from shared.notifications.domain.occasions import Occasion, OrderMoment
from shared.notifications.ports import Channel, DeliveryFailed, NotificationsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Where a new user is reached."""

    name: str
    email: Email


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Tell *user_id* about *occasion*; *registration* comes with the first notification."""

    event_id: str
    user_id: str
    occasion: Occasion
    moment: OrderMoment | None = None
    """The order's, where it is about one."""
    registration: Registration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyHandler:
    """Sends, then records; what is on record is not sent again.

    A message may go out twice if the function dies between the two, and is never lost. What an
    order was is not told any more once its customer was told what it is.
    """

    uow: NotificationsUnitOfWork
    channels: Sequence[Channel]
    clock: Clock

    def __call__(self, command: Notify) -> None:
        with self.uow as uow:
            moment = command.moment
            known = uow.notifications.load(
                user_id=command.user_id,
                notification_id=command.event_id,
                order_id=moment.order_id if moment else None,
            )
            contact = known.contact
            if contact is None:
                contact = self._new_contact(command)
                uow.notifications.save_contact(contact)
            is_past = moment is not None and known.told > moment.version
            if known.notification is None and not is_past:
                uow.notifications.save(self._tell(command, contact))
                if moment is not None:
                    uow.notifications.note_told(moment)
            uow.commit()

    def _new_contact(self, command: Notify) -> Contact:
        known = command.registration
        if known is None:
            raise ContactUnknown(details={"id": command.user_id})
        return Contact.record(command.user_id, name=known.name, email=known.email)

    def _tell(self, command: Notify, contact: Contact) -> Notification:
        kind, text = message_about(command.occasion)
        deliveries = []
        for channel in self.channels:
            if not channel.serves(contact):
                continue
            status = DeliveryStatus.SENT
            try:
                channel.send(text, kind=kind, to=contact)
            except DeliveryFailed:
                status = DeliveryStatus.FAILED
            deliveries.append(Delivery(channel=channel.name, status=status))
        return Notification.sent(
            command.event_id,
            user_id=command.user_id,
            kind=kind,
            text=text,
            deliveries=deliveries,
            now=self.clock.now(),
        )
