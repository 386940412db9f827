"""GET /api/v1/users/me/sessions — list where the caller is logged in."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.session_views import SessionView
from shared.identity.queries.list_sessions import ListSessions, ListSessionsHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="You have {count:session|sessions}.")


@app.get("/api/v1/users/me/sessions", dependencies=[require_permission(Permission.SESSION_READ)])
async def endpoint(
    user: OwnerOnly, list_sessions: Inject[ListSessionsHandler]
) -> Reply[list[SessionView]]:
    found = list_sessions(ListSessions(user_id=user.id))
    views = [SessionView.of(each, current_id=user.session_id) for each in found]
    return Reply(views, values={"count": len(views)})


handler = lambda_handler(app)
