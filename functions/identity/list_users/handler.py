"""GET /api/v1/users — list the users, newest first."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.list_users import UsersPage, WantedUsers
from shared.identity.http.user_views import UserDetailsView
from shared.identity.queries.list_users import ListUsers, ListUsersHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:user|users} found.")


@app.get("/api/v1/users", dependencies=[require_permission(Permission.USER_ADMIN)])
async def endpoint(
    page: UsersPage,
    wanted: WantedUsers,
    user: CurrentUser,
    list_users: Inject[ListUsersHandler],
) -> Reply[Items[UserDetailsView]]:
    found = list_users(ListUsers(page=page, wanted=wanted, reader_id=user.id))
    return page_reply(found.map(UserDetailsView.of), page)


handler = lambda_handler(app)
