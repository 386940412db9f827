"""GET /api/v1/notifications — list the caller's notifications, newest first."""

from shared.platform.http.app import create_app, lambda_handler
from shared.notifications import wiring
from shared.notifications.http.parameters import NotificationsPage, newest_first
from shared.notifications.http.views import NotificationBody, NotificationPage
from shared.notifications.queries.list_my_notifications import (
    ListMyNotifications,
    ListMyNotificationsHandler,
)
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Reply

app = create_app(wiring, says="{count:notification|notifications} found.")


@app.get("/api/v1/notifications", dependencies=[require_permission(Permission.NOTIFICATION_READ)])
async def endpoint(
    user: OwnerOnly,
    asked: NotificationsPage,
    list_my_notifications: Inject[ListMyNotificationsHandler],
) -> Reply[NotificationPage]:
    query = ListMyNotifications(user_id=user.id, page=asked, newest_first=newest_first(asked))
    return page_reply(list_my_notifications(query).map(NotificationBody.of), asked)


handler = lambda_handler(app)
