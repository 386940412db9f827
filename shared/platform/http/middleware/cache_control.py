"""Nothing is cached unless the endpoint says so; a matching ``If-None-Match`` gets 304."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.http.middleware.asgi import GZIP_TAG, header, with_headers


class CacheControlMiddleware:
    """Defaults to ``no-store`` and answers conditional reads of answers with an ``ETag``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = header(scope, b"if-none-match")
        sending = with_headers(send, [(b"cache-control", b"no-store")])
        if not asked or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, sending)
            return
        unchanged = False

        async def conditional(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start":
                tag = next((v.decode() for k, v in message["headers"] if k == b"etag"), "")
                unchanged = message["status"] == 200 and _has(asked, tag)  # noqa: PLR2004
                if unchanged:
                    kept = [h for h in message["headers"] if not h[0].startswith(b"content-")]
                    message = {**message, "status": 304, "headers": kept}
            elif unchanged:
                message = {**message, "body": b""}
            await sending(message)

        await self._app(scope, receive, conditional)


def _has(asked: str, tag: str) -> bool:
    """Tell whether ``If-None-Match`` names *tag*: ``*``, or a list of tags, compared weakly.

    Weakly (RFC 9110 §13.1.2): whoever compresses weakens tags, or marks them as we do. What is
    between quotes is a tag, commas included, so every second piece of the text is one.
    """
    if asked.strip() == "*":
        return True
    held = {each.removesuffix(GZIP_TAG) for each in asked.split('"')[1::2]}
    return bool(tag) and tag.removeprefix("W/").strip('"').removesuffix(GZIP_TAG) in held
