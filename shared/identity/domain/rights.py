"""Rights: what a user may do at this moment, and the sessions in which they may do it.

Everything that a request is judged by lies in one place, so that judging is one read, and what
takes a right away (a log-out, another role, a deactivation) holds from the next request on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.live_key import LiveKey

LONGEST_IDLE = timedelta(days=7)
"""A session ends so long after its last refresh (ASVS 5.0, 7.3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A session that goes on.

    ``generation`` counts its refresh tokens, ``renewed_at`` is when the latest was given.
    ``proven_by`` are the proofs it began with (RFC 8176), and ``proven_at`` is their time.
    """

    proven_at: datetime
    proven_by: tuple[str, ...]
    renewed_at: datetime
    ends_at: datetime
    """However often it is renewed."""
    generation: int = 1

    @property
    def idle_ends_at(self) -> datetime:
        """When it ends unless it is renewed before."""
        return min(self.ends_at, self.renewed_at + LONGEST_IDLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What one user may do; ``credentials`` counts the changes of what they log in with."""

    user_id: str
    active: bool
    entitlements: Entitlements
    credentials: int = 0
    sessions: Mapping[str, LiveSession]
    keys: Mapping[int, LiveKey] = field(default_factory=dict)
    """API keys by their numbers."""
    keys_made: int = 0
    """How many keys there have ever been: it is the number of the latest."""
    kept: bool = True
    """Whether they lie there: an old account has none until it logs in for the first time."""

    def session(self, session_id: str, *, now: datetime) -> LiveSession | None:
        """Return a session that goes on *now*: an end is past the very moment it names."""
        found = self.sessions.get(session_id)
        return None if found is None or now >= found.idle_ends_at else found
