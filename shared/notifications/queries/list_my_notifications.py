"""What a user was told, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.paging import Page, PageRequest
from shared.platform.cursors import scope_of
from shared.platform.dynamodb.paging import Listing, Pager

INDEX = "GSI1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationView:
    """A notification as its reader sees it; ``channels`` are (name, status)."""

    id: str
    kind: str
    subject: str
    body: str
    channels: Sequence[tuple[str, str]]
    created_at: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "NotificationView":
        """Return the view of a state item."""
        return cls(
            id=item["id"],
            kind=item["kind"],
            subject=item["subject"],
            body=item["body"],
            channels=[(each["channel"], each["status"]) for each in item["channels"]],
            created_at=item["created_at"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMyNotifications:
    """Reads one page of a user's notifications: one ``Query`` of the index."""

    pager: Pager

    def __call__(self, user_id: str, asked: PageRequest) -> Page[NotificationView]:
        """Return the page; `InvalidCursor` for a cursor of another list or another user."""
        listing = Listing(
            condition="GSI1PK = :user",
            values={":user": user_partition(user_id)},
            keys=("PK", "SK", "GSI1PK", "GSI1SK"),
            scope=scope_of("notifications", {}, principal=user_id),
            index=INDEX,
            descending=True,
        )
        return self.pager.page(listing, asked).map(NotificationView.of)


def user_partition(user_id: str) -> str:
    """Return the index's partition key of a user's notifications."""
    return f"USER#{user_id}"
