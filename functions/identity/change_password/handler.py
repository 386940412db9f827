"""POST /api/v1/users/me/password — give oneself another password, and end all other sessions."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.change_password import (
    LIMITS,
    ChangePasswordBody,
    PasswordChangedView,
)
from shared.identity.use_cases.change_password import ChangedPassword, ChangePasswordHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(
    wiring,
    says="Your password is changed; you are logged out everywhere else.",
    secret_body=True,
    limits=LIMITS,
)


@app.post(
    "/api/v1/users/me/password",
    dependencies=[require_permission(Permission.CREDENTIAL_CHANGE)],
)
async def endpoint(
    body: ChangePasswordBody, user: OwnerOnly, change_password: Inject[ChangePasswordHandler]
) -> Reply[PasswordChangedView]:
    command = body.to_command(user_id=user.id, session_id=user.session_id or "")
    changed = execute(change_password, command, returns=ChangedPassword)
    return Reply(PasswordChangedView.of(changed))


handler = lambda_handler(app)
