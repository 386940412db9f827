"""Give oneself another password, and end whatever was begun with the old one elsewhere."""

from dataclasses import dataclass, field, replace

from shared.identity.domain.errors import InvalidAccessToken, WeakPassword, WrongPassword
from shared.identity.domain.password import Password
from shared.identity.domain.session import EndReason, end_all
from shared.identity.domain.user import User
from shared.identity.ports import (
    CommonPasswords,
    IdentityUnitOfWork,
    KnownDevices,
    PasswordHasher,
)
from shared.kernel.clock import Clock
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """User *user_id* wants another password, in session *session_id*."""

    user_id: str
    session_id: str
    current_password: Password = field(repr=False)
    new_password: Password = field(repr=False)
    device_token: str | None = field(default=None, repr=False)
    """What an earlier log-in on the same device handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPassword(CommandResult):
    """How many other sessions have ended by it."""

    sessions_ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePasswordHandler:
    """Two reads, one transaction."""

    uow: IdentityUnitOfWork
    hasher: PasswordHasher
    common_passwords: CommonPasswords
    devices: KnownDevices
    clock: Clock

    def __call__(self, command: ChangePassword) -> ChangedPassword:
        """Change it; `WrongPassword` or, while locked out as for log-ins, `TooManyAttempts`.

        Whoever holds a stolen token guesses no better with it: the failures are those of log-ins.
        `WeakPassword` comes first and counts as no guess. From the commit on the old password
        begins no session, a log-in that was under way with it neither, and of those it has begun
        only the caller's goes on.
        """
        now = self.clock.now()
        with self.uow as uow:
            user, rights = uow.users.load(command.user_id)
            if rights.session(command.session_id, now=now) is None:
                raise InvalidAccessToken("session_ended")  # since the authorizer has looked
            self._check(command.new_password, user)
            device = self.devices.device(command.device_token, email=user.email, now=now)
            credentials, throttle = uow.logins.load(user.email, device=device)
            throttle.check(now)
            known = credentials.password_hash if credentials is not None else None
            if not self.hasher.verify(command.current_password, known) or credentials is None:
                throttle.count_failure(now)
                uow.logins.save(throttle)
                uow.commit()
                raise WrongPassword
            throttle.clear()
            uow.logins.save(throttle)
            user.change_password()
            uow.users.save(user)
            hashed = self.hasher.hash(command.new_password)
            proven = uow.logins.replace_password(credentials, hashed)
            left, ended = end_all(
                rights, EndReason.PASSWORD_CHANGED, now=now, but=command.session_id
            )
            after = replace(left, credentials=proven.version)
            uow.sessions.change_rights(rights, after, ended=ended)
            result = ChangedPassword(sessions_ended=len(ended))
            uow.commit(result)
        return result

    def _check(self, password: Password, user: User) -> None:
        try:
            password.check(
                is_common=self.common_passwords.__contains__,
                about=(user.email.key, user.name),
            )
        except WeakPassword as refused:
            raise refused.of_field("new_password") from None
