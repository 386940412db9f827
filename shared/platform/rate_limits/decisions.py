"""What rules say to a request, and how the client hears of it."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from shared.kernel.messages import say
from shared.platform.runtime.errors import RateLimitExceeded


class Decision(NamedTuple):
    """What one rule says to one request.

    ``limit`` is its quota in ``window`` seconds, ``remaining`` what is left of it, ``reset`` the
    seconds until the window ends.
    """

    name: str
    allowed: bool
    limit: int
    remaining: int
    reset: int
    window: int


def refuse(decisions: Sequence[Decision]) -> None:
    """Raise `RateLimitExceeded` if one of *decisions* refuses: the one that lasts longest."""
    refused = [decision for decision in decisions if not decision.allowed]
    if refused:
        longest = max(refused, key=lambda decision: decision.reset)
        raise RateLimitExceeded(
            say(
                "Too many {what}. Please try again in {seconds:second|seconds}.",
                what=longest.name.replace("-", " "),
                seconds=longest.reset,
            ),
            retry_after_seconds=longest.reset,
            policies=[decision.name for decision in refused],
            headers=headers_of(decisions),
        )


def headers_of(decisions: Sequence[Decision]) -> list[tuple[bytes, bytes]]:
    """Return the headers that tell the client, empty when nothing was counted.

    ``RateLimit`` and ``RateLimit-Policy`` list every rule (draft-ietf-httpapi-ratelimit-headers,
    since its version 8: ``q`` quota, ``w`` window, ``r`` remaining, ``t`` seconds to the reset).
    ``X-RateLimit-*`` are what many clients know; they tell of the strictest rule alone, and
    ``Reset`` is epoch seconds.
    """
    if not decisions:
        return []
    strictest = min(decisions, key=lambda each: (each.allowed, each.remaining, -each.reset))
    policies = ", ".join(f'"{each.name}";q={each.limit};w={each.window}' for each in decisions)
    limits = ", ".join(f'"{each.name}";r={each.remaining};t={each.reset}' for each in decisions)
    values = {
        "ratelimit-policy": policies,
        "ratelimit": limits,
        "x-ratelimit-limit": str(strictest.limit),
        "x-ratelimit-remaining": str(strictest.remaining),
        "x-ratelimit-reset": str(int(time.time()) + strictest.reset),
    }
    return [(name.encode(), value.encode()) for name, value in values.items()]
