"""Marks every answer of a deprecated endpoint; logs and counts who still uses it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.client_address import client_address
from shared.platform.http.middleware.asgi import header, with_headers
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics


class DeprecationMiddleware:
    """Applies to apps made with ``deprecation=``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = scope["app"]
        if not app.endpoint.path_regex.match(scope["path"]):  # a 404, whatever happens
            await self._app(scope, receive, send)
            return
        route = f"{scope['method']} {app.route_path}"
        metrics.add_metric("DeprecatedRequest", MetricUnit.Count, 1, route=route)
        get_logger(settings().service).info(
            "deprecated endpoint used",
            route=route,
            successor=app.deprecation.successor,
            client_address=client_address(scope),
            user_agent=header(scope, b"user-agent")[:200] or None,
        )
        await self._app(scope, receive, with_headers(send, app.deprecation.headers()))
