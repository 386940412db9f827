"""Where a user stands in the share of users for whom a flag is on."""

import hashlib

BUCKETS = 10_000
"""A share of users is exact to a hundredth of a percent."""


def bucket(flag: str, user_id: str) -> int:
    """Return a number from 0 to 9 999: always the same for a user and a flag, spread evenly.

    The flag's name is part of it, so that it is not the same users who try everything first.
    """
    digest = hashlib.sha256(f"{flag}:{user_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % BUCKETS


def bucket_key(flag: str) -> str:
    """Return the name under which the rules of *flag* know the user's bucket."""
    return f"bucket_{flag}"
