"""What stands before the emulator: no web page, and nobody without the run's key, may use it.

MiniStack checks no signatures, takes the key ``test`` (or none, or any twelve digits) for the
administrator's, and lets pages of every origin read its answers. Whoever can make a request could
then have a function of theirs run here, as the developer. A page cannot leave ``Origin``,
``Sec-Fetch-Site`` and ``Host`` away or forge them, and does not know the key.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from tools.local.hosts import is_loopback

Scope = Mapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]

_API = "/_aws/execute-api/"
"""Where the deployed API is: open to pages as far as its CORS says, as on AWS."""

_UNSIGNED = ("/_ministack/ready", "/_ministack/ses/messages")
"""What our tools read without credentials."""

_RESPONSES = "/_ministack/cfn-response/"
"""Where custom resources answer, each with a token of its own."""

_SIGNED_BY = re.compile(r"Credential=([^/,\s]+)/")
_NOBODYS = re.compile(r"test|\d{12}|")
"""Keys that MiniStack takes for its administrator's, besides the configured one."""


class EmulatorGuard:
    """Passes on what this machine's own tools and functions send to *app*; the rest is 403."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        why = refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if not why:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": why[:120]})
        else:
            body = f"{why}\n".encode()
            headers = [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
            ]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": body})


def refusal(scope: Scope) -> str:
    """Say why a request is refused; nothing where it is not."""
    headers = {
        key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]
    }
    path: str = scope["path"]
    if not is_loopback(headers.get("host", "")):
        return (
            f"The emulator is this machine's alone; {headers.get('host', '')!r} is no name of it."
        )
    if path.startswith(_API):
        return ""
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        return "The emulator answers no web page; a page may use the API of the front door."
    told = scope.get("method") == "PUT" and path.startswith(_RESPONSES)
    if told or (scope.get("method") == "GET" and path in _UNSIGNED):
        return ""
    if _NOBODYS.fullmatch(_key(headers, scope["query_string"])):
        return "Sign with the access key of this run: `make run` says it, and stack.json has it."
    return ""


def _key(headers: Mapping[str, str], query: bytes) -> str:
    """Return the access key that a request is signed with, in its header or its query."""
    if signed := _SIGNED_BY.search(headers.get("authorization", "")):
        return signed[1]
    asked = parse_qs(query.decode("latin-1"))
    credential: str = asked.get("X-Amz-Credential", [""])[0]
    return credential.partition("/")[0]
