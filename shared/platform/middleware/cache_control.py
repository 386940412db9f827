"""Nothing is cached unless the endpoint says so; a matching ``If-None-Match`` gets 304."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.middleware.asgi import header, with_headers


class CacheControlMiddleware:
    """Defaults to ``no-store`` and answers conditional reads of answers with an ``ETag``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = {_opaque(tag) for tag in header(scope, b"if-none-match").split(",")}
        sending = with_headers(send, [(b"cache-control", b"no-store")])
        if known == {""} or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, sending)
            return
        unchanged = False

        async def conditional(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start":
                tag = next((v.decode() for k, v in message["headers"] if k == b"etag"), None)
                same = tag is not None and (_opaque(tag) in known or known == {"*"})
                unchanged = message["status"] == 200 and same  # noqa: PLR2004
                if unchanged:
                    kept = [h for h in message["headers"] if not h[0].startswith(b"content-")]
                    message = {**message, "status": 304, "headers": kept}
            elif unchanged:
                message = {**message, "body": b""}
            await sending(message)

        await self._app(scope, receive, conditional)


def _opaque(tag: str) -> str:
    """Return *tag* for weak comparison (RFC 9110 §8.8.3.2): whoever compresses weakens tags."""
    return tag.strip().removeprefix("W/")
