"""Private keys of a secret, and public ones of the table: what each reads, and how often."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.identity.adapters import signing_keys
from shared.identity.adapters.public_keys import REFRESH_SECONDS, PublicKeys
from shared.identity.adapters.signing_keys import SigningKeys, key_from
from shared.identity.domain.key_ring import CACHED_SECONDS, KeyRing, PublicKey
from shared.kernel.clock import to_iso
from shared.platform.aws.secrets import SecretReader
from shared.platform.runtime.errors import DatabaseError, DeadlineExceeded, SystemFault
from tests.support.aws_calls import counted_calls

pytestmark = pytest.mark.row("SEC-02")
FIRST, SECOND = "f" * 64, "s" * 64
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Rings:
    """The table: what is published, and how often somebody has looked."""

    def __init__(self, *secrets: str) -> None:
        self.secrets = secrets
        self.published_at = NOW
        self.reads = 0
        self.away = False

    def load(self) -> KeyRing:
        self.reads += 1
        if self.away:
            raise DatabaseError("away")
        return KeyRing(keys=tuple(self._published(secret) for secret in self.secrets))

    def _published(self, secret: str) -> PublicKey:
        key = key_from(secret)
        return PublicKey(kid=key.kid, x=key.x, version_id="v", published_at=self.published_at)


class Slow(Rings):
    """A table that answers when it is too late."""

    is_slow = True

    def load(self) -> KeyRing:
        if self.is_slow:
            raise DeadlineExceeded
        return super().load()


def kid(secret: str) -> str:
    return key_from(secret).kid


@pytest.mark.usefixtures("moto")
def test_what_signs_reads_the_current_version_alone() -> None:
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name="signing", SecretString=FIRST)["ARN"]
    client.put_secret_value(SecretId=arn, SecretString=SECOND)
    keys = SigningKeys(SecretReader(client, arn, stages=("AWSCURRENT",)))
    with counted_calls() as calls:
        assert keys.current().kid == kid(SECOND)
        assert keys.current().kid == kid(SECOND)
    assert calls.made == [("secretsmanager", "GetSecretValue")]


def test_a_secret_makes_one_key_pair_always() -> None:
    known = key_from(FIRST)
    signing_keys.key_from.cache_clear()
    again = key_from(FIRST)
    again.public.verify(known.private.sign(b"x"), b"x")
    assert kid(SECOND) != again.kid
    assert FIRST not in repr(again)


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
    assert key.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_published_key_is_the_public_half_of_the_one_that_signs() -> None:
    found = PublicKeys(Rings(FIRST)).find(kid(FIRST))
    assert found is not None
    found.verify(key_from(FIRST).private.sign(b"x"), b"x")


def test_keys_are_read_once_and_again_when_they_may_have_changed() -> None:
    rings, clock = Rings(FIRST), Clock()
    keys = PublicKeys(rings, monotonic=clock)
    for _ in range(20):
        assert keys.find(kid(FIRST))
    assert rings.reads == 1
    clock.now += CACHED_SECONDS + 1
    rings.secrets = (SECOND,)
    assert keys.find(kid(FIRST)) is None
    assert rings.reads == 2


def test_a_warm_function_finds_the_key_that_has_just_been_published() -> None:
    rings, clock = Rings(FIRST), Clock()
    keys = PublicKeys(rings, monotonic=clock)
    assert keys.find(kid(FIRST))
    rings.secrets = (SECOND, FIRST)
    clock.now += 1
    assert keys.find(kid(SECOND))


def test_unknown_keys_do_not_make_us_hammer_the_table() -> None:
    rings, clock = Rings(FIRST), Clock()
    keys = PublicKeys(rings, monotonic=clock)
    for number in range(20):
        clock.now += 0.1
        assert keys.find(f"unknown-{number}") is None
    assert rings.reads == 1
    clock.now += REFRESH_SECONDS + 1
    rings.secrets = (SECOND,)
    assert keys.find(kid(SECOND))


@pytest.mark.parametrize("named", [None, 1, [], {}, True])
def test_a_kid_that_is_no_text_is_unknown_and_costs_nothing(named: object) -> None:
    rings = Rings(FIRST)
    assert PublicKeys(rings).find(named) is None
    assert rings.reads == 0


def test_keys_that_were_read_outlive_an_outage_of_the_table() -> None:
    rings, clock = Rings(FIRST), Clock()
    keys = PublicKeys(rings, monotonic=clock)
    rings.away = True
    with pytest.raises(SystemFault):
        keys.find(kid(FIRST))
    rings.away = False
    assert keys.find(kid(FIRST))
    rings.away = True
    clock.now += CACHED_SECONDS + 1
    assert keys.find(kid(FIRST))


def test_a_read_that_the_deadline_ends_makes_no_key_unknown() -> None:
    """A warm function would refuse good tokens for half a minute: nobody could know them."""
    rings, clock = Slow(FIRST), Clock()
    keys = PublicKeys(rings, monotonic=clock)
    for _ in range(3):
        clock.now += 1
        with pytest.raises(DeadlineExceeded):
            keys.find(kid(FIRST))
    rings.is_slow = False
    assert keys.find(kid(FIRST))


def test_before_the_first_key_is_published_nobody_is_told_that_theirs_is_wrong() -> None:
    rings = Rings()
    keys = PublicKeys(rings)
    with pytest.raises(SystemFault, match="no signing key"):
        keys.find(kid(FIRST))
    rings.secrets = (FIRST,)
    assert keys.find(kid(FIRST))


def test_what_was_published_before_the_floor_verifies_nothing_whatever_the_table_says() -> None:
    rings = Rings(FIRST)
    later = to_iso(NOW + timedelta(milliseconds=1))
    assert PublicKeys(rings, since=later).find(kid(FIRST)) is None
    assert PublicKeys(rings, since=to_iso(NOW)).find(kid(FIRST))
