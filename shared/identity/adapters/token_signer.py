"""Make access tokens: JSON Web Tokens of type ``at+jwt`` (RFC 9068)."""

from typing import Any

from shared.identity.adapters.access_tokens import TYPE
from shared.identity.adapters.jws import ALGORITHM, encode
from shared.identity.adapters.signing_keys import SigningKeys
from shared.identity.domain.access import Access


class AccessTokenSigner:
    """Signs the tokens of one issuer for one audience."""

    def __init__(self, keys: SigningKeys, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience

    def sign(self, access: Access) -> str:
        """Return the token of *access*; see `shared.identity.ports.TokenSigner`."""
        key = self._keys.current()
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": key.kid}
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": access.user_id,
            "sid": access.session_id,
            "jti": access.token_id,
            "iat": access.issued_at,
            "nbf": access.issued_at,
            "exp": access.expires_at,
        }
        if access.proven_at is not None:  # RFC 9068, 2.2.1
            claims |= {"auth_time": access.proven_at, "amr": [*access.proven_by]}
        if access.csrf is not None:
            claims["csrf"] = access.csrf
        return encode(header, claims, key.private)
