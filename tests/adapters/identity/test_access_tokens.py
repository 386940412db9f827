"""Our tokens against an independent library, and against what RFC 8725 warns of."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.adapters.access_tokens import SKEW_SECONDS, AccessTokenVerifier
from shared.identity.adapters.public_keys import PublicKeys
from shared.identity.adapters.signing_keys import SigningKeys, key_from
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import ACCESS_SECONDS, Access
from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.domain.key_ring import KeyRing, PublicKey
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_id
from shared.platform.aws.secrets import Secret, SecretReader

pytestmark = pytest.mark.row("SEC-02")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ISSUED = int(NOW.timestamp())
KEY, PREVIOUS, FOREIGN = key_from("current"), key_from("previous"), key_from("foreign")
FOREIGN_JWK = {"kty": "OKP", "crv": "Ed25519", "x": FOREIGN.x, "kid": FOREIGN.kid}
ISSUER, AUDIENCE = "urn:test:issuer", "urn:test:audience"
USER, SESSION, TOKEN = new_id(), new_id(), new_id()
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": USER,
    "sid": SESSION,
    "jti": TOKEN,
    "iat": ISSUED,
    "nbf": ISSUED,
    "exp": ISSUED + ACCESS_SECONDS,
}
ACCESS = Access(
    user_id=USER,
    session_id=SESSION,
    token_id=TOKEN,
    issued_at=ISSUED,
    expires_at=ISSUED + ACCESS_SECONDS,
)


PROVEN: dict[str, Any] = {"auth_time": ISSUED - 3_600, "amr": ["pwd", "otp"]}
"""What RFC 9068 (2.2.1) calls the log-in's time and its proofs."""
LATER = replace(ACCESS, proven_at=ISSUED - 3_600, proven_by=("pwd", "otp"))
"""An access of a session that began an hour ago."""


class FixedSecret(SecretReader):
    """A secret that was rotated once."""

    def __init__(self) -> None: ...

    def get(self, *, fresh: bool = False) -> Secret:
        return Secret(("current",))


class FixedRing:
    """The keys that are published then."""

    def load(self) -> KeyRing:
        return KeyRing(
            keys=tuple(
                PublicKey(kid=key.kid, x=key.x, version_id="v", published_at=NOW)
                for key in (KEY, PREVIOUS)
            )
        )


class Tokens(NamedTuple):
    sign: Callable[[Access], str]
    verify: Callable[[str], Access]


def tokens(now: datetime = NOW) -> Tokens:
    signer = AccessTokenSigner(SigningKeys(FixedSecret()), issuer=ISSUER, audience=AUDIENCE)
    verifier = AccessTokenVerifier(
        PublicKeys(FixedRing()), issuer=ISSUER, audience=AUDIENCE, clock=FixedClock(now)
    )
    return Tokens(signer.sign, verifier.verify)


def forged(
    claims: dict[str, Any] | None = None,
    *,
    header: dict[str, Any] | None = None,
    key: Any = KEY.private,
    algorithm: str | None = "EdDSA",
    without: str | None = None,
) -> str:
    """Return what another library signs, with *claims* and *header* changed."""
    known = {name: value for name, value in (CLAIMS | (claims or {})).items() if name != without}
    headers = {"typ": "at+jwt", "kid": KEY.kid} | (header or {})
    return jwt.encode(known, key, algorithm=algorithm, headers=headers)


