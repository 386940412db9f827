"""How deliveries look in the table, where its index lists those that came to nothing."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import from_iso, to_iso
from shared.notifications.domain.delivery import Delivery, DeliveryStatus
from shared.notifications.domain.notification import Notification
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.writes import Write, put

UNDELIVERED = "UNDELIVERED"


def delivery_item(delivery: Delivery) -> Item:
    """Return a delivery as part of an item."""
    item: Item = {
        "channel": delivery.channel,
        "status": str(delivery.status),
        "attempt": delivery.attempt,
    }
    if delivery.until is not None:
        item["until"] = to_iso(delivery.until)
    return item


def delivery_of(item: Mapping[str, Any]) -> Delivery:
    """Return the delivery in an item; one of an earlier release says how it ended alone."""
    until = item.get("until")
    return Delivery(
        channel=item["channel"],
        status=DeliveryStatus(item["status"]),
        attempt=item.get("attempt", 1),
        until=from_iso(until) if until else None,
    )


def undelivered(notification: Notification, delivery: Delivery) -> Write:
    """List what came to nothing for the person on call; without name, address and text."""
    created_at = to_iso(notification.created_at)
    return put(
        {
            "PK": f"{UNDELIVERED}#{notification.id}#{delivery.channel}",
            "SK": UNDELIVERED,
            "GSI1PK": UNDELIVERED,
            "GSI1SK": f"{created_at}#{notification.id}",
            "id": notification.id,
            "user_id": notification.user_id,
            "kind": str(notification.kind),
            "channel": delivery.channel,
            "status": str(delivery.status),
            "created_at": created_at,
        },
        condition=None,
    )
