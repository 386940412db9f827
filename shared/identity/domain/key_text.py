"""How an API key is written: ``tw_live_<id>_<secret><checksum>``, in the manner of GitHub's.

- ``tw_live`` in production, ``tw_test`` anywhere else: each environment refuses the others' keys.
- The id names owner and number, so that judging a key takes no look-up of whose it is.
- The secret is 256 random bits. Nobody guesses those, so what is stored of them is a plain hash:
  a slow one makes guessing passwords dear, and here there is nothing to guess.
- The checksum, CRC-32 of all before it, tells a key from what only looks like one without a read,
  to us and to secret scanners.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

from shared.identity.domain.base62 import from_base62, to_base62
from shared.identity.domain.errors import InvalidApiKey
from shared.kernel.ids import is_id

LIVE, TEST = "tw_live", "tw_test"
SECRET_BYTES = 32
DIGEST_BYTES = 16
"""Of SHA-256, as much as nobody finds another text for: 2¹²⁸ tries, each a request or a leak of
the table. All of a user's keys lie in the item that every request reads."""

_OWNER, _NUMBER, _SECRET, _CHECKSUM = 22, 3, 43, 6
_ID_FORM = re.compile(rf"[0-9A-Za-z]{{{_OWNER + _NUMBER}}}")
_FORM = re.compile(
    rf"(?P<prefix>tw_live|tw_test)_(?P<id>[0-9A-Za-z]{{{_OWNER + _NUMBER}}})"
    rf"_[0-9A-Za-z]{{{_SECRET}}}(?P<checksum>[0-9A-Za-z]{{{_CHECKSUM}}})"
)
MOST_NUMBERS = 62**_NUMBER - 1
"""How many keys of one user can be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """What a key is made of that has no number yet; *prefix* is the environment's."""

    prefix: str
    randomness: bytes = field(repr=False)

    def written(self, key_id: str) -> str:
        """Return the whole key: what its owner is shown, once."""
        secret = to_base62(int.from_bytes(self.randomness), width=_SECRET)
        known = f"{self.prefix}_{key_id}_{secret}"
        return known + checksum(known)

    def digest(self, key_id: str) -> bytes:
        """Return what is stored of it."""
        return _digest(self.written(key_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedKey:
    """What a text that is written like a key says: nobody has looked whether there is one."""

    user_id: str
    number: int
    digest: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """How the key is named."""
        return key_id(self.user_id, self.number)


def read_key(text: str, *, prefix: str) -> ClaimedKey:
    """Return what *text* claims to be; `InvalidApiKey` says what is wrong with it."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise InvalidApiKey("malformed")
    if found["prefix"] != prefix:
        raise InvalidApiKey("wrong_environment")
    if found["checksum"] != checksum(text[:-_CHECKSUM]):
        raise InvalidApiKey("bad_checksum")
    named = owner_and_number(found["id"])
    if named is None:
        raise InvalidApiKey("malformed")
    return ClaimedKey(user_id=named[0], number=named[1], digest=_digest(text))


def checksum(text: str) -> str:
    """Return the six characters that end a key."""
    return to_base62(crc32(text.encode()), width=_CHECKSUM)


def key_id(user_id: str, number: int) -> str:
    """Return how the *number*-th key of a user is named."""
    owner = to_base62(int(user_id.replace("-", ""), 16), width=_OWNER)
    return owner + to_base62(number, width=_NUMBER)


def owner_and_number(key_id: str) -> tuple[str, int] | None:
    """Return whose key it is, and its number among theirs; ``None`` for what names no key."""
    if _ID_FORM.fullmatch(key_id) is None:
        return None
    digits = f"{from_base62(key_id[:_OWNER]):032x}"
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    user_id, number = "-".join(parts), from_base62(key_id[_OWNER:])
    return (user_id, number) if is_id(user_id) and number else None


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()[:DIGEST_BYTES]