def raw(header: Any, payload: Any, *, key: Ed25519PrivateKey = KEY.private) -> str:
    """Return a token over any JSON text, rightly signed."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, payload)]
    signing_input = ".".join(_b64(part.encode()) for part in parts)
    return f"{signing_input}.{_b64(key.sign(signing_input.encode()))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def reason(token: str, now: datetime = NOW) -> str:
    with pytest.raises(InvalidAccessToken) as refused:
        tokens(now).verify(token)
    return refused.value.reason


def test_what_is_signed_is_verified() -> None:
    assert tokens().verify(tokens().sign(ACCESS)) == ACCESS


def test_time_and_proofs_of_the_log_in_are_claims_under_their_registered_names() -> None:
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    token = tokens().sign(LATER)
    read = jwt.decode(token, KEY.public, algorithms=["EdDSA"], audience=AUDIENCE, options=options)
    assert read == CLAIMS | PROVEN
    assert tokens().verify(token) == LATER
    assert tokens().verify(forged(PROVEN)) == LATER


def test_a_token_of_an_earlier_release_does_not_say_when_its_log_in_was() -> None:
    read = tokens().verify(forged())
    assert (read.proven_at, read.proven_by) == (None, ())


def test_the_same_access_has_the_same_token() -> None:
    assert tokens().sign(ACCESS) == tokens(NOW + timedelta(days=1)).sign(ACCESS)


def test_another_library_reads_our_tokens_and_we_read_its() -> None:
    token = tokens().sign(ACCESS)
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    read = jwt.decode(
        token,
        KEY.public,
        algorithms=["EdDSA"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options=options,
    )
    assert read == CLAIMS
    assert jwt.get_unverified_header(token) == {"typ": "at+jwt", "alg": "EdDSA", "kid": KEY.kid}
    assert tokens().verify(forged()) == ACCESS


def test_the_previous_key_still_verifies() -> None:
    assert tokens().verify(forged(key=PREVIOUS.private, header={"kid": PREVIOUS.kid})) == ACCESS


def hmac_with_the_public_key() -> str:
    """The classic: the verifier's public key taken for a shared secret."""
    return forged(key=KEY.public.public_bytes_raw(), algorithm="HS256")


HEADER: dict[str, Any] = {"typ": "at+jwt", "alg": "EdDSA", "kid": KEY.kid}
NO_ALGORITHM = {"typ": "at+jwt", "kid": KEY.kid}
NO_KEY = {"typ": "at+jwt", "alg": "EdDSA"}


def claiming(**claims: Any) -> Callable[[], str]:
    return lambda: raw(HEADER, CLAIMS | claims)


ATTACKS: dict[str, dict[str, Callable[[], str]]] = {
    "wrong_algorithm": {
        "none": lambda: forged(key=None, algorithm="none"),
        "HMAC with the public key": hmac_with_the_public_key,
        "missing": lambda: raw(NO_ALGORITHM, CLAIMS),
        "other case": lambda: raw(NO_ALGORITHM | {"alg": "eddsa"}, CLAIMS),
        "list": lambda: raw(NO_ALGORITHM | {"alg": ["EdDSA"]}, CLAIMS),
    },
    "bad_signature": {
        "foreign key under our key id": lambda: forged(key=FOREIGN.private),
        "previous key under the current id": lambda: forged(key=PREVIOUS.private),
        "key in the header": lambda: forged(header={"jwk": FOREIGN_JWK}, key=FOREIGN.private),
        "key at a URL": lambda: forged(header={"jku": "https://x.test"}, key=FOREIGN.private),
    },
    "unknown_key": {
        "foreign": lambda: forged(header={"kid": FOREIGN.kid}, key=FOREIGN.private),
        "missing": lambda: raw(NO_KEY, CLAIMS),
        "object": lambda: raw(NO_KEY | {"kid": {}}, CLAIMS),
    },
    "wrong_type": {
        "plain JWT": lambda: forged(header={"typ": "JWT"}),
        "another token of ours": lambda: forged(header={"typ": "refresh+jwt"}),
        "missing": lambda: raw({"alg": "EdDSA", "kid": KEY.kid}, CLAIMS),
    },
    "wrong_issuer": {
        "other": lambda: forged({"iss": "urn:other"}),
        "other case": lambda: forged({"iss": ISSUER.upper()}),
        "missing": lambda: forged(without="iss"),
    },
    "wrong_audience": {
        "other": lambda: forged({"aud": "urn:other"}),
        "one of several": lambda: forged({"aud": [AUDIENCE, "urn:other"]}),
        "missing": lambda: forged(without="aud"),
    },
    "too_long_lived": {"days": lambda: forged({"exp": ISSUED + 10 * ACCESS_SECONDS})},
    "malformed": {
        "critical extension": lambda: raw(HEADER | {"crit": ["exp"], "exp": 1}, CLAIMS),
        "strange user": claiming(sub="admin"),
        "list of users": claiming(sub=[USER]),
        "expiry as text": claiming(exp=str(ISSUED + 900)),
        "expiry as truth": claiming(exp=True),
        "expiry as fraction": claiming(exp=ISSUED + 900.5),
        "before time": claiming(nbf=-1),
        "log-in before time": claiming(auth_time=-1),
        "time of the log-in as text": claiming(auth_time=str(ISSUED)),
        "no time of the log-in": claiming(auth_time=None),
        "proof as text": claiming(amr="pwd"),
        "proofs as numbers": claiming(amr=[1]),
        "claim twice": lambda: raw(HEADER, json.dumps(CLAIMS)[:-1] + ',"exp":99999999999}'),
        "infinity": lambda: raw(HEADER, json.dumps(CLAIMS).replace(str(ISSUED), "1e999")),
        "list of claims": lambda: raw(HEADER, [CLAIMS]),
        "deep nesting": lambda: raw(HEADER, "[" * 100_000),
        "huge integer": lambda: raw(HEADER, "9" * 5000),
        "list of headers": lambda: raw([HEADER], CLAIMS),
        **{
            f"without {name}": lambda name=name: forged(without=name)  # type: ignore[misc]
            for name in ("sub", "sid", "jti", "exp", "iat", "nbf")
        },
    },
}


