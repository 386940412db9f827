"""What the rights of a user hold of one API key of theirs."""

from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKey:
    """A key that has not been revoked; *digest* is all that is known of its secret.

    ``scopes`` are the permissions that it carries, of those that its owner has.
    """

    digest: bytes = field(repr=False)
    scopes: tuple[str, ...]
    ends_at: datetime | None = None

    def is_of(self, digest: bytes) -> bool:
        """Tell whether it is the key with this *digest*, in the same time whatever it is."""
        return compare_digest(self.digest, digest)

    def goes_on(self, now: datetime) -> bool:
        """Tell whether it is good *now*: an end is past the very moment it names."""
        return self.ends_at is None or now < self.ends_at
