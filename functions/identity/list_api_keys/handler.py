"""GET /api/v1/api-keys — list the caller's API keys, without their secrets."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.api_key_views import ApiKeyView
from shared.identity.queries.list_api_keys import ListApiKeys, ListApiKeysHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="You have {count:API key|API keys}.")


@app.get("/api/v1/api-keys", dependencies=[require_permission(Permission.API_KEY_READ)])
async def endpoint(
    user: OwnerOnly, list_api_keys: Inject[ListApiKeysHandler]
) -> Reply[list[ApiKeyView]]:
    views = [ApiKeyView.of(each) for each in list_api_keys(ListApiKeys(user_id=user.id))]
    return Reply(views, values={"count": len(views)})


handler = lambda_handler(app)
