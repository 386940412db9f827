"""DELETE /api/v1/api-keys/{key_id} — revoke one of the caller's API keys."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.api_key_views import ApiKeyIdView
from shared.identity.use_cases.revoke_api_key import (
    RevokeApiKey,
    RevokeApiKeyHandler,
    RevokedApiKey,
)
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="API key {key_id} is revoked.")


@app.delete(
    "/api/v1/api-keys/{key_id}",
    dependencies=[require_permission(Permission.API_KEY_MANAGE)],
)
async def endpoint(
    key_id: str, user: OwnerOnly, revoke_api_key: Inject[RevokeApiKeyHandler]
) -> Reply[ApiKeyIdView]:
    command = RevokeApiKey(user_id=user.id, key_id=key_id)
    key = execute(revoke_api_key, command, returns=RevokedApiKey)
    return Reply(ApiKeyIdView(id=key.key_id))


handler = lambda_handler(app)
