"""Compact JWS (RFC 7515) with Ed25519 (RFC 8037), and nothing else.

One algorithm, chosen by us and never by the token, is what RFC 8725 §3.1 asks for. A general
JOSE library brings RSA, X.509 and key files along, 50 ms of a cold start that every request waits
for; the tests hold this module against such a library, in both directions.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature

from shared.identity.domain.errors import InvalidAccessToken

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

ALGORITHM = "EdDSA"


def b64url(raw: bytes) -> str:
    """Return *raw* in base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def encode(header: Mapping[str, Any], payload: Mapping[str, Any], key: "Ed25519PrivateKey") -> str:
    """Return the signed token; the same one for the same input, as Ed25519 is deterministic."""
    head, body = (
        b64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, payload)
    )
    signing_input = f"{head}.{body}"
    return f"{signing_input}.{b64url(key.sign(signing_input.encode()))}"


@dataclass(frozen=True, slots=True)
class Unverified:
    """A token taken apart. Its payload is unread, and stays so until `verified`."""

    header: Mapping[str, Any]
    _payload: str
    _signature: bytes
    _signing_input: bytes

    @classmethod
    def parse(cls, token: str) -> "Unverified":
        """Return the parts of *token*; `InvalidAccessToken` unless it is a compact JWS."""
        parts = token.split(".")
        if len(parts) != 3:  # noqa: PLR2004  # header, payload, signature
            raise InvalidAccessToken("malformed")
        head, body, signature = parts
        signing_input = token.rpartition(".")[0].encode("utf-8", "replace")
        return cls(_object(head), body, _unb64url(signature), signing_input)

    def verified(self, key: "Ed25519PublicKey") -> Mapping[str, Any]:
        """Return the payload if *key* signed it; `InvalidAccessToken` otherwise."""
        try:
            key.verify(self._signature, self._signing_input)
        except InvalidSignature:
            raise InvalidAccessToken("bad_signature") from None
        return _object(self._payload)


def _object(segment: str) -> Mapping[str, Any]:
    try:
        value = json.loads(_unb64url(segment), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise InvalidAccessToken("malformed") from None
    if not isinstance(value, dict):
        raise InvalidAccessToken("malformed")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a member given twice: readers differ in which one they take (RFC 7515 §4)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is given twice")
    return found


def _unb64url(segment: str) -> bytes:
    """Decode strictly: no padding, no foreign characters, one spelling for each value."""
    try:
        raw = base64.b64decode(
            segment.encode("ascii") + b"=" * (-len(segment) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidAccessToken("malformed") from None
    if b64url(raw) != segment:
        raise InvalidAccessToken("malformed")
    return raw
