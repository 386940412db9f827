"""Sessions: begun by a log-in, listed, and ended once and for all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.identity.domain.access import Continuation
from shared.identity.domain.errors import (
    InvalidRefreshToken,
    LogInSpent,
    NoRoomForSession,
    SessionNotFound,
)
from shared.identity.domain.rights import LONGEST_IDLE
from shared.identity.domain.session import LONGEST, MOST
from shared.identity.ports import SessionSummary
from shared.identity.queries.list_sessions import ListSessions, ListSessionsHandler
from shared.identity.use_cases.end_session import EndSession, EndSessionHandler
from shared.identity.use_cases.log_in import LoggedIn, LogInHandler
from shared.identity.use_cases.log_out import LogOut, LogOutHandler
from shared.identity.use_cases.refresh_tokens import (
    Refreshed,
    RefreshTokens,
    RefreshTokensHandler,
)
from shared.kernel.errors import AuthenticationFailed
from shared.kernel.ids import new_id
from shared.platform.runtime.context import Idempotency, request_context
from tests.unit.identity.fakes import DEVICES, REFRESH, SessionsInMemory
from tests.unit.identity.test_log_in import House

pytestmark = pytest.mark.row("SEC-01")
MOMENT = timedelta(milliseconds=1)


class Sessions(House):
    """A house with everything that can be done to a session."""

    def refresh(self, token: str) -> Refreshed:
        handler = RefreshTokensHandler(
            uow=self.uow(), tokens=REFRESH, clock=self.clock, ids=new_id
        )
        return handler(RefreshTokens(refresh_token=token))

    def log_out(self, **named: str) -> None:
        LogOutHandler(uow=self.uow(), tokens=REFRESH, clock=self.clock)(LogOut(**named))

    def end(self, session_id: str, *, user_id: str | None = None) -> None:
        command = EndSession(user_id=user_id or self.user.user_id, session_id=session_id)
        EndSessionHandler(uow=self.uow(), clock=self.clock)(command)

    def confirm(self, session: LoggedIn) -> None:
        LogInHandler(
            uow=self.uow(), hasher=self.hasher, clock=self.clock, ids=new_id, devices=DEVICES
        ).confirm(session)

    def listed(self) -> list[SessionSummary]:
        reader = SessionsInMemory(self.database)
        return ListSessionsHandler(sessions=reader, clock=self.clock)(
            ListSessions(user_id=self.user.user_id)
        )

    @property
    def going_on(self) -> list[str]:
        return [each.id for each in self.listed()]


def token(session: LoggedIn | Refreshed) -> str:
    return REFRESH.sign(session.next)


def refused(house: Sessions, presented: str, reason: str) -> None:
    with pytest.raises(InvalidRefreshToken) as error:
        house.refresh(presented)
    assert error.value.reason == reason


@pytest.fixture
def house() -> Sessions:
    return Sessions()


def test_a_session_ends_when_it_is_idle_for_too_long(house: Sessions) -> None:
    session = house.log_in()
    house.clock.advance(LONGEST_IDLE - MOMENT)
    latest = house.refresh(token(session))
    house.clock.advance(LONGEST_IDLE)
    assert house.going_on == []
    refused(house, token(latest), "session_ended")


def test_sessions_that_were_idle_for_too_long_give_way_to_a_busy_one(house: Sessions) -> None:
    """The oldest is the one in use: it must not go for those that nobody can go on with."""
    busy = house.log_in()
    latest: LoggedIn | Refreshed = busy
    for _ in range(MOST - 1):
        house.log_in()
    for _ in range(2):
        house.clock.advance(LONGEST_IDLE / 2 + MOMENT)
        latest = house.refresh(token(latest))
    house.log_in()
    assert len(house.going_on) == 2
    assert busy.session_id in house.going_on
    assert "session.ended" not in house.database.event_types
    house.refresh(token(latest))


def test_a_log_in_looks_at_the_password_once_however_many_sessions_there_are(
    house: Sessions,
) -> None:
    for _ in range(MOST):
        house.log_in()
    looked = len(house.hasher.verified)
    house.hasher.parameters = "v2"
    house.log_in()
    assert len(house.hasher.verified) == looked + 1


def test_who_is_deactivated_neither_refreshes_nor_is_answered_again(house: Sessions) -> None:
    session = house.log_in()
    rights = house.database.rights[house.user.user_id]
    house.database.rights[house.user.user_id] = replace(rights, active=False)
    refused(house, token(session), "session_ended")
    with pytest.raises(LogInSpent):
        house.confirm(session)
    with pytest.raises(NoRoomForSession):
        house.log_in()


def test_a_session_ends_at_last_however_busy_it_is(house: Sessions) -> None:
    session = house.log_in()
    latest: LoggedIn | Refreshed = session
    for _ in range(5):
        house.clock.advance(LONGEST / 6)
        latest = house.refresh(token(latest))
    house.clock.advance(LONGEST / 6 - timedelta(seconds=100))
    latest = house.refresh(token(latest))
    assert latest.expires_in == 100
    assert house.going_on == [session.session_id]
    house.clock.advance(timedelta(seconds=100))
    refused(house, token(latest), "session_ended")
    assert house.going_on == []


def test_who_logs_out_has_no_session_and_everybody_elses_goes_on(house: Sessions) -> None:
    first, second = house.log_in(), house.log_in()
    house.log_out(user_id=first.user_id, session_id=first.session_id)
    assert house.going_on == [second.session_id]
    assert house.database.event_types[-1] == "session.ended"
    assert house.database.events[-1].data == {"user_id": first.user_id, "reason": "logged_out"}
    refused(house, token(first), "session_ended")


def test_a_refresh_token_logs_out_however_old_it_is(house: Sessions) -> None:
    session = house.log_in()
    house.refresh(token(house.refresh(token(session))))
    house.log_out(refresh_token=token(session))
    assert house.going_on == []
    assert [each.data.get("reason") for each in house.database.events][-1] == "logged_out"


def test_logging_out_twice_is_no_news(house: Sessions) -> None:
    session = house.log_in()
    for _ in range(2):
        house.log_out(refresh_token=token(session))
    assert house.database.event_types == ["session.started", "session.ended"]


def test_logging_out_needs_something_that_names_a_session(house: Sessions) -> None:
    session, other = house.log_in(), house.log_in()
    with pytest.raises(AuthenticationFailed):
        house.log_out()
    with pytest.raises(AuthenticationFailed):
        house.log_out(user_id=session.user_id)
    with pytest.raises(InvalidRefreshToken):
        house.log_out(refresh_token="twr_nonsense")
    assert len(house.going_on) == 2
    house.log_out(
        user_id=session.user_id, session_id=session.session_id, refresh_token=token(other)
    )
    assert house.going_on == [session.session_id]


def test_a_refresh_token_ends_the_session_of_its_own_user(house: Sessions) -> None:
    mine, theirs = house.log_in(), house.log_in()
    other, rights = new_id(), house.database.rights[house.user.user_id]
    live = dict(rights.sessions)
    moved = {theirs.session_id: live.pop(theirs.session_id)}
    house.database.rights[house.user.user_id] = replace(rights, sessions=live)
    house.database.rights[other] = replace(rights, user_id=other, sessions=moved)
    named = Continuation(user_id=other, session_id=theirs.session_id, generation=1)
    house.log_out(
        user_id=mine.user_id, session_id=mine.session_id, refresh_token=REFRESH.sign(named)
    )
    assert house.database.rights[other].sessions == {}
    assert house.going_on == [mine.session_id]


def test_a_log_out_is_not_remembered(house: Sessions) -> None:
    """With the same key another session of the same user would be told that it is over."""
    request = Idempotency(principal="u", route="POST /logout", key="k", fingerprint="f")
    with request_context(idempotency=request):
        session = house.log_in()
        house.database.answers.clear()
        house.log_out(user_id=session.user_id, session_id=session.session_id)
    assert house.database.answers == {}


def test_a_session_is_ended_from_another(house: Sessions) -> None:
    here, lost = house.log_in(), house.log_in()
    house.end(lost.session_id)
    assert house.going_on == [here.session_id]
    assert house.database.events[-1].data["reason"] == "ended_by_owner"
    for gone in (lost.session_id, new_id()):
        with pytest.raises(SessionNotFound):
            house.end(gone)


def test_nobody_ends_somebody_elses_session(house: Sessions) -> None:
    session = house.log_in()
    with pytest.raises(SessionNotFound):
        house.end(session.session_id, user_id=new_id())
    assert house.going_on == [session.session_id]


def test_the_next_session_beyond_the_limit_ends_the_oldest(house: Sessions) -> None:
    sessions = []
    for _ in range(MOST + 2):
        house.clock.advance(timedelta(minutes=1))
        sessions.append(house.log_in().session_id)
    assert house.going_on == sessions[:1:-1]
    ended = [each for each in house.database.events if each.type == "session.ended"]
    assert [each.aggregate_id for each in ended] == sessions[:2]
    assert {each.data["reason"] for each in ended} == {"replaced"}


def test_sessions_that_are_over_make_room_first(house: Sessions) -> None:
    for _ in range(MOST):
        house.log_in()
    house.clock.advance(LONGEST)
    house.log_in()
    assert len(house.going_on) == 1
    assert len(house.database.rights[house.user.user_id].sessions) == 1
    assert "session.ended" not in house.database.event_types


def test_an_account_from_before_sessions_were_kept_gets_its_rights(house: Sessions) -> None:
    del house.database.rights[house.user.user_id]
    session = house.log_in()
    assert house.going_on == [session.session_id]
    assert house.database.rights[house.user.user_id].entitlements.roles == ("customer",)
    house.refresh(token(session))


def test_a_password_that_was_changed_meanwhile_begins_no_session(house: Sessions) -> None:
    rights = house.database.rights[house.user.user_id]
    house.database.rights[house.user.user_id] = replace(rights, credentials=1)
    with pytest.raises(NoRoomForSession):
        house.log_in()
    assert house.going_on == []


def test_a_repeated_log_in_is_answered_while_its_session_has_not_moved(house: Sessions) -> None:
    session = house.log_in()
    house.confirm(session)
    house.refresh(token(session))
    with pytest.raises(LogInSpent):
        house.confirm(session)
    other = house.log_in()
    house.log_out(refresh_token=token(other))
    with pytest.raises(LogInSpent):
        house.confirm(other)
