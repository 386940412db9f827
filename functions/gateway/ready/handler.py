"""GET /health/ready — whether the bus and the services' tables answer, each with its latency."""

from shared.platform.http.app import create_app, lambda_handler
from shared.gateway import wiring
from shared.gateway.domain.readiness import Status
from shared.gateway.http.ready import ReadinessBody
from shared.gateway.queries.check_readiness import CheckReadiness, CheckReadinessHandler
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(
    wiring,
    says={
        200: "Every dependency answers.",
        503: "{count:dependency does|dependencies do} not answer: {names}.",
    },
)


@app.get("/health/ready", dependencies=[public])
async def endpoint(check_readiness: Inject[CheckReadinessHandler]) -> Reply[ReadinessBody]:
    readiness = check_readiness(CheckReadiness())
    down = [each.name for each in readiness.dependencies if each.status is not Status.OK]
    return Reply(
        ReadinessBody.of(readiness),
        status=503 if down else 200,
        values={"count": len(down), "names": down},
    )


handler = lambda_handler(app)
