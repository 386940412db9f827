"""The keys that tokens are verified with, as they are published: no private half is read here."""

import base64
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.identity.domain.key_ring import CACHED_SECONDS
from shared.identity.ports import KeyRingReader
from shared.kernel.clock import from_iso
from shared.platform.runtime.errors import ExternalServiceError, SystemFault
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger

REFRESH_SECONDS = 30.0
"""An unknown key id makes us read the keys anew, but not more often than this."""


class PublicKeys:
    """The published keys, kept for `CACHED_SECONDS`.

    Those that were published before *since* (RFC 3339) are none of ours, whatever the table says:
    `make leaked` sets it in the function's own configuration, so that no warm function and no
    table that was restored from a backup takes a leaked key for good.
    """

    def __init__(
        self,
        rings: KeyRingReader,
        *,
        since: str = "",
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._rings = rings
        self._since = since
        self._monotonic = monotonic
        self._kept: dict[str, str] = {}
        self._read_at = float("-inf")
        self._refreshed_at = float("-inf")

    def find(self, kid: Any) -> Ed25519PublicKey | None:
        """Return the key named *kid*; a key that has just been published is found too."""
        if not isinstance(kid, str):
            return None
        now = self._monotonic()
        if now - self._read_at > CACHED_SECONDS:
            self._read(now)
        if kid not in self._kept and now - self._refreshed_at > REFRESH_SECONDS:
            if self._read_at != now:
                self._read(now)
            self._refreshed_at = now
        x = self._kept.get(kid)
        return None if x is None else _key(x)

    def _read(self, now: float) -> None:
        """Read them; those that were read once outlive an outage of the table.

        A read that the deadline ends was none: the next request reads again, where it would
        otherwise take good tokens for those of unknown keys.
        """
        try:
            ring = self._rings.load()
            if not ring.keys:
                raise ExternalServiceError("no signing key is published")
        except SystemFault as error:
            if not self._kept:
                raise
            self._read_at = now
            get_logger(settings().service).warning("keeping the public keys", reason=str(error))
            return
        self._read_at = now
        since = self._since and from_iso(self._since)
        self._kept = {
            key.kid: key.x for key in ring.keys if not since or key.published_at >= since
        }


@lru_cache(maxsize=8)
def _key(x: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "="))
