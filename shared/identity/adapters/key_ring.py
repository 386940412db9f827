"""The published keys in the table: ``KeyRing#access-tokens/STATE``, public halves alone."""

from collections.abc import Mapping
from typing import Any

from shared.identity.domain.key_ring import KeyRing, PublicKey
from shared.kernel.clock import from_iso, to_iso
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import STATE

KEY = {"PK": partition("KeyRing", "access-tokens"), "SK": STATE}


def ring_item(ring: KeyRing) -> Item:
    """Return the item of *ring*, without its version."""
    return {"PK": KEY["PK"], "keys": [_item(key) for key in ring.keys]}


def ring_from(item: Mapping[str, Any]) -> KeyRing:
    """Return the ring that an item holds."""
    return KeyRing(keys=tuple(_key(each) for each in item["keys"]), version=item["version"])


def _item(key: PublicKey) -> Item:
    return {
        "kid": key.kid,
        "x": key.x,
        "version_id": key.version_id,
        "published_at": to_iso(key.published_at),
        "signs_since": key.signs_since and to_iso(key.signs_since),
        "retired_at": key.retired_at and to_iso(key.retired_at),
    }


def _key(item: Mapping[str, Any]) -> PublicKey:
    since, until = item["signs_since"], item["retired_at"]
    return PublicKey(
        kid=item["kid"],
        x=item["x"],
        version_id=item["version_id"],
        published_at=from_iso(item["published_at"]),
        signs_since=from_iso(since) if since else None,
        retired_at=from_iso(until) if until else None,
    )
