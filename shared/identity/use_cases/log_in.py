"""Prove who one is with e-mail and password."""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.identity.domain.access import ACCESS_SECONDS, Access, Credentials
from shared.identity.domain.errors import InvalidCredentials
from shared.identity.domain.password import Password
from shared.identity.ports import IdentityUnitOfWork, KnownDevices, PasswordHasher
from shared.kernel.clock import Clock
from shared.kernel.commands import CommandResult
from shared.kernel.email import Email
from shared.kernel.ids import IdSource


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    email: Email
    password: Password = field(repr=False)
    device_token: str | None = field(default=None, repr=False)
    """What an earlier log-in on the same device handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(CommandResult):
    """A new session. It is stored for replays, so it holds what the token says, not the token."""

    remembered_seconds: ClassVar[int | None] = ACCESS_SECONDS

    user_id: str
    email: str
    role: str
    session_id: str
    token_id: str
    issued_at: int
    expires_in: int
    device_id: str = ""  # what an earlier release has remembered has none

    @property
    def access(self) -> Access:
        """What the access token stands for."""
        return Access(
            user_id=self.user_id,
            session_id=self.session_id,
            token_id=self.token_id,
            issued_at=self.issued_at,
            expires_at=self.issued_at + self.expires_in,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInHandler:
    """One read, one transaction, and the same work whether the account exists or not."""

    uow: IdentityUnitOfWork
    hasher: PasswordHasher
    clock: Clock
    ids: IdSource
    devices: KnownDevices

    def __call__(self, command: LogIn) -> LoggedIn:
        """Return a new session; `InvalidCredentials` or, while locked out, `TooManyAttempts`.

        A failure is counted by a commit of its own, which does not remember the request: the
        same request may succeed later.
        """
        now = self.clock.now()
        with self.uow as uow:
            device = self.devices.device(command.device_token, email=command.email, now=now)
            credentials, throttle = uow.logins.load(command.email, device=device)
            throttle.check(now)
            proven = self._prove(credentials, command.password)
            if proven is None:
                throttle.count_failure(now)
                uow.logins.save(throttle)
                uow.commit()
                raise InvalidCredentials
            throttle.clear()
            uow.logins.save(throttle)
            if self.hasher.is_outdated(proven.password_hash):
                uow.logins.rehash(proven, self.hasher.hash(command.password))
            result = LoggedIn(
                user_id=proven.user_id,
                email=proven.email,
                role=proven.role,
                session_id=self.ids(),
                token_id=self.ids(),
                issued_at=int(now.timestamp()),
                expires_in=ACCESS_SECONDS,
                device_id=device or self.ids(),
            )
            uow.commit(result)
        return result

    def _prove(self, credentials: Credentials | None, password: Password) -> Credentials | None:
        known = credentials.password_hash if credentials is not None else None
        matches = self.hasher.verify(password, known)
        return credentials if matches and credentials is not None and credentials.active else None
