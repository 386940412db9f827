"""Cross-origin headers for the origins that the settings name.

Preflight requests are answered by API Gateway from the same list and never reach a function.
"""

from functools import cache

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.middleware.asgi import Headers, header, with_headers
from shared.platform.runtime.settings import settings

_EXPOSED = b"etag, location, x-request-id, x-correlation-id, idempotency-replayed, retry-after"


class CorsMiddleware:
    """Allows the configured origins, with credentials; never any origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, with_headers(send, cors_headers(scope)))


def cors_headers(scope: Scope) -> Headers:
    """Return what the answer to this request says about origins: nothing if none is allowed.

    Middleware outside of `CorsMiddleware` answers too (a body too large, a time-out), and without
    these headers a browser hides such an answer from the page that asked.
    """
    if CorsMiddleware not in scope["app"].chain:
        return []
    allowed = _origins(settings().cors_allow_origins)
    if not allowed:
        return []
    extra = [(b"vary", b"origin")]
    origin = header(scope, b"origin")
    if origin in allowed:
        extra += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", _EXPOSED),
        ]
    return extra


@cache
def _origins(listed: str) -> frozenset[str]:
    return frozenset(origin.strip() for origin in listed.split(",") if origin.strip())
