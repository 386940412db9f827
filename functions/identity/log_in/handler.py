"""POST /api/v1/auth/login — exchange e-mail and password for a session's tokens."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.device_tokens import DeviceTokens
from shared.identity.adapters.session_tokens import SessionTokens
from shared.identity.http.key_parameters import identify
from shared.identity.http.log_in import (
    LIMITS,
    CookieLogInView,
    LogInBody,
    TokenView,
    log_in_reply,
)
from shared.identity.http.parameters import ClientName
from shared.identity.use_cases.log_in import LoggedIn, LogInHandler
from shared.platform.access.security import public
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply

# The answer holds a secret beside what the client sent: its size must tell nothing (BREACH).
app = create_app(
    wiring,
    says="You are logged in.",
    secret_body=True,
    limits=LIMITS,
    without=(CompressionMiddleware,),
    identify=identify,
)


@app.post("/api/v1/auth/login", dependencies=[public], responses={401: {}})
async def endpoint(
    body: LogInBody,
    client: ClientName,
    log_in: Inject[LogInHandler],
    tokens: Inject[SessionTokens],
    devices: Inject[DeviceTokens],
) -> Reply[TokenView | CookieLogInView]:
    command = body.to_command(client=client)
    session = execute(log_in, command, returns=LoggedIn, again=log_in.confirm)
    known = devices.sign(session.device_id, email=session.email, issued_at=session.issued_at)
    return log_in_reply(body.session, session, tokens, device_token=known)


handler = lambda_handler(app)
