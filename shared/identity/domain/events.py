"""What happens in identity. No event carries a password, a hash of one, or a token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRegistered(DomainEvent):
    """Somebody has an account now."""

    type = "user.registered"

    user_id: str
    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(DomainEvent):
    """Somebody has given themself another password."""

    type = "user.password_changed"

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDeactivated(DomainEvent):
    """An administrator has locked somebody out: they cannot log in, nor use what they hold."""

    type = "user.deactivated"

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserReactivated(DomainEvent):
    """… and has let them in again."""

    type = "user.reactivated"

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged(DomainEvent):
    """Somebody has other roles; *before* and *after* are all that they were and are entitled to.

    Both have ``roles``, ``grants`` and ``restrictions``, here and below.
    """

    type = "user.roles_changed"

    user_id: str
    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGranted(DomainEvent):
    """Somebody holds a permission that they did not hold."""

    type = "user.permission_granted"

    user_id: str
    permission: str
    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionRevoked(DomainEvent):
    """Somebody holds a permission no more: a grant is gone, or it is withheld."""

    type = "user.permission_revoked"

    user_id: str
    permission: str
    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFailed(DomainEvent):
    """A log-in with a wrong e-mail or password; ``account`` is the HMAC of the e-mail."""

    type = "user.login_failed"

    account: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLockedOut(DomainEvent):
    """Too many log-ins failed in a row: none is tried before ``locked_until`` (RFC 3339)."""

    type = "user.login_locked_out"

    account: str
    failures: int
    locked_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRecovered(DomainEvent):
    """A log-in succeeded after failures, which are forgotten now."""

    type = "user.login_recovered"

    account: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(DomainEvent):
    """Somebody has logged in, with the proofs ``proven_by`` (RFC 8176), until ``ends_at``."""

    type = "session.started"

    user_id: str
    proven_by: Sequence[str]
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(DomainEvent):
    """A session ended before its time: its tokens are refused from now on."""

    type = "session.ended"

    user_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReused(DomainEvent):
    """A refresh token came again after it had been replaced: it was stolen, or its successor."""

    type = "security.token_reused"

    user_id: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated(DomainEvent):
    """Somebody has made an API key for programs of theirs, until ``ends_at`` (RFC 3339)."""

    type = "api_key.created"

    user_id: str
    scopes: Sequence[str]
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(DomainEvent):
    """An API key ended before its time: it is refused from now on."""

    type = "api_key.revoked"

    user_id: str
    reason: str
