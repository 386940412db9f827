"""Says of every answer that it depends on the origin of the page that asked.

Which origins may call is one parameter of the templates, and API Gateway's business alone: it
answers preflights, and puts the CORS headers on its own refusals as on our answers. A function
that sent them too would have browsers refuse both. But who keeps an answer, a browser first of
all, must not show one page what was said to another, and the gateway does not tell it so.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.middleware.asgi import Headers, with_headers

_VARIES: Headers = [(b"vary", b"origin")]


class CorsMiddleware:
    """Adds ``Vary: Origin``, pages or not: what is kept may outlive a change of the parameter."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, with_headers(send, _VARIES))


def cors_headers(scope: Scope) -> Headers:
    """Return the headers for an answer of middleware outside of `CorsMiddleware`."""
    return _VARIES if CorsMiddleware in scope["app"].chain else []
