"""Security headers on every answer."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.envelope import SECURITY_HEADERS
from shared.platform.http.middleware.asgi import with_headers


class SecurityHeadersMiddleware:
    """Adds what the OWASP REST cheat sheet asks of an API that serves JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, with_headers(send, SECURITY_HEADERS))