@pytest.mark.parametrize(
    ("expected", "attack"), [(kind, name) for kind, named in ATTACKS.items() for name in named]
)
def test_no_other_token_is_taken(expected: str, attack: str) -> None:
    assert reason(ATTACKS[expected][attack]()) == expected


def test_an_expiry_is_exact() -> None:
    token = tokens().sign(ACCESS)
    end = NOW + timedelta(seconds=ACCESS_SECONDS)
    assert tokens(end - timedelta(milliseconds=1)).verify(token) == ACCESS
    assert reason(token, end) == "expired"


def test_a_signer_whose_clock_runs_a_little_ahead_is_believed() -> None:
    token = tokens().sign(ACCESS)
    assert tokens(NOW - timedelta(seconds=SKEW_SECONDS)).verify(token) == ACCESS
    assert reason(token, NOW - timedelta(seconds=SKEW_SECONDS + 1)) == "not_yet_valid"
    assert reason(forged({"nbf": ISSUED + SKEW_SECONDS + 1})) == "not_yet_valid"


def test_every_changed_character_is_noticed() -> None:
    token = tokens().sign(ACCESS)
    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        with pytest.raises(InvalidAccessToken):
            tokens().verify(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("change", ["{}=", "{}==", " {}", "{}\n", "{}.", ".{}", "{}AAA"])
def test_a_token_has_one_spelling(change: str) -> None:
    assert reason(change.format(tokens().sign(ACCESS))) == "malformed"


@given(st.text(max_size=300))
def test_any_text_is_refused_and_nothing_else_is_raised(text: str) -> None:
    with pytest.raises(InvalidAccessToken):
        tokens().verify(text)


@given(st.lists(st.binary(max_size=60), min_size=3, max_size=3))
def test_any_three_parts_are_refused_and_nothing_else_is_raised(parts: list[bytes]) -> None:
    with pytest.raises(InvalidAccessToken):
        tokens().verify(".".join(map(_b64, parts)))


@given(
    st.dictionaries(
        st.sampled_from(["typ", "alg", "kid", "crit"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()),
    ),
    st.dictionaries(
        st.sampled_from([*CLAIMS]),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        min_size=1,
    ),
)
def test_any_header_and_claims_rightly_signed_raise_nothing_else(
    header: dict[str, Any], claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidAccessToken):
        tokens().verify(raw(HEADER | header, CLAIMS | claims | {"sub": "nobody"}))
