"""End the session that one is in."""

from dataclasses import dataclass, field

from shared.identity.domain.session import EndReason, session_of
from shared.identity.ports import IdentityUnitOfWork, RefreshTokenReader
from shared.kernel.clock import Clock
from shared.kernel.commands import CommandResult
from shared.kernel.errors import AuthenticationFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """End the session that the caller was recognised in, or that of a refresh token.

    The latter decides where there are both: a program that was away for an hour has nothing else.
    """

    user_id: str | None = None
    session_id: str | None = None
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut(CommandResult):
    """The session that has ended."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    tokens: RefreshTokenReader
    clock: Clock

    def __call__(self, command: LogOut) -> LoggedOut:
        """Return the session that is over now, whoever ended it; its tokens are refused from here.

        `InvalidRefreshToken` for a token that we never gave, `AuthenticationFailed` where nothing
        names a session.
        """
        user_id, session_id = self._named(command)
        now = self.clock.now()
        with self.uow as uow:
            rights = uow.sessions.find(user_id)
            session = rights and session_of(rights, session_id, now=now)
            if session:
                session.end(EndReason.LOGGED_OUT)
                uow.sessions.end(session)
                uow.commit()  # nothing to remember: whoever repeats it is told the same anyway
        return LoggedOut(session_id=session_id)

    def _named(self, command: LogOut) -> tuple[str, str]:
        if command.refresh_token is not None:
            known = self.tokens.read(command.refresh_token)
            return known.user_id, known.session_id
        if command.user_id is None or command.session_id is None:
            raise AuthenticationFailed
        return command.user_id, command.session_id
