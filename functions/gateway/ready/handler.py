"""GET /health/ready — whether the bus and the services' tables answer, each with its latency."""

from shared.platform.http.app import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.gateway import wiring  # noqa: F401  # registers the factories
from shared.gateway.domain.readiness import Status
from shared.gateway.http.ready import ReadinessBody
from shared.gateway.queries.check_readiness import CheckReadiness, CheckReadinessHandler
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app("gateway")


@app.get("/health/ready", dependencies=[public])
async def endpoint(check_readiness: Inject[CheckReadinessHandler]) -> Reply[ReadinessBody]:
    readiness = check_readiness(CheckReadiness())
    ready = readiness.status is Status.OK
    return Reply(
        ReadinessBody.of(readiness),
        status=200 if ready else 503,
    )


handler = lambda_handler(app)
