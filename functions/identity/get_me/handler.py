"""GET /api/v1/users/me — show the caller who they are and what they may do."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.views import ProfileView
from shared.identity.queries.get_profile import GetProfile, GetProfileHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is the profile of user {data.id}.")


@app.get("/api/v1/users/me", dependencies=[require_permission(Permission.PROFILE_READ)])
async def endpoint(user: OwnerOnly, get_profile: Inject[GetProfileHandler]) -> Reply[ProfileView]:
    return Reply(ProfileView.of(get_profile(GetProfile(user_id=user.id)), user))


handler = lambda_handler(app)
