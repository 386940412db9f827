"""The signing keys: made from the versions of one secret, so that rotating it rotates them.

``AWSCURRENT`` signs; ``AWSPREVIOUS`` still verifies. A token lives for 15 minutes and a function
keeps a secret for 5, so after a rotation wait 20 minutes before the next one.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.identity.adapters.jws import ALGORITHM, b64url
from shared.platform.aws.secrets import SecretReader
from shared.platform.runtime.snapshot import monotonic

REFRESH_SECONDS = 30.0
"""An unknown key id makes us read the secret anew, but not more often than this."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair; ``kid`` is the RFC 7638 thumbprint of its public half."""

    kid: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey
    jwk: dict[str, str]


@functools.lru_cache(maxsize=8)
def key_from(secret: str) -> SigningKey:
    """Return the key of one version of the secret: HKDF-SHA-256 (RFC 5869) of its text."""
    seed = HKDF(SHA256(), 32, salt=None, info=b"tradewind/identity/access-token/ed25519").derive(
        secret.encode()
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key()
    required = {"crv": "Ed25519", "kty": "OKP", "x": b64url(public.public_bytes_raw())}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    kid = b64url(hashlib.sha256(canonical.encode()).digest())
    jwk = {**required, "kid": kid, "use": "sig", "alg": ALGORITHM}
    return SigningKey(kid, private, public, jwk)


class SigningKeys:
    """The keys as of now."""

    def __init__(
        self, secret: SecretReader, *, monotonic: Callable[[], float] = monotonic
    ) -> None:
        self._secret = secret
        self._monotonic = monotonic
        self._refreshed_at = float("-inf")

    def current(self) -> SigningKey:
        """Return the key that signs."""
        return key_from(self._secret.get().current)

    def find(self, kid: Any) -> SigningKey | None:
        """Return the key named *kid*; a key that a rotation has just made is found too."""
        found = self._known().get(kid) if isinstance(kid, str) else None
        now = self._monotonic()
        if found is None and isinstance(kid, str) and now - self._refreshed_at > REFRESH_SECONDS:
            self._refreshed_at = now
            found = self._known(fresh=True).get(kid)
        return found

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as a JWK set (RFC 7517 §5), the signing one first."""
        return {"keys": [key.jwk for key in self._known().values()]}

    def _known(self, *, fresh: bool = False) -> dict[str, SigningKey]:
        keys = [key_from(version) for version in self._secret.get(fresh=fresh).versions]
        return {key.kid: key for key in keys}
