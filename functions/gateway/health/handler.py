"""GET /health — this function runs, and which release of it; it asks nobody else."""

from shared.platform.http.app import create_app, lambda_handler
from shared.gateway.http.health import HealthBody
from shared.platform.access.security import public
from shared.platform.http.reply import Reply
from shared.platform.runtime.release import Release
from shared.platform.runtime.settings import settings

app = create_app("gateway", says="This function is running.")


@app.get("/health", dependencies=[public])
async def endpoint() -> Reply[HealthBody]:
    return Reply(HealthBody.of(Release.read(settings().release)))


handler = lambda_handler(app)
