import json

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.identity.adapters import signing_keys
from shared.identity.adapters.signing_keys import REFRESH_SECONDS, SigningKeys, key_from
from shared.platform.aws.secrets import SecretReader
from tests.support.aws_calls import counted_calls

pytestmark = [pytest.mark.row("SEC-02"), pytest.mark.usefixtures("moto")]
# Only one engine matters here, and it is no table's.
FIRST, SECOND = "f" * 64, "s" * 64


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Rotating:
    """A secret in Secrets Manager, and the keys made from it."""

    def __init__(self) -> None:
        self.client = boto3.client("secretsmanager")
        self.arn = self.client.create_secret(Name="signing", SecretString=FIRST)["ARN"]
        self.clock = Clock()

    def keys(self) -> SigningKeys:
        return SigningKeys(SecretReader(self.client, self.arn), monotonic=self.clock)

    def rotate(self, value: str) -> None:
        self.client.put_secret_value(SecretId=self.arn, SecretString=value)


@pytest.fixture
def secret() -> Rotating:
    return Rotating()


def test_a_secret_makes_one_key_pair_always(secret: Rotating) -> None:
    assert secret.keys().current().kid == key_from(FIRST).kid
    signing_keys.key_from.cache_clear()
    again = key_from(FIRST)
    again.public.verify(secret.keys().current().private.sign(b"x"), b"x")
    assert key_from(SECOND).kid != again.kid


def test_the_thumbprint_is_that_of_rfc_8037(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8037 appendix A.1 to A.3: a private key, its public key, its thumbprint."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    known = Ed25519PrivateKey.from_private_bytes(seed)

    class Fixed:
        @staticmethod
        def from_private_bytes(_: bytes) -> Ed25519PrivateKey:
            return known

    monkeypatch.setattr(signing_keys, "Ed25519PrivateKey", Fixed)
    key = key_from("the RFC's example")
    signing_keys.key_from.cache_clear()
    assert key.jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_rotation_signs_with_the_new_key_and_still_knows_the_old(secret: Rotating) -> None:
    old = secret.keys().current()
    secret.rotate(SECOND)
    keys = secret.keys()
    assert keys.current().kid == key_from(SECOND).kid
    assert keys.find(old.kid) == old
    assert [key["kid"] for key in keys.jwks()["keys"]] == [keys.current().kid, old.kid]


def test_a_warm_function_finds_the_key_that_a_rotation_has_just_made(secret: Rotating) -> None:
    keys = secret.keys()
    assert keys.current().kid == key_from(FIRST).kid
    secret.rotate(SECOND)
    assert keys.find(key_from(SECOND).kid) == key_from(SECOND)


def test_unknown_keys_do_not_make_us_hammer_secrets_manager(secret: Rotating) -> None:
    keys = secret.keys()
    keys.current()
    with counted_calls() as calls:
        for number in range(20):
            assert keys.find(f"unknown-{number}") is None
    assert calls.of("secretsmanager") == {"GetSecretValue": 2}  # one look: current and previous
    secret.clock.now += REFRESH_SECONDS + 1
    secret.rotate(SECOND)
    assert keys.find(key_from(SECOND).kid) is not None


@pytest.mark.parametrize("kid", [None, 1, [], {}, True])
def test_a_kid_that_is_no_text_is_unknown(secret: Rotating, kid: object) -> None:
    assert secret.keys().find(kid) is None


def test_what_is_published_holds_nothing_private(secret: Rotating) -> None:
    published = json.dumps(secret.keys().jwks())
    assert '"d"' not in published
    assert FIRST not in published
    assert FIRST not in repr(secret.keys().current())
