"""Sessions: one log-in each, kept alive by refresh tokens of which each is good once.

RFC 9700, 4.14.2: a refresh token is replaced whenever it is used, and one that comes again was
stolen from its owner or from its thief; nobody can tell which, so that the session ends for both.
What a client asks again because the answer got lost is told from that by the time: within
`GRACE` the latest answer is given once more (ADR 43).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.identity.domain.errors import RefreshTokenReused
from shared.identity.domain.events import SessionEnded, SessionStarted, TokenReused
from shared.identity.domain.rights import LiveSession, Rights
from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import to_iso

LONGEST = timedelta(days=30)
"""A session ends so long after its log-in, however busy it is (ASVS 5.0, 7.3.2)."""
GRACE = timedelta(seconds=30)
"""How long the token before the latest one gets the latest again."""
MOST = 20
"""Sessions of one user: the next log-in ends the oldest. It bounds the item they lie in."""


class EndReason(StrEnum):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged_out"
    ENDED_BY_OWNER = "ended_by_owner"
    """… from another session of theirs."""
    REPLACED = "replaced"
    """There were more than `MOST`."""
    TOKEN_REUSED = "token_reused"  # noqa: S105  # not one
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # nor this
    """… in another session, which goes on."""
    DEACTIVATED = "deactivated"


class Session(Aggregate):
    """One log-in of one user; ``client`` is how the program called itself that logged in."""

    aggregate_type = "Session"

    def __init__(
        self, id: str, *, user_id: str, live: LiveSession, client: str = "", version: int = 1
    ) -> None:
        super().__init__(id, version=version)
        self.user_id = user_id
        self.live = live
        self.client = client

    @classmethod
    def start(
        cls, id: str, *, user_id: str, proven_by: Sequence[str], client: str, at: datetime
    ) -> "Session":
        """Return a session that begins *at* that moment."""
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)  # as it is kept
        live = LiveSession(
            proven_at=at, proven_by=tuple(proven_by), renewed_at=at, ends_at=at + LONGEST
        )
        session = cls(id, user_id=user_id, live=live, client=client, version=0)
        session._record(
            SessionStarted(user_id=user_id, proven_by=live.proven_by, ends_at=to_iso(live.ends_at))
        )
        return session

    def renew(self, generation: int, now: datetime) -> bool:
        """Take it on to its next token, for the token of *generation*.

        `False` if the latest token is to be given once more: its answer may have been lost.
        `RefreshTokenReused` for a token that is older: the session has ended then, and that is to
        be saved.
        """
        if generation == self.live.generation:
            now = now.replace(microsecond=now.microsecond // 1000 * 1000)
            self.live = replace(self.live, generation=generation + 1, renewed_at=now)
            return True
        if generation == self.live.generation - 1 and now < self.live.renewed_at + GRACE:
            return False
        self._record(TokenReused(user_id=self.user_id, generation=generation))
        self.end(EndReason.TOKEN_REUSED)
        raise RefreshTokenReused

    def end(self, reason: EndReason) -> None:
        """End it: its tokens are no good any more."""
        self._record(SessionEnded(user_id=self.user_id, reason=reason.value))


def session_of(rights: Rights, session_id: str, *, now: datetime) -> Session | None:
    """Return a session that goes on *now*. It has had one event so far: it began."""
    live = rights.session(session_id, now=now)
    return None if live is None else Session(session_id, user_id=rights.user_id, live=live)


def end_all(
    rights: Rights, reason: EndReason, *, now: datetime, but: str | None = None
) -> tuple[Rights, tuple[Session, ...]]:
    """End every session for that *reason*, all *but* one: return what is left, and those ended.

    Those that are over already go without a word, as in `to_make_room`.
    """
    ended = [
        session
        for each in sorted(rights.sessions)
        if each != but and (session := session_of(rights, each, now=now)) is not None
    ]
    for each in ended:
        each.end(reason)
    kept = {each: live for each, live in rights.sessions.items() if each == but}
    return replace(rights, sessions=kept), tuple(ended)


def to_make_room(rights: Rights, *, now: datetime) -> tuple[Session, ...]:
    """Return the sessions that a further one takes the place of: the oldest ones.

    Those that are over make room without a word: they have ended when they said they would.
    """
    live = [each for each in rights.sessions if rights.session(each, now=now) is not None]
    live.sort(key=lambda each: rights.sessions[each].proven_at)
    surplus = live[: max(0, len(live) + 1 - MOST)]
    return tuple(
        Session(each, user_id=rights.user_id, live=rights.sessions[each]) for each in surplus
    )
