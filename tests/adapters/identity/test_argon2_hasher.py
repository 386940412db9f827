import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from shared.identity.adapters.argon2_hasher import Argon2Hasher
from shared.identity.domain.password import Password

pytestmark = pytest.mark.row("SEC-03")
PASSWORD = Password("seven quiet otters at dusk")
SMALL = Argon2Hasher(memory_kib=64, time_cost=1)


def test_the_parameters_are_owasps() -> None:
    """OWASP Password Storage Cheat Sheet: Argon2id with m=19456 (19 MiB), t=2, p=1."""
    known = extract_parameters(Argon2Hasher().hash(PASSWORD))
    assert (known.type, known.memory_cost, known.time_cost, known.parallelism) == (
        Type.ID,
        19_456,
        2,
        1,
    )
    assert (known.salt_len, known.hash_len, known.version) == (16, 32, 19)


def test_a_hash_is_verified_by_its_password_alone() -> None:
    made = SMALL.hash(PASSWORD)
    assert SMALL.verify(PASSWORD, made)
    assert not SMALL.verify(Password("correct horse battery stable"), made)
    assert made != SMALL.hash(PASSWORD)


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$v=19$m=64,t=1,p=1$", "$2b$12$abc"])
def test_what_is_no_hash_verifies_nothing(broken: str) -> None:
    assert not SMALL.verify(PASSWORD, broken)


def test_without_a_hash_a_decoy_with_the_same_parameters_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hasher = Argon2Hasher()
    asked: list[str] = []
    verify = PasswordHasher.verify

    def noting(self: PasswordHasher, known: str, text: str) -> bool:
        asked.append(known)
        return bool(verify(self, known, text))

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    assert not hasher.verify(PASSWORD, None)
    (decoy,) = asked
    assert extract_parameters(decoy) == extract_parameters(hasher.hash(PASSWORD))


def test_other_parameters_are_outdated() -> None:
    made = SMALL.hash(PASSWORD)
    assert not SMALL.is_outdated(made)
    assert Argon2Hasher().is_outdated(made)
    assert Argon2Hasher().verify(PASSWORD, made)
