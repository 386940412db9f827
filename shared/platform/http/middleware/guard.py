"""Refuses requests that no endpoint should have to look at."""

from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.front_door import passed_by
from shared.platform.http.middleware.asgi import header
from shared.platform.runtime.context import current
from shared.platform.runtime.errors import RequestRefused
from shared.platform.runtime.settings import settings

MAX_HEADER_BYTES = 10_240  # API Gateway's limit on the headers together
MAX_PATH_BYTES = 2_048
_SHOWN = 100
"""How much of a parameter's name an answer repeats."""
_BODIES = ("POST", "PUT", "PATCH")


class RequestGuardMiddleware:
    """Lets in what came through the front door, within limits for headers, path, query and body.

    A body must be plain JSON, a query parameter comes once. How deep JSON may nest is the parser's
    limit (`shared.platform.http.strict_json.MAX_DEPTH`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        known = settings()
        self._max_body = known.max_body_bytes
        self._max_headers = known.max_headers
        self._max_query = known.max_query_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if passed_by(scope):
            raise RequestRefused(403, "PASSED_FRONT_DOOR_BY", "Ask for this at the front door.")
        headers = scope["headers"]
        size = sum(len(key) + len(value) for key, value in headers)
        if len(headers) > self._max_headers or size > MAX_HEADER_BYTES:
            raise RequestRefused(431, "HEADERS_TOO_LARGE", "The request's headers are too large.")
        if len(scope["path"].encode("utf-8", "surrogatepass")) > MAX_PATH_BYTES:
            raise RequestRefused(
                414, "PATH_TOO_LONG", f"The path is longer than {MAX_PATH_BYTES} bytes."
            )
        if len(scope["query_string"]) > self._max_query:
            raise RequestRefused(
                414, "QUERY_TOO_LONG", f"The query is longer than {self._max_query} bytes."
            )
        _check_query(scope["query_string"])
        if any(name == b"x-forwarded-client" for name, _ in headers):
            from shared.platform.http.forwarded import stated_address  # noqa: PLC0415  # few do

            current().client_address = stated_address(scope)
        await self._app(scope, await self._checked(scope, receive), send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """Read the body (API Gateway delivers it whole) and check what it claims to be."""
        message = await receive()
        body: bytes = message.get("body", b"")
        if len(body) > self._max_body:
            text = f"The body is larger than {self._max_body} bytes."
            raise RequestRefused(413, "BODY_TOO_LARGE", text)
        if body and scope["method"] in _BODIES:
            kind = header(scope, b"content-type").partition(";")[0].strip().lower()
            if kind != "application/json" or header(scope, b"content-encoding"):
                text = "Send the body as application/json, uncompressed."
                at = (
                    "header",
                    "content-type" if kind != "application/json" else "content-encoding",
                )
                raise RequestRefused(415, "UNSUPPORTED_MEDIA_TYPE", text, at=at)

        async def receiving() -> dict[str, object]:
            return dict(message)

        return receiving


def _check_query(query: bytes) -> None:
    """Refuse a parameter that comes twice: nobody knows which counts (as in a JSON object)."""
    if b"&" not in query:
        return
    names = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        text = f"A query parameter must not be given more than once: {repeated[:_SHOWN]}."
        raise RequestRefused(422, "REPEATED_PARAMETER", text, at=("query", repeated[:_SHOWN]))
