"""The keys that access tokens are verified with: what is published, since when, and why.

A key is published before it signs, long enough for every cache of the published keys to have seen
it; it stays published for as long as a token that it signed can be good. A leaked key is gone at
once, with all others.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CACHED_SECONDS = 300
"""How long whoever reads the keys, or the secret that signs, may keep what was read."""

ANNOUNCED = timedelta(hours=1)
"""How long a key is published before it signs.

The distribution keeps the keys for 5 minutes, and a verifier that counts those anew 5 more; the
rest is for verifiers that keep them longer than they are told to.
"""

RETIRED = timedelta(hours=1)
"""How long a key is published after another signs: a warm log-in signs with it for 5 minutes
more, and its last token is good for 15."""

CHANGED_EVERY = timedelta(days=30)
"""How long a key signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHalf:
    """What may be known of a version of the signing secret.

    ``kid`` is its RFC 7638 thumbprint, ``x`` its 32 bytes in base64url, as in a JSON Web Key.
    """

    version_id: str
    kid: str
    x: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public half that is published, and why."""

    kid: str
    x: str
    version_id: str
    published_at: datetime
    signs_since: datetime | None = None
    retired_at: datetime | None = None

    def is_announced(self) -> bool:
        """Tell whether it is published and has never signed."""
        return self.signs_since is None

    def signs(self) -> bool:
        """Tell whether it is the one that signs."""
        return self.signs_since is not None and self.retired_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The published keys, the one that signs first."""

    keys: tuple[PublicKey, ...] = ()
    version: int = 0

    @property
    def signing(self) -> PublicKey | None:
        """The key that signs; there is none before the first."""
        return next((key for key in self.keys if key.signs()), None)

    @property
    def announced(self) -> PublicKey | None:
        """The key that signs next, if one is published already."""
        return next((key for key in self.keys if key.is_announced()), None)

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time to announce another key."""
        signing = self.signing
        old = signing is not None and now - (signing.signs_since or now) >= CHANGED_EVERY
        return old and self.announced is None

    def may_sign(self, now: datetime) -> bool:
        """Tell whether everybody must have seen the announced key."""
        announced = self.announced
        return announced is not None and now - announced.published_at >= ANNOUNCED

    def announce(self, key: PublicKey) -> "KeyRing":
        """Publish *key*, which will sign later."""
        return replace(self, keys=(*self.keys, key))

    def sign_with(self, key: PublicKey, now: datetime) -> "KeyRing":
        """Have *key* sign from now on, published or not; the one before goes on verifying."""
        known = next((each for each in self.keys if each.kid == key.kid), key)
        first = replace(known, signs_since=now, retired_at=None)
        others = (each for each in self.keys if each.kid != key.kid)
        kept = (replace(each, retired_at=now) if each.signs() else each for each in others)
        return replace(self, keys=(first, *kept))

    def retire(self, key: PublicKey, now: datetime) -> "KeyRing":
        """Publish *key*, which has signed until now."""
        return replace(self, keys=(*self.keys, replace(key, signs_since=now, retired_at=now)))

    def forget(self, now: datetime) -> "KeyRing":
        """Drop the keys whose last tokens have expired."""
        kept = (k for k in self.keys if k.retired_at is None or now - k.retired_at < RETIRED)
        return replace(self, keys=tuple(kept))

    def start_anew(self, key: PublicKey, now: datetime) -> "KeyRing":
        """Have *key* sign, and trust no other: they have leaked."""
        return replace(self, keys=(replace(key, signs_since=now),))
