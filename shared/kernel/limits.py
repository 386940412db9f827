"""How often something may be done: the port through which use cases ask."""

from typing import Protocol


class Limiter(Protocol):
    """Counts, and refuses what is too much."""

    def check(self, text: str, /, *, of: str | None = None) -> None:
        """Count one more of what *text* limits; raises when that is too many.

        *text* states the limit in words, ``"5 reports an hour per user"``; *of* is who is counted,
        whoever sent the request if not given.
        """
        ...


class _Unlimited:
    def check(self, text: str, /, *, of: str | None = None) -> None:
        """Do nothing."""


UNLIMITED: Limiter = _Unlimited()
"""Lets everything pass."""
