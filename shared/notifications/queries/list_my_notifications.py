"""What a user was told, in the order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.paging import Page, PageRequest
from shared.notifications.queries.keys import INDEX, user_partition
from shared.platform.dynamodb.cursors import scope_of
from shared.platform.dynamodb.paging import Listing, Pager


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

    def __call__(
        self, user_id: str, asked: PageRequest, *, newest_first: bool = True
    ) -> Page[NotificationView]:
        """Return the page; `InvalidCursor` for a cursor of another list or another user."""
        listing = Listing(
            condition="GSI1PK = :user",
            values={":user": user_partition(user_id)},
            keys=("PK", "SK", "GSI1PK", "GSI1SK"),
            scope=scope_of("notifications", {"newest_first": newest_first}, principal=user_id),
            index=INDEX,
            descending=newest_first,
        )
        return self.pager.page(listing, asked).map(NotificationView.of)
