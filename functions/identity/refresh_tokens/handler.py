"""POST /api/v1/auth/refresh — exchange a refresh token for the next one and an access token."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.cookie_credentials import CookieCredentials
from shared.identity.adapters.session_tokens import SessionTokens
from shared.identity.http.cookie_views import CookieSessionView
from shared.identity.http.key_parameters import identify
from shared.identity.http.parameters import SentCookies
from shared.identity.http.refresh_tokens import (
    RefreshBody,
    RefreshedView,
    refreshed,
    refreshed_reply,
)
from shared.identity.use_cases.refresh_tokens import RefreshTokensHandler
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply

# As for the log-in: the answer's size must tell nothing of the secret in it (BREACH).
app = create_app(
    wiring,
    says="The session goes on.",
    secret_body=True,
    without=(CompressionMiddleware,),
    identify=identify,
)


@app.post("/api/v1/auth/refresh", dependencies=[public], responses={401: {}})
async def endpoint(
    cookies: SentCookies,
    refresh: Inject[RefreshTokensHandler],
    credentials: Inject[CookieCredentials],
    tokens: Inject[SessionTokens],
    body: RefreshBody | None = None,
) -> Reply[RefreshedView | CookieSessionView]:
    session = refreshed(body, cookies, refresh, credentials)
    return refreshed_reply(session, tokens, in_cookies=body is None)


handler = lambda_handler(app)
