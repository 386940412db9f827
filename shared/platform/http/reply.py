"""What an endpoint answers: data, and what the envelope says about it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Items(Generic[T]):
    """One page of a list of ``T``, in an annotation: ``Reply[Items[OrderView]]``."""


REPLY = "tradewind.reply"
"""Where the reply waits in the ASGI scope for the envelope."""


class Reply(Response, Generic[T]):
    """A JSON answer with *data*: a pydantic model, a list of models, or plain JSON values.

    *warnings* make it a partial success (``type: warning``).
    The envelope opens with what the endpoint ``says``, filled in from the parameters of its path,
    *values*, and the data themselves (``{data.id}``).
    *cookies* are whole values of ``Set-Cookie``.
    With a ``cache-control`` of its own it may be kept, and gets a tag to ask again with.
    """

    media_type = "application/json"

    def __init__(
        self,
        data: T,
        *,
        status: int = 200,
        values: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        warnings: Sequence[str] = (),
        cookies: Sequence[str] = (),
    ) -> None:
        super().__init__(to_json(data), status_code=status, headers=dict(headers or {}))
        self.raw_headers += [(b"set-cookie", each.encode("ascii")) for each in cookies]
        given = {name for name, _ in self.raw_headers}
        if b"cache-control" in given and b"etag" not in given:
            # Weak: the same data comes with another request id each time (RFC 9110 §8.8.1).
            self.headers["etag"] = f'W/"{blake2b(self.body, digest_size=9).hexdigest()}"'
        self.data = data
        self.values = dict(values or {})
        self.warnings = warnings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[REPLY] = self
        await super().__call__(scope, receive, send)


def created(data: T, *, location: str) -> Reply[T]:
    """Return 201 with a ``Location``, percent-encoded where a URI needs it (RFC 3986)."""
    headers = {"location": quote(location, safe="/:?&=%+,;@~")}
    return Reply(data, status=201, headers=headers)


def to_json(data: Any) -> bytes:
    """Return *data* as JSON; models write themselves, without a detour through dicts."""
    if isinstance(data, BaseModel):
        return data.model_dump_json().encode()
    if isinstance(data, Mapping):
        pairs = (b"%s:%s" % (_dump(str(key)), to_json(value)) for key, value in data.items())
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(data, Iterable) and not isinstance(data, str | bytes):
        return b"[" + b",".join(to_json(item) for item in data) + b"]"
    return _dump(data)


def _dump(value: Any) -> bytes:
    return _encode(value).encode()
