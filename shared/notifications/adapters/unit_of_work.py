"""Contacts and notifications in DynamoDB."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import from_iso, to_iso
from shared.kernel.email import Email
from shared.notifications.adapters.delivery import delivery_item, delivery_of, undelivered
from shared.notifications.adapters.notification import TOLD, told_key, user_partition
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.delivery import Delivery, DeliveryStatus
from shared.notifications.domain.large_order import LargeOrder
from shared.notifications.domain.notification import Kind, Notification, Text
from shared.notifications.domain.occasions import OrderMoment
from shared.notifications.ports import Known
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, put


class DynamoContacts(DynamoRepository[Contact]):
    """Contacts as items."""

    aggregate_class = Contact

    def to_item(self, aggregate: Contact) -> Item:
        return {
            "id": aggregate.id,
            "name": aggregate.name,
            "email": aggregate.email.address,
        }

    def from_item(self, item: Mapping[str, Any]) -> Contact:
        return Contact(
            item["id"], name=item["name"], email=Email(item["email"]), version=item["version"]
        )


class DynamoNotifications(DynamoRepository[Notification]):
    """Notifications as items; the index lists a user's in the order of time."""

    aggregate_class = Notification

    def to_item(self, aggregate: Notification) -> Item:
        created_at = to_iso(aggregate.created_at)
        return {
            "GSI1PK": user_partition(aggregate.user_id),
            "GSI1SK": f"{created_at}#{aggregate.id}",
            "id": aggregate.id,
            "user_id": aggregate.user_id,
            "kind": str(aggregate.kind),
            "subject": aggregate.text.subject,
            "body": aggregate.text.body,
            "channels": [delivery_item(each) for each in aggregate.deliveries],
            "created_at": created_at,
        }

    def from_item(self, item: Mapping[str, Any]) -> Notification:
        return Notification(
            item["id"],
            user_id=item["user_id"],
            kind=Kind(item["kind"]),
            text=Text(subject=item["subject"], body=item["body"]),
            deliveries=[delivery_of(each) for each in item["channels"]],
            created_at=from_iso(item["created_at"]),
            version=item["version"],
        )


class DynamoLargeOrders(DynamoRepository[LargeOrder]):
    """Large orders as items: that sales was notified is all there is to know."""

    aggregate_class = LargeOrder

    def to_item(self, aggregate: LargeOrder) -> Item:
        return {
            "id": aggregate.id,
            "customer_id": aggregate.customer_id,
            "delivery": delivery_item(aggregate.delivery),
        }

    def from_item(self, item: Mapping[str, Any]) -> LargeOrder:
        # An earlier release kept those only that sales had heard of.
        told = Delivery(channel="email", status=DeliveryStatus.SENT)
        return LargeOrder(
            item["id"],
            customer_id=item["customer_id"],
            delivery=delivery_of(item["delivery"]) if "delivery" in item else told,
            version=item["version"],
        )

    def load(self, order_id: str) -> tuple[LargeOrder | None, int]:
        """Return the order if sales knows of it, and which version its customer knows of."""
        keys = [self._key(order_id), told_key(order_id)]
        with repository_call("load", "LargeOrder"):
            items = batch_get(self._uow.client, self._uow.table, keys)
        found = {item["SK"]: item for item in items}
        order = self.from_item(found[STATE]) if STATE in found else None
        return order, found[TOLD]["order_version"] if TOLD in found else 0


class DynamoNotificationsUnitOfWork(DynamoUnitOfWork):
    """The notifications' unit of work."""

    @property
    def notifications(self) -> "DynamoNotificationsUnitOfWork":
        """Contacts and notifications."""
        return self

    @property
    def large_orders(self) -> DynamoLargeOrders:
        """The large orders that sales was notified of."""
        return DynamoLargeOrders(self)

    def load(self, *, user_id: str, notification_id: str, order_id: str | None = None) -> Known:
        contact_key = partition(Contact.aggregate_type, user_id)
        notification_key = partition(Notification.aggregate_type, notification_id)
        keys = [{"PK": pk, "SK": STATE} for pk in (contact_key, notification_key)]
        if order_id is not None:
            keys.append(told_key(order_id))
        with repository_call("load", "Notification"):
            items = batch_get(self.client, self.table, keys)
        found = {item["PK"]: item for item in items}
        contact, notification = found.get(contact_key), found.get(notification_key)
        told = found.get(told_key(order_id)["PK"]) if order_id else None
        return Known(
            contact=DynamoContacts(self).from_item(contact) if contact else None,
            notification=(
                DynamoNotifications(self).from_item(notification) if notification else None
            ),
            told=told["order_version"] if told else 0,
        )

    def note_told(self, moment: OrderMoment) -> None:
        item = {**told_key(moment.order_id), "order_version": moment.version}
        later = "attribute_not_exists(PK) OR order_version <= :version"
        self.stage(put(item, condition=later, values={":version": moment.version}))

    def save_contact(self, contact: Contact) -> None:
        DynamoContacts(self).save(contact)

    def save(self, notification: Notification) -> None:
        DynamoNotifications(self).save(notification)
        for each in notification.deliveries:
            if notification.pending_events and each.came_to_nothing:
                self.stage(undelivered(notification, each))
