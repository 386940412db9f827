"""The signing keys: made from the versions of one secret; ``AWSCURRENT`` signs.

Only what signs or rotates reads that secret. Their public halves lie in the table
(`shared.identity.adapters.key_ring`), for all others.
"""

import functools
import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.identity.adapters.jws import b64url
from shared.platform.aws.secrets import SecretReader


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair; ``kid`` is the RFC 7638 thumbprint of its public half."""

    kid: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey
    x: str


@functools.lru_cache(maxsize=8)
def key_from(secret: str) -> SigningKey:
    """Return the key of one version of the secret: HKDF-SHA-256 (RFC 5869) of its text."""
    seed = HKDF(SHA256(), 32, salt=None, info=b"tradewind/identity/access-token/ed25519").derive(
        secret.encode()
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key()
    x = b64url(public.public_bytes_raw())
    required = {"crv": "Ed25519", "kty": "OKP", "x": x}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    kid = b64url(hashlib.sha256(canonical.encode()).digest())
    return SigningKey(kid, private, public, x)


class SigningKeys:
    """The private key as of now; only what signs has it."""

    def __init__(self, secret: SecretReader) -> None:
        self._secret = secret

    def current(self) -> SigningKey:
        """Return the key that signs."""
        return key_from(self._secret.get().current)
