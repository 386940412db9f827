"""Where somebody is logged in."""

from dataclasses import dataclass

from shared.identity.ports import SessionReader, SessionSummary
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """The sessions of one user."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessionsHandler:
    """Two reads: at most 20 sessions, so there are no pages."""

    sessions: SessionReader
    clock: Clock

    def __call__(self, query: ListSessions) -> list[SessionSummary]:
        """Return those that go on, newest first."""
        return self.sessions.of_user(query.user_id, now=self.clock.now())
