"""Answers 504 before Lambda's own limit kills the function."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.runtime.deadline import alarm


class TimeoutMiddleware:
    """Sets the alarm of the invocation's deadline around the endpoint."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with alarm():
            await self._app(scope, receive, send)
