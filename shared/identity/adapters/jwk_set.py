"""The published keys as a JWK set (RFC 7517 §5)."""

from typing import Any

from shared.identity.ports import KeyRingReader
from shared.platform.runtime.errors import NetworkError


class JwkSet:
    """The keys as they are now: whoever asks keeps the answer, so we do not."""

    def __init__(self, rings: KeyRingReader) -> None:
        self._rings = rings

    def __call__(self) -> dict[str, list[dict[str, Any]]]:
        """Return the set, the key that signs first; an empty one would be kept by caches."""
        ring = self._rings.load()
        if not ring.keys:
            raise NetworkError("no signing key is published")
        return {"keys": [_jwk(key.kid, key.x) for key in ring.keys]}


def _jwk(kid: str, x: str) -> dict[str, Any]:
    return {"crv": "Ed25519", "kty": "OKP", "x": x, "kid": kid, "use": "sig", "alg": "EdDSA"}
