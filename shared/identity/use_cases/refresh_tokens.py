"""Go on with a session: exchange its refresh token for a new one, and for access."""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.identity.domain.access import ACCESS_SECONDS, Granted
from shared.identity.domain.errors import InvalidRefreshToken, RefreshTokenReused
from shared.identity.domain.session import GRACE, Session, session_of
from shared.identity.ports import IdentityUnitOfWork, RefreshTokenReader
from shared.kernel.clock import Clock, to_iso
from shared.kernel.ids import IdSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTokens:
    """Go on with the session of *refresh_token*."""

    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed(Granted):
    """A session that goes on, remembered for as long as a lost answer is given again."""

    remembered_seconds: ClassVar[int | None] = int(GRACE.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTokensHandler:
    """One read, one write; thirty at once get the same refresh token."""

    uow: IdentityUnitOfWork
    tokens: RefreshTokenReader
    clock: Clock
    ids: IdSource

    def __call__(self, command: RefreshTokens) -> Refreshed:
        """Return the next tokens; `InvalidRefreshToken` for one that is no good (any more).

        `RefreshTokenReused` for one that was used before: a commit of its own ends the session.
        """
        known = self.tokens.read(command.refresh_token)
        now = self.clock.now()
        with self.uow as uow:
            rights = uow.sessions.find(known.user_id)
            session = rights and session_of(rights, known.session_id, now=now)
            if not rights or not rights.active or not session:
                raise InvalidRefreshToken("session_ended")
            try:
                renewed = session.renew(known.generation, now)
            except RefreshTokenReused:
                uow.sessions.end(session)
                uow.commit()
                raise
            if renewed:
                uow.sessions.renew(session)
            result = self._result(session, issued_at=int(now.timestamp()))
            uow.commit(result)
        return result

    def is_about(self, command: RefreshTokens, result: Refreshed) -> bool:
        """Tell whether *result* goes on with the session of *command*'s token."""
        known = self.tokens.read(command.refresh_token)
        return (known.user_id, known.session_id) == (result.user_id, result.session_id)

    def _result(self, session: Session, *, issued_at: int) -> Refreshed:
        left = int(session.live.ends_at.timestamp()) - issued_at
        return Refreshed(
            user_id=session.user_id,
            session_id=session.id,
            generation=session.live.generation,
            token_id=self.ids(),
            issued_at=issued_at,
            expires_in=min(ACCESS_SECONDS, left),
            session_ends_at=to_iso(session.live.ends_at),
            proven_at=int(session.live.proven_at.timestamp()),
            proven_by=[*session.live.proven_by],
        )
