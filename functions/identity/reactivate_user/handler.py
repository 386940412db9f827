"""POST /api/v1/users/{user_id}/reactivate — let somebody in again who was locked out."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.domain.account import Account
from shared.identity.http.account_views import AccountView, account_reply
from shared.identity.http.parameters import checked_user
from shared.identity.use_cases.reactivate_user import ReactivateUser, ReactivateUserHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission, require_recent_login
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply

app = create_app(wiring, says="User {user_id} may log in again.")


@app.post(
    "/api/v1/users/{user_id}/reactivate",
    dependencies=[require_permission(Permission.USER_ADMIN), require_recent_login(minutes=15)],
)
async def endpoint(
    user_id: str,
    versions: IfMatch,
    reactivate_user: Inject[ReactivateUserHandler],
) -> Reply[AccountView]:
    command = ReactivateUser(user_id=checked_user(user_id), versions=versions)
    return account_reply(execute(reactivate_user, command, returns=Account))


handler = lambda_handler(app)
