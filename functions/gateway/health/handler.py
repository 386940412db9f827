"""GET /health — this function runs, and which release of it; it asks nobody else."""

from shared.platform.http import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.gateway.http import HealthBody
from shared.platform.release import Release
from shared.platform.reply import Reply
from shared.platform.security import public
from shared.platform.settings import settings

app = create_app("gateway")


@app.get("/health", dependencies=[public])
async def endpoint() -> Reply[HealthBody]:
    return Reply(HealthBody.of(Release.read(settings().release)))


handler = lambda_handler(app)
