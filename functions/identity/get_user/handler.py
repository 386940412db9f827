"""GET /api/v1/users/{user_id} — show a user to who administers them."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.parameters import checked_user
from shared.identity.http.user_views import UserDetailsView
from shared.identity.queries.get_profile import GetProfile, GetProfileHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is user {user_id}.")


@app.get("/api/v1/users/{user_id}", dependencies=[require_permission(Permission.USER_ADMIN)])
async def endpoint(user_id: str, get_profile: Inject[GetProfileHandler]) -> Reply[UserDetailsView]:
    found = get_profile(GetProfile(user_id=checked_user(user_id)))
    return Reply(UserDetailsView.of(found), headers={"etag": f'"{found.version}"'})


handler = lambda_handler(app)
