"""Access: what somebody gets for proving who they are, and for how long."""

from dataclasses import dataclass, field

from shared.kernel.errors import AuthenticationFailed

ACCESS_SECONDS = 15 * 60
"""How long an access token is good for."""


class InvalidCredentials(AuthenticationFailed):
    """E-mail and password do not belong together; which of them is wrong stays our secret."""

    code = "INVALID_CREDENTIALS"


class InvalidAccessToken(AuthenticationFailed):
    """The access token is no good; ``reason`` is one short word for logs and clients."""

    code = "INVALID_TOKEN"

    def __init__(self, reason: str) -> None:
        super().__init__("The access token is not valid.", details={"reason": reason})
        self.reason = reason


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
