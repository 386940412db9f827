"""Tell a user what happened, on every channel."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.kernel.email import Email
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.delivery import reference_of
from shared.notifications.domain.errors import ContactUnknown
from shared.notifications.domain.messages import message_about
from shared.notifications.domain.notification import Notification
from shared.notifications.domain.occasions import Occasion, OrderMoment
from shared.notifications.ports import (
    Channel,
    DeliveryFailed,
    DeliveryImpossible,
    NotificationsUnitOfWork,
)

MAILBOX_IS_FULL = "more than a mailbox gets in a day"


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
    """Records that it is about to send, sends, and records what came of it.

    What a channel refuses is tried again (`DeliveryFailed`), and so is what nobody knows the end
    of, as far as its kind promises (`DeliveryUnclear`, then `NotYet` until that can be said). What
    an order was is not told any more once its customer was told what it is. A mailbox gets so many
    mails a day and no more: what is beyond is on record, and not sent later either.
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
            if is_past:
                self._withdraw(uow, known.notification)
            else:
                self._tell(uow, command, contact, known.notification)
            uow.commit()

    def _withdraw(self, uow: NotificationsUnitOfWork, notification: Notification | None) -> None:
        """Let what is not sent yet be."""
        if notification is not None:
            notification.withdraw(now=self.clock.now())
            uow.notifications.save(notification)

    def _tell(
        self,
        uow: NotificationsUnitOfWork,
        command: Notify,
        contact: Contact,
        known: Notification | None,
    ) -> None:
        notification = known or self._due(command, contact)
        refusal = None
        if due := notification.begin(now=self.clock.now()):
            uow.notifications.save(notification)
            if command.moment is not None:
                uow.notifications.note_told(command.moment)
            uow.checkpoint()
            refusal = self._try(notification, due, contact)
        uow.notifications.save(notification)
        if refusal is not None:
            uow.checkpoint()
            raise refusal

    def _new_contact(self, command: Notify) -> Contact:
        known = command.registration
        if known is None:
            raise ContactUnknown(details={"id": command.user_id})
        return Contact.record(command.user_id, name=known.name, email=known.email)

    def _due(self, command: Notify, contact: Contact) -> Notification:
        kind, text = message_about(command.occasion)
        return Notification.due(
            command.event_id,
            user_id=command.user_id,
            kind=kind,
            text=text,
            channels=[each.name for each in self.channels if each.serves(contact)],
            now=self.clock.now(),
        )

    def _try(
        self, notification: Notification, due: Sequence[str], contact: Contact
    ) -> DeliveryFailed | None:
        """Try the channels that are *due*, each whatever becomes of the others."""
        refusal = None
        reference = reference_of(notification.id)
        for channel in self.channels:
            if channel.name not in due:
                continue
            if notification.is_first(channel.name) and not channel.has_room(
                notification.kind, contact
            ):
                notification.failed(channel.name, MAILBOX_IS_FULL)
                continue
            try:
                channel.send(
                    notification.text, kind=notification.kind, to=contact, reference=reference
                )
            except DeliveryFailed as error:
                refusal = error
                notification.refused(channel.name, str(error))
            except DeliveryImpossible as error:
                notification.failed(channel.name, str(error))
            else:
                notification.sent(channel.name)
        notification.conclude()
        return refusal
