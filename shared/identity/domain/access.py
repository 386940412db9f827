"""Access: what somebody gets for proving who they are, and for how long."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from shared.kernel.commands import CommandResult

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
    proven_at: int | None = None
    """When its session's log-in was; a token of an earlier release does not say."""
    proven_by: tuple[str, ...] = ()
    """… and by which proofs (RFC 8176)."""
    csrf: str | None = None
    """What its session's CSRF token hashes to; a token that says so is good in a cookie alone."""


def csrf_hash(token: str) -> str:
    """Return what an access token says of the CSRF *token* that is to come with it."""
    digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_csrf_token_of(access: Access, token: str) -> bool:
    """Tell whether *token* is the one that was handed out with *access*."""
    return access.csrf is not None and hmac.compare_digest(csrf_hash(token), access.csrf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """Which refresh token of which session: a token is nothing but this, with a tag."""

    user_id: str
    session_id: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted(CommandResult):
    """What a session is gone on with. It is stored for replays: what tokens say, not the tokens.

    Times are Unix seconds, ``session_ends_at`` is RFC 3339.
    """

    user_id: str
    session_id: str
    token_id: str
    issued_at: int
    expires_in: int
    generation: int = 1  # what an earlier release has remembered has none, nor an end
    session_ends_at: str = ""
    proven_at: int | None = None  # nor when and how its user has logged in
    proven_by: Sequence[str] = ()

    @property
    def access(self) -> Access:
        """What the access token stands for."""
        return Access(
            user_id=self.user_id,
            session_id=self.session_id,
            token_id=self.token_id,
            issued_at=self.issued_at,
            expires_at=self.issued_at + self.expires_in,
            proven_at=self.proven_at,
            proven_by=tuple(self.proven_by),
        )

    @property
    def next(self) -> Continuation:
        """What the refresh token stands for."""
        return Continuation(
            user_id=self.user_id, session_id=self.session_id, generation=self.generation
        )


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
