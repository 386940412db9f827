"""POST /api/v1/auth/refresh — exchange a refresh token for the next one and an access token."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.session_tokens import SessionTokens
from shared.identity.http.key_parameters import identify
from shared.identity.http.refresh_tokens import RefreshBody, RefreshedView
from shared.identity.use_cases.refresh_tokens import Refreshed, RefreshTokensHandler
from shared.platform.access.security import public
from shared.platform.entry.commands import execute
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
    body: RefreshBody, refresh: Inject[RefreshTokensHandler], tokens: Inject[SessionTokens]
) -> Reply[RefreshedView]:
    session = execute(refresh, body.to_command(), returns=Refreshed)
    given = tokens.sign(session.access, session.next)
    return Reply(RefreshedView.of(session, given))


handler = lambda_handler(app)
