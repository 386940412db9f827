"""DELETE /api/v1/users/me/sessions/{session_id} — end one of the caller's sessions."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.parameters import checked_session
from shared.identity.http.session_views import SessionIdView
from shared.identity.use_cases.end_session import EndedSession, EndSession, EndSessionHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission, require_recent_login
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Session {session_id} has ended.")


@app.delete(
    "/api/v1/users/me/sessions/{session_id}",
    dependencies=[require_permission(Permission.SESSION_END), require_recent_login(minutes=15)],
)
async def endpoint(
    session_id: str, user: OwnerOnly, end_session: Inject[EndSessionHandler]
) -> Reply[SessionIdView]:
    command = EndSession(user_id=user.id, session_id=checked_session(session_id))
    session = execute(end_session, command, returns=EndedSession)
    return Reply(SessionIdView(id=session.session_id))


handler = lambda_handler(app)
