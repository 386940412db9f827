"""A user's notifications, in the order of time."""

from dataclasses import dataclass

from shared.kernel.paging import Page, PageRequest
from shared.notifications.ports import NotificationReader, NotificationView


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMyNotifications:
    """Ask for a page of a user's notifications."""

    user_id: str
    page: PageRequest
    newest_first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMyNotificationsHandler:
    """Lists notifications."""

    notifications: NotificationReader

    def __call__(self, query: ListMyNotifications) -> Page[NotificationView]:
        """Return the page; `InvalidCursor` for a cursor of another list or another user."""
        return self.notifications.page(
            query.page, user_id=query.user_id, newest_first=query.newest_first
        )
