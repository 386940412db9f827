"""POST /api/v1/auth/logout — end the session one is in, by its access or refresh token."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.cookie_credentials import CookieCredentials
from shared.identity.http.log_out import LogOutBody
from shared.identity.http.parameters import SentCookies
from shared.identity.http.session_views import SessionIdView
from shared.identity.use_cases.log_out import LoggedOut, LogOut, LogOutHandler
from shared.platform.access.security import OptionalUser, public
from shared.platform.access.session_cookies import forgotten
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="You are logged out.", secret_body=True)


@app.post("/api/v1/auth/logout", dependencies=[public])
async def endpoint(
    user: OptionalUser,
    cookies: SentCookies,
    log_out: Inject[LogOutHandler],
    credentials: Inject[CookieCredentials],
    body: LogOutBody | None = None,
) -> Reply[SessionIdView]:
    token = body.token if body else None
    by_cookie = token is None and bool(cookies.access_token or cookies.refresh_token)
    if token is None and user is None:
        token = credentials.refresh_token(cookies)
    command = LogOut(
        user_id=user.id if user else None,
        session_id=user.session_id if user else None,
        refresh_token=token,
    )
    session = execute(log_out, command, returns=LoggedOut)
    return Reply(SessionIdView(id=session.session_id), cookies=forgotten() if by_cookie else ())


handler = lambda_handler(app)
