"""What the middleware share: reading and setting headers on raw ASGI messages."""

from collections.abc import Iterable
from typing import Any

from starlette.types import Message, Scope, Send

Headers = list[tuple[bytes, bytes]]

GZIP_TAG = "-gzip"
"""Ends the entity tags of compressed answers."""


def header(scope: Scope, name: bytes) -> str:
    """Return the value of request header *name* (lower case), or an empty string."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return ""


def with_headers(send: Send, extra: Iterable[tuple[bytes, bytes]]) -> Send:
    """Return a *send* that adds *extra* headers, where the answer has not set them itself.

    ``Vary`` is a list that everybody adds to.
    """
    added = list(extra)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message["headers"]
            present = dict(headers)
            message["headers"] = headers + [
                each for each in added if each[0] not in present or each[0] == b"vary"
            ]
        await send(message)

    return sending


async def answer(send: Send, status: int, headers: list[Any], body: bytes) -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
