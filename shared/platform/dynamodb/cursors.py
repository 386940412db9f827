"""Opaque, signed cursors, tied to the query and the caller that they were made for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.errors import FieldError, ValidationFailed

_TAG_BYTES = 16
_MAX_LENGTH = 2_048


class InvalidCursor(ValidationFailed):
    """The cursor was changed, has expired with its key, or belongs to another query."""

    code = "INVALID_CURSOR"
    sentence = "The cursor does not belong to this query."

    def __init__(self) -> None:
        wrong: FieldError = {"loc": ("query", "cursor"), "msg": self.sentence, "type": "cursor"}
        super().__init__(None, [wrong])


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: the key of an item, and whether to read on or back from it.

    Without a key: from the list's end back, or from its start on.
    """

    key: Mapping[str, str]
    backward: bool = False


class CursorCodec:
    """Makes and reads cursors. *keys* returns the signing secrets, newest first."""

    def __init__(self, keys: Callable[[], Sequence[str]]) -> None:
        self._keys = keys

    def encode(self, position: Position, *, scope: str) -> str:
        """Return the cursor of *position* in the list that *scope* names (query and caller)."""
        payload = json.dumps(
            [position.key, position.backward], separators=(",", ":"), ensure_ascii=False
        ).encode()
        tag = _tag(self._keys()[0], scope, payload)
        return base64.urlsafe_b64encode(tag + payload).rstrip(b"=").decode()

    def decode(self, cursor: str, *, scope: str) -> Position:
        """Return the position of *cursor*; `InvalidCursor` unless it was made for *scope*."""
        try:
            text = cursor.encode("ascii")
            raw = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error, ValueError):
            raise InvalidCursor from None
        if len(cursor) > _MAX_LENGTH or base64.urlsafe_b64encode(raw).rstrip(b"=") != text:
            raise InvalidCursor  # base64 has spare bits; a cursor has one spelling
        tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not any(hmac.compare_digest(tag, _tag(key, scope, payload)) for key in self._keys()):
            raise InvalidCursor
        key, backward = json.loads(payload)
        return Position(key, backward)


def _tag(secret: str, scope: str, payload: bytes) -> bytes:
    scoped = hashlib.sha256(scope.encode()).digest() + payload
    return hmac.new(b"cursor:" + secret.encode(), scoped, hashlib.sha256).digest()[:_TAG_BYTES]


def scope_of(name: str, parameters: Mapping[str, Any], *, principal: str | None) -> str:
    """Return what ties a cursor to one list: its name, its parameters and its reader."""
    return json.dumps([name, sorted(parameters.items()), principal], default=str)
