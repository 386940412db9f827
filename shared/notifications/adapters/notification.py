"""How a notification looks in the table, where its index lists a user's in the order of time."""

from collections.abc import Mapping
from typing import Any

from shared.notifications.ports import NotificationView

INDEX = "GSI1"
TOLD = "TOLD"


def user_partition(user_id: str) -> str:
    """Return the index's partition key of a user's notifications."""
    return f"USER#{user_id}"


def told_key(order_id: str) -> dict[str, str]:
    """Return the key of how far an order's customer has been told of it."""
    return {"PK": f"{TOLD}#{order_id}", "SK": TOLD}


def view_of(item: Mapping[str, Any]) -> NotificationView:
    """Return the view of a state item."""
    return NotificationView(
        id=item["id"],
        kind=item["kind"],
        subject=item["subject"],
        body=item["body"],
        channels=[(each["channel"], each["status"]) for each in item["channels"]],
        created_at=item["created_at"],
    )
