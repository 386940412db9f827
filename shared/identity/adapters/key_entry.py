"""What stands of an API key in its owner's rights, which every request reads: 28 bytes, or fewer.

Sixteen of the digest, four of its end (Unix seconds; none is 0), and the scopes as one bit each.
Twenty keys with their scopes spelt out would be 8 KB, and the whole item has to stay below 4.
"""

from datetime import UTC, datetime

from shared.identity.domain.key_text import DIGEST_BYTES
from shared.identity.domain.live_key import LiveKey

SCOPES = (
    "profile:read", "product:read", "product:read_confidential", "product:create",
    "product:update", "product:publish", "product:admin", "inventory:read", "inventory:adjust",
    "order:place", "order:read", "order:cancel", "order:admin", "payment:read", "payment:admin",
    "customer:admin", "notification:read", "notification:admin", "flag:read", "flag:set",
    "client:forward",
)  # fmt: skip
"""A scope's place here is its bit in what is stored: only ever add at the end."""

_ENDS = slice(DIGEST_BYTES, DIGEST_BYTES + 4)


def key_entry(live: LiveKey) -> bytes:
    """Return what stands there of a key."""
    bits = sum(1 << SCOPES.index(scope) for scope in live.scopes)
    ends = 0 if live.ends_at is None else int(live.ends_at.timestamp())
    return live.digest + ends.to_bytes(4) + bits.to_bytes((bits.bit_length() + 7) // 8)


def key_from(entry: bytes) -> LiveKey:
    """Return the key; scopes of a later release grant nothing here."""
    ends, bits = int.from_bytes(entry[_ENDS]), int.from_bytes(entry[_ENDS.stop :])
    return LiveKey(
        digest=entry[:DIGEST_BYTES],
        scopes=tuple(sorted(scope for bit, scope in enumerate(SCOPES) if bits >> bit & 1)),
        ends_at=datetime.fromtimestamp(ends, UTC) if ends else None,
    )
