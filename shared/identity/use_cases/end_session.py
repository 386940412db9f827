"""End one of one's own sessions, such as that of a device that was lost."""

from dataclasses import dataclass

from shared.identity.domain.errors import SessionNotFound
from shared.identity.domain.session import EndReason, session_of
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End session *session_id* of user *user_id*."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSession(CommandResult):
    """The session that has ended."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessionHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    clock: Clock

    def __call__(self, command: EndSession) -> EndedSession:
        """Return the session that is over now; `SessionNotFound` for one that the user has not."""
        now = self.clock.now()
        result = EndedSession(session_id=command.session_id)
        with self.uow as uow:
            rights = uow.sessions.find(command.user_id)
            session = rights and session_of(rights, command.session_id, now=now)
            if not session:
                raise SessionNotFound(command.session_id)
            session.end(EndReason.ENDED_BY_OWNER)
            uow.sessions.end(session)
            uow.commit(result)
        return result
