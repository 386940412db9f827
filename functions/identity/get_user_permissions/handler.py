"""GET /api/v1/users/{user_id}/permissions — show what somebody may do, and what it comes from."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.get_user_permissions import UserPermissionsView, permissions_reply
from shared.identity.http.parameters import checked_user
from shared.identity.queries.get_user_permissions import (
    GetUserPermissions,
    GetUserPermissionsHandler,
)
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is what user {user_id} may do.")


@app.get(
    "/api/v1/users/{user_id}/permissions",
    dependencies=[require_permission(Permission.USER_ADMIN)],
)
async def endpoint(
    user_id: str, get_user_permissions: Inject[GetUserPermissionsHandler]
) -> Reply[UserPermissionsView]:
    query = GetUserPermissions(user_id=checked_user(user_id))
    return permissions_reply(get_user_permissions(query))


handler = lambda_handler(app)
