"""PUT /api/v1/users/{user_id}/permissions/{permission} — have somebody hold a permission."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.domain.account import Account
from shared.identity.http.account_views import AccountView, account_reply
from shared.identity.http.parameters import checked_user, giver, known_permission
from shared.identity.use_cases.grant_permission import GrantPermission, GrantPermissionHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import (
    CurrentUser,
    require_permission,
    require_recent_login,
)
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply

app = create_app(wiring, says="User {user_id} holds {permission} from the next request on.")


@app.put(
    "/api/v1/users/{user_id}/permissions/{permission}",
    dependencies=[require_permission(Permission.USER_ADMIN), require_recent_login(minutes=15)],
)
async def endpoint(
    user_id: str,
    permission: str,
    user: CurrentUser,
    versions: IfMatch,
    grant_permission: Inject[GrantPermissionHandler],
) -> Reply[AccountView]:
    command = GrantPermission(
        user_id=checked_user(user_id),
        permission=known_permission(permission),
        by=giver(user),
        versions=versions,
    )
    return account_reply(execute(grant_permission, command, returns=Account))


handler = lambda_handler(app)
