"""GET /health — this function runs; it asks nobody else."""

from shared.platform.http.app import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.gateway.http.health import HealthBody
from shared.platform.access.security import public
from shared.platform.http.reply import Reply

app = create_app("gateway")


@app.get("/health", dependencies=[public])
async def endpoint() -> Reply[HealthBody]:
    return Reply(HealthBody())


handler = lambda_handler(app)
