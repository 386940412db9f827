"""Access: what somebody gets for proving who they are, and for how long."""

from dataclasses import dataclass, field

ACCESS_SECONDS = 10 * 60
"""How long an access token is good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access of one user; times are Unix seconds. A token is nothing but this, signed."""

    user_id: str
    session_id: str
    token_id: str
    issued_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a log-in is checked against. Never leaves identity; its hash is never shown."""

    user_id: str
    email: str
    role: str
    active: bool
    password_hash: str = field(repr=False)
    version: int = 0
    """How often what one logs in with has changed: a session begins only if it has not since."""
