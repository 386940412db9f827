"""A trace segment for the request, named after its route."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.telemetry.tracing import tracer


class TracingMiddleware:
    """Wraps the request in a segment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with tracer.provider.in_subsegment(f"## {scope['method']} {scope['app'].route_path}"):
            await self._app(scope, receive, send)
