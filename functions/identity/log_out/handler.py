"""POST /api/v1/auth/logout — end the session one is in, by its access or refresh token."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.log_out import LogOutBody
from shared.identity.http.session_views import SessionIdView
from shared.identity.use_cases.log_out import LoggedOut, LogOut, LogOutHandler
from shared.platform.access.security import OptionalUser, public
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="You are logged out.", secret_body=True)


@app.post("/api/v1/auth/logout", dependencies=[public])
async def endpoint(
    user: OptionalUser, log_out: Inject[LogOutHandler], body: LogOutBody | None = None
) -> Reply[SessionIdView]:
    command = LogOut(
        user_id=user.id if user else None,
        session_id=user.session_id if user else None,
        refresh_token=body.token if body else None,
    )
    session = execute(log_out, command, returns=LoggedOut)
    return Reply(SessionIdView(id=session.session_id))


handler = lambda_handler(app)
