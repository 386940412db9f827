"""GET /api/v1/flags — list the feature flags and how they are set."""

from shared.platform.http.app import create_app, lambda_handler
from shared.operations import wiring
from shared.operations.http.views import FlagView
from shared.operations.queries.list_flags import ListFlags, ListFlagsHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="{count:feature flag|feature flags} found.")


@app.get("/api/v1/flags", dependencies=[require_permission(Permission.FLAG_READ)])
async def endpoint(list_flags: Inject[ListFlagsHandler]) -> Reply[list[FlagView]]:
    flags = [FlagView.of(flag) for flag in list_flags(ListFlags())]
    return Reply(flags, values={"count": len(flags)})


handler = lambda_handler(app)
