"""Reads notifications for showing them."""

from dataclasses import dataclass

from shared.kernel.paging import Page, PageRequest
from shared.notifications.adapters.notification import INDEX, user_partition, view_of
from shared.notifications.ports import NotificationView
from shared.platform.dynamodb.cursors import scope_of
from shared.platform.dynamodb.paging import Listing, Pager


@dataclass(frozen=True, slots=True)
class DynamoNotificationReader:
    """Shows a user's notifications: one ``Query`` of the index a page."""

    pager: Pager

    def page(
        self, asked: PageRequest, *, user_id: str, newest_first: bool
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
        return self.pager.page(listing, asked).map(view_of)
