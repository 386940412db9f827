"""PUT /api/v1/users/{user_id}/roles — give somebody other roles."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.domain.account import Account
from shared.identity.http.account_views import AccountView, account_reply
from shared.identity.http.change_roles import RolesBody
from shared.identity.http.parameters import checked_user, giver
from shared.identity.use_cases.change_roles import ChangeRoles, ChangeRolesHandler
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

app = create_app(wiring, says="User {user_id} has these roles from the next request on.")


@app.put(
    "/api/v1/users/{user_id}/roles",
    dependencies=[require_permission(Permission.USER_ADMIN), require_recent_login(minutes=15)],
)
async def endpoint(
    user_id: str,
    body: RolesBody,
    user: CurrentUser,
    versions: IfMatch,
    change_roles: Inject[ChangeRolesHandler],
) -> Reply[AccountView]:
    command = ChangeRoles(
        user_id=checked_user(user_id),
        roles=tuple(body.roles),
        by=giver(user),
        versions=versions,
    )
    return account_reply(execute(change_roles, command, returns=Account))


handler = lambda_handler(app)
