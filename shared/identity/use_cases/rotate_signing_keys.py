"""Take the signing keys one step on: announce the next, sign with it, drop what has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.identity.domain.key_ring import KeyRing, PublicHalf, PublicKey
from shared.identity.ports import IdentityUnitOfWork, SigningSecret
from shared.kernel.clock import Clock, to_iso


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateSigningKeys:
    """Do what is due; ``start`` a rotation before its time, or end all keys: one ``leaked``."""

    start: bool = False
    leaked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateSigningKeysHandler:
    """Any call may fail at any place, and the next one goes on from what it finds.

    The secret's own label says which version signs, so it moves first and the ring follows:
    between the two nothing signs that is not published.
    """

    uow: IdentityUnitOfWork
    secret: SigningSecret
    clock: Clock

    def __call__(self, command: RotateSigningKeys) -> Mapping[str, Any]:
        """Return the key ids, and since when the signing key is published."""
        now = self.clock.now()
        with self.uow as uow:
            before = uow.key_rings.load()
            if command.leaked:
                after = self._replaced(before, now)
            else:
                after = self._advanced(before, now, start=command.start)
            if after != before:
                uow.key_rings.save(after)
                uow.commit()
        return _told(after)

    def _advanced(self, ring: KeyRing, now: datetime, *, start: bool) -> KeyRing:
        current = self.secret.current()
        signing = ring.signing
        if signing is None or signing.kid != current.kid:
            # The first time; or another run stopped half-way; or somebody gave the secret a value.
            previous = None if ring.keys else self.secret.previous()
            ring = ring.sign_with(_published(current, now), now)
            if previous is not None:
                ring = ring.retire(_published(previous, now), now)
        if ring.may_sign(now) and ring.announced is not None:
            self.secret.sign_with(ring.announced.version_id, instead_of=current.version_id)
            ring = ring.sign_with(ring.announced, now)
        elif ring.is_due(now) or (start and ring.announced is None):
            drawn = self.secret.pending() or self.secret.draw()
            ring = ring.announce(_published(drawn, now))
        return ring.forget(now)

    def _replaced(self, ring: KeyRing, now: datetime) -> KeyRing:
        leaked = self.secret.current()
        self.secret.discard_pending()
        fresh = self.secret.draw()
        self.secret.sign_with(fresh.version_id, instead_of=leaked.version_id)
        self.secret.discard_previous()
        return ring.start_anew(_published(fresh, now), now)


def _published(half: PublicHalf, now: datetime) -> PublicKey:
    return PublicKey(kid=half.kid, x=half.x, version_id=half.version_id, published_at=now)


def _told(ring: KeyRing) -> Mapping[str, Any]:
    signing, announced = ring.signing, ring.announced
    return {
        "signing": signing and signing.kid,
        "published_at": signing and to_iso(signing.published_at),
        "announced": announced and announced.kid,
        "retired": [key.kid for key in ring.keys if key.retired_at is not None],
    }
