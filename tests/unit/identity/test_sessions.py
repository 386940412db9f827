"""Sessions: begun by a log-in, kept alive by refresh tokens, ended once and for all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.identity.adapters.refresh_tokens import RefreshTokens as Tokens
from shared.identity.domain.errors import (
    InvalidRefreshToken,
    LogInSpent,
    NoRoomForSession,
    RefreshTokenReused,
    SessionNotFound,
)
from shared.identity.domain.rights import LONGEST_IDLE
from shared.identity.domain.session import GRACE, LONGEST, MOST, session_of
from shared.identity.ports import RefreshTokenContent, SessionSummary
from shared.identity.queries.list_sessions import ListSessions, ListSessionsHandler
from shared.identity.use_cases.end_session import EndSession, EndSessionHandler
from shared.identity.use_cases.log_in import LoggedIn, LogInHandler
from shared.identity.use_cases.log_out import LogOut, LogOutHandler
from shared.identity.use_cases.refresh_tokens import (
    Refreshed,
    RefreshTokens,
    RefreshTokensHandler,
)
from shared.kernel.errors import AuthenticationFailed, StaleAggregate
from shared.kernel.ids import new_id
from shared.platform.runtime.context import Idempotency, request_context
from tests.unit.identity.fakes import DEVICES, KEY, REFRESH, SessionsInMemory
from tests.unit.identity.test_log_in import House

pytestmark = pytest.mark.row("SEC-01")
MOMENT = timedelta(milliseconds=1)
TAG = "26haM9LQygzST8etolRazBrBJAKnXtPvnJ5U7lOOleE"


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


@pytest.fixture
def house() -> Sessions:
    return Sessions()


def refused(house: Sessions, presented: str, reason: str) -> None:
    with pytest.raises(InvalidRefreshToken) as error:
        house.refresh(presented)
    assert error.value.reason == reason


def test_a_refresh_token_is_exchanged_for_the_next(house: Sessions) -> None:
    session = house.log_in()
    house.clock.advance(timedelta(hours=3))
    second = house.refresh(token(session))
    third = house.refresh(token(second))
    assert [second.generation, third.generation] == [2, 3]
    assert len({session.token_id, second.token_id, third.token_id}) == 3
    assert second.session_ends_at == session.session_ends_at
    assert second.access.session_id == session.session_id
    assert house.database.event_types == ["session.started"]


def test_a_lost_answer_is_given_again_for_a_while(house: Sessions) -> None:
    session = house.log_in()
    lost = house.refresh(token(session))
    house.clock.advance(GRACE - MOMENT)
    again = [house.refresh(token(session)) for _ in range(30)]
    assert {token(each) for each in again} == {token(lost)}
    assert house.going_on == [session.session_id]


def test_after_that_it_looks_stolen_and_the_session_ends(house: Sessions) -> None:
    session = house.log_in()
    latest = house.refresh(token(session))
    house.clock.advance(GRACE)
    refused(house, token(session), "reused")
    assert house.going_on == []
    assert house.database.event_types == [
        "session.started",
        "security.token_reused",
        "session.ended",
    ]
    assert house.database.events[-1].data["reason"] == "token_reused"
    refused(house, token(latest), "session_ended")
    refused(house, token(session), "session_ended")
    assert len(house.database.events) == 3


def test_a_token_two_before_the_latest_is_never_forgiven(house: Sessions) -> None:
    session = house.log_in()
    house.refresh(token(house.refresh(token(session))))
    with pytest.raises(RefreshTokenReused):
        house.refresh(token(session))
    assert house.going_on == []


def test_a_token_of_the_future_is_none(house: Sessions) -> None:
    """As after a restored backup: whoever has it knows more than we do."""
    session = house.log_in()
    ahead = RefreshTokenContent(
        user_id=session.user_id, session_id=session.session_id, generation=9
    )
    refused(house, REFRESH.sign(ahead), "reused")


def test_only_one_session_ends_for_a_stolen_token(house: Sessions) -> None:
    stolen, other = house.log_in(), house.log_in()
    house.refresh(token(house.refresh(token(stolen))))
    refused(house, token(stolen), "reused")
    assert house.going_on == [other.session_id]
    house.refresh(token(other))


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


@pytest.mark.parametrize("change", ["user", "session", "generation", "tag", "cut", "more"])
def test_a_token_that_was_changed_is_none_of_ours(house: Sessions, change: str) -> None:
    known, _, tag = token(house.log_in()).rpartition(".")
    prefix, session, generation = known.split(".")
    other = new_id()
    forged = {
        "user": f"twr_{other}.{session}.{generation}.{tag}",
        "session": f"{prefix}.{other}.{generation}.{tag}",
        "generation": f"{prefix}.{session}.2.{tag}",
        "tag": f"{known}.{'A' * 43}",
        "cut": f"{known}.{tag[:-1]}",
        "more": f"{known}.{tag}A",
    }[change]
    with pytest.raises(InvalidRefreshToken):
        house.refresh(forged)
    assert len(house.going_on) == 1


def test_tokens_outlive_one_rotation_of_the_services_secret(house: Sessions) -> None:
    old = token(house.log_in())
    assert Tokens(lambda: ["new", KEY]).read(old).generation == 1
    with pytest.raises(InvalidRefreshToken):
        Tokens(lambda: ["newer", "new"]).read(old)


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
    named = RefreshTokenContent(user_id=other, session_id=theirs.session_id, generation=1)
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


def test_a_token_that_another_process_signed_with_a_new_secret_is_looked_at_again() -> None:
    now = 1000.0
    read: list[float] = []

    def fresh() -> list[str]:
        read.append(now)
        return ["new", "old"]

    kept = Tokens(lambda: ["old"], fresh=fresh, monotonic=lambda: now)
    content = RefreshTokenContent(user_id=new_id(), session_id=new_id(), generation=1)
    signed = Tokens(lambda: ["new"]).sign(content)
    assert kept.read(signed) == content
    forged = Tokens(lambda: ["nobody's"]).sign(content)
    for _ in range(5):
        with pytest.raises(InvalidRefreshToken):
            kept.read(forged)
    assert read == [1000.0]
    now += 31
    with pytest.raises(InvalidRefreshToken):
        kept.read(forged)
    assert read == [1000.0, 1031.0]


def test_the_text_of_a_token_is_what_it_was() -> None:
    """Another text would end everybody's session at the next deployment."""
    content = RefreshTokenContent(
        user_id="0190a000-0000-7000-8000-000000000001",
        session_id="0190a000-0000-7000-8000-000000000002",
        generation=7,
    )
    known = "twr_0190a000-0000-7000-8000-000000000001.0190a000-0000-7000-8000-000000000002.7"
    # printf %s "$known" | openssl dgst -sha256 -hmac refresh:secret -binary | basenc --base64url
    assert Tokens(lambda: ["secret"]).sign(content) == f"{known}.{TAG}"


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
    assert house.database.rights[house.user.user_id].role == "customer"
    house.refresh(token(session))


def test_a_password_that_was_changed_meanwhile_begins_no_session(house: Sessions) -> None:
    rights = house.database.rights[house.user.user_id]
    house.database.rights[house.user.user_id] = type(rights)(
        user_id=rights.user_id, active=True, role="customer", credentials=1, sessions={}
    )
    with pytest.raises(NoRoomForSession):
        house.log_in()
    assert house.going_on == []


def test_of_two_refreshes_at_once_one_draws_and_the_other_tries_again(house: Sessions) -> None:
    session = house.log_in()
    slow = house.uow()
    with slow as uow:
        rights = uow.sessions.find(session.user_id)
        assert rights is not None
        house.refresh(token(session))
        mine = session_of(rights, session.session_id, now=house.clock.now())
        assert mine is not None
        assert mine.renew(1, house.clock.now())
        uow.sessions.renew(mine)
        with pytest.raises(StaleAggregate):
            uow.commit()


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


def test_what_is_remembered_of_a_refresh_is_good_for_as_long_as_it_would_be_anyway() -> None:
    assert Refreshed.remembered_seconds == GRACE.total_seconds()
