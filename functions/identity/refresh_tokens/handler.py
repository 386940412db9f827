"""POST /api/v1/auth/refresh — exchange a refresh token for the next one and an access token."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.http.refresh_tokens import RefreshBody, RefreshedView
from shared.identity.use_cases.refresh_tokens import Refreshed, RefreshTokensHandler
from shared.kernel.clock import SystemClock
from shared.platform.access.security import public
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply
from shared.platform.runtime.context import current

# As for the log-in: the answer's size must tell nothing of the secret in it (BREACH).
app = create_app(
    wiring, says="The session goes on.", secret_body=True, without=(CompressionMiddleware,)
)


@app.post("/api/v1/auth/refresh", dependencies=[public])
async def endpoint(
    body: RefreshBody,
    refresh: Inject[RefreshTokensHandler],
    access_tokens: Inject[AccessTokenSigner],
    refresh_tokens: Inject[RefreshTokens],
) -> Reply[RefreshedView]:
    session = execute(refresh, body.to_command(), returns=Refreshed)
    view = RefreshedView.of(
        session,
        access_token=access_tokens.sign(session.access),
        refresh_token=refresh_tokens.sign(session.next),
        at=SystemClock().now() if current().replayed else None,
    )
    return Reply(view)


handler = lambda_handler(app)
