"""Cross-origin headers for the origins that the settings name.

Preflight requests are answered by API Gateway from the same list and never reach a function.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.middleware.asgi import header, with_headers
from shared.platform.settings import settings

_EXPOSED = b"etag, location, x-request-id, x-correlation-id, idempotency-replayed, retry-after"


class CorsMiddleware:
    """Allows the configured origins, with credentials; never any origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        origins = settings().cors_allow_origins.split(",")
        self._allowed = frozenset(origin.strip() for origin in origins if origin.strip())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._allowed:
            extra = [(b"vary", b"origin")]
            origin = header(scope, b"origin")
            if origin in self._allowed:
                extra += [
                    (b"access-control-allow-origin", origin.encode()),
                    (b"access-control-allow-credentials", b"true"),
                    (b"access-control-expose-headers", _EXPOSED),
                ]
            send = with_headers(send, extra)
        await self._app(scope, receive, send)
