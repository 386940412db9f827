"""PUT /api/v1/flags/{name} — set a feature flag."""

from shared.platform.http import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.operations import wiring  # noqa: F401  # registers the services
from shared.operations.domain.flag_details import FlagDetails
from shared.operations.http import FlagBody, FlagView
from shared.operations.use_cases.set_flag import SetFlagHandler
from shared.platform.commands import execute
from shared.platform.injection import Inject
from shared.platform.permissions import Permission
from shared.platform.reply import Reply
from shared.platform.security import require_permission

app = create_app("operations")


@app.put("/api/v1/flags/{name}", dependencies=[require_permission(Permission.FLAG_SET)])
async def endpoint(name: str, body: FlagBody, set_flag: Inject[SetFlagHandler]) -> Reply[FlagView]:
    return Reply(FlagView.of(execute(set_flag, body.to_command(name), returns=FlagDetails)))


handler = lambda_handler(app)
