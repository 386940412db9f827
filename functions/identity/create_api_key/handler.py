"""POST /api/v1/api-keys — make an API key, which is shown once."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.http.create_api_key import (
    LIMITS,
    CreateApiKeyBody,
    NewApiKeyView,
    shown_once,
)
from shared.identity.use_cases.create_api_key import CreateApiKeyHandler, CreatedApiKey
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission, require_recent_login
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply, created

# The answer holds a secret beside what the client sent: its size must tell nothing (BREACH).
app = create_app(
    wiring,
    says="API key {data.name} is made. This is the only time that it is shown.",
    limits=LIMITS,
    without=(CompressionMiddleware,),
)


@app.post(
    "/api/v1/api-keys",
    status_code=201,
    dependencies=[require_permission(Permission.API_KEY_MANAGE), require_recent_login(minutes=15)],
)
async def endpoint(
    body: CreateApiKeyBody,
    user: CurrentUser,
    create_api_key: Inject[CreateApiKeyHandler],
    keys: Inject[EnvironmentKeys],
) -> Reply[NewApiKeyView]:
    secret = keys.draw()
    command = body.to_command(user, secret)
    key = execute(create_api_key, command, returns=CreatedApiKey, again=shown_once)
    return created(NewApiKeyView.of(key, secret=secret), location="/api/v1/api-keys")


handler = lambda_handler(app)
