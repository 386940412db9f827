"""Argon2id (RFC 9106) with the parameters of the OWASP Password Storage Cheat Sheet."""

import base64

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from shared.identity.domain.password import Password

MEMORY_KIB = 19_456
TIME_COST = 2
PARALLELISM = 1
_HASH_BYTES = 32
_SALT_BYTES = 16


class Argon2Hasher:
    """Hashes passwords with 19 MiB, two passes, one lane."""

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        time_cost: int = TIME_COST,
        parallelism: int = PARALLELISM,
    ) -> None:
        self._argon2 = PasswordHasher(
            time_cost=time_cost,
            memory_cost=memory_kib,
            parallelism=parallelism,
            hash_len=_HASH_BYTES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )
        self._decoy = (
            f"$argon2id$v=19$m={memory_kib},t={time_cost},p={parallelism}"
            f"${_b64(bytes(_SALT_BYTES))}${_b64(bytes(_HASH_BYTES))}"
        )

    def hash(self, password: Password) -> str:
        """Return the hash in PHC form; see `shared.identity.ports.PasswordHasher`."""
        return self._argon2.hash(password.text)

    def verify(self, password: Password, password_hash: str | None) -> bool:
        """Tell whether they belong together; without a hash, compare with one nobody has."""
        try:
            self._argon2.verify(password_hash or self._decoy, password.text)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the parameters have changed since."""
        return self._argon2.check_needs_rehash(password_hash)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).rstrip(b"=").decode()
