"""Read access tokens: of type ``at+jwt`` (RFC 9068), checked as RFC 8725 advises."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from shared.identity.adapters.jws import ALGORITHM, Unverified
from shared.identity.domain.access import ACCESS_SECONDS, Access
from shared.identity.domain.errors import InvalidAccessToken
from shared.kernel.clock import Clock
from shared.kernel.ids import is_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TYPE = "at+jwt"
SKEW_SECONDS = 5
"""How far ahead of ours the signer's clock may be; an expiry gets no such grace."""


class PublicKeySource(Protocol):
    """Where the keys come from."""

    def find(self, kid: Any) -> "Ed25519PublicKey | None":
        """Return the public key named *kid*, if it is one of ours."""
        ...


class AccessTokenVerifier:
    """Verifies the tokens of one issuer for one audience."""

    def __init__(self, keys: PublicKeySource, *, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    def verify(self, token: str) -> Access:
        """Return what *token* stands for; see `shared.identity.ports.TokenVerifier`."""
        unverified = Unverified.parse(token)
        header = unverified.header
        if header.get("alg") != ALGORITHM:
            raise InvalidAccessToken("wrong_algorithm")
        if header.get("typ") != TYPE:
            raise InvalidAccessToken("wrong_type")
        if "crit" in header:  # RFC 7515 §4.1.11: extensions we do not know must be refused
            raise InvalidAccessToken("malformed")
        key = self._keys.find(header.get("kid"))
        if key is None:
            raise InvalidAccessToken("unknown_key")
        return self._access(unverified.verified(key))

    def _access(self, claims: Mapping[str, Any]) -> Access:
        if claims.get("iss") != self._issuer:
            raise InvalidAccessToken("wrong_issuer")
        if claims.get("aud") != self._audience:
            raise InvalidAccessToken("wrong_audience")
        access = Access(
            user_id=_id(claims, "sub"),
            session_id=_id(claims, "sid"),
            token_id=_id(claims, "jti"),
            issued_at=_time(claims, "iat"),
            expires_at=_time(claims, "exp"),
            proven_at=_time(claims, "auth_time") if "auth_time" in claims else None,
            proven_by=_names(claims, "amr") if "amr" in claims else (),
            csrf=_text(claims, "csrf") if "csrf" in claims else None,
        )
        not_before = max(access.issued_at, _time(claims, "nbf"))
        now = self._clock.now().timestamp()
        if now >= access.expires_at:
            raise InvalidAccessToken("expired")
        if not_before > now + SKEW_SECONDS:
            raise InvalidAccessToken("not_yet_valid")
        if access.expires_at - access.issued_at > ACCESS_SECONDS:
            raise InvalidAccessToken("too_long_lived")
        return access


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not is_id(value):
        raise InvalidAccessToken("malformed")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise InvalidAccessToken("malformed")
    return value


def _names(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = claims.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidAccessToken("malformed")
    return tuple(value)


def _time(claims: Mapping[str, Any], name: str) -> int:
    """Return a NumericDate; fractions are allowed by RFC 7519, but we never sign any."""
    value = claims.get(name)
    if type(value) is not int or value < 0:
        raise InvalidAccessToken("malformed")
    return value
