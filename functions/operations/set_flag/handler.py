"""PUT /api/v1/flags/{name} — set a feature flag."""

from shared.platform.http.app import create_app, lambda_handler
from shared.operations import wiring
from shared.operations.domain.flag_details import FlagDetails
from shared.operations.http.set_flag import FlagBody
from shared.operations.http.views import FlagView, flag_reply
from shared.operations.use_cases.set_flag import SetFlagHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Feature flag {name} is set; functions see it within half a minute.")


@app.put("/api/v1/flags/{name}", dependencies=[require_permission(Permission.FLAG_SET)])
async def endpoint(
    name: str, body: FlagBody, versions: IfMatch, set_flag: Inject[SetFlagHandler]
) -> Reply[FlagView]:
    command = body.to_command(name, versions=versions)
    return flag_reply(execute(set_flag, command, returns=FlagDetails))


handler = lambda_handler(app)
