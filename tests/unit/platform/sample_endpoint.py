"""An endpoint to try the runtime on: POST /api/v1/things/{thing_id}."""

import time
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.platform.http.app import create_app
from shared.kernel.errors import AlreadyExists, InvalidState, NotFound, PermissionDenied
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission
from shared.platform.http.endpoint import EndpointApp
from shared.platform.http.reply import Reply, created
from shared.platform.runtime.errors import DatabaseBusy, ExternalServiceError, RateLimitExceeded
from tools.lab.support.http_events import Caller, http_event
from tools.lab.support.lambda_context import LambdaContext

RAISES: dict[str, Exception] = {
    "not_found": NotFound("This does not exist."),
    "exists": AlreadyExists("This exists already."),
    "denied": PermissionDenied("Not you."),
    "state": InvalidState("Too late.", current="sold", expected=["new"]),
    "busy": DatabaseBusy("table x is throttled"),
    "peer": ExternalServiceError("gateway said 418"),
    "rate": RateLimitExceeded("slow down", retry_after_seconds=7),
    "bug": RuntimeError("secret internals"),
}


class Body(BaseModel):
    """What the endpoint takes."""

    model_config = ConfigDict(strict=True, extra="forbid")
    count: int
    raises: str | None = None
    sleep: float = 0.0


class View(BaseModel):
    """What the endpoint answers."""

    thing_id: str
    count: int
    user: str


def sample_app(**options: Any) -> EndpointApp:
    """Return the app, with the middleware that *options* leave."""
    app = create_app("things", says="Thing made.", **options)

    @app.post(
        "/api/v1/things/{thing_id}", dependencies=[require_permission(Permission.ORDER_PLACE)]
    )
    async def endpoint(thing_id: str, body: Body, user: CurrentUser) -> Reply[View]:
        if body.raises:
            raise RAISES[body.raises]
        if body.sleep:
            time.sleep(body.sleep)  # noqa: ASYNC251  # blocks as a network call does
        view = View(thing_id=thing_id, count=body.count, user=user.id)
        return created(view, location=f"/api/v1/things/{thing_id}")

    return app


def request(body: Any = None, **options: Any) -> dict[str, Any]:
    """Return the event of a request to the endpoint."""
    options.setdefault("caller", Caller())
    sent = {"count": 3} if body is None else body
    return http_event("POST", "/api/v1/things/t-1", body=sent, **options)


def context(**options: Any) -> LambdaContext:
    """Return a Lambda context."""
    return LambdaContext(**options)
