"""Many refreshes, log-ins and log-outs of one account at once, on DynamoDB Local."""

from datetime import UTC, datetime

import pytest

from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
from shared.identity.domain.access import Continuation, Credentials
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import InvalidRefreshToken, NoRoomForSession
from shared.identity.domain.password import Password
from shared.identity.domain.rights import Rights
from shared.identity.domain.session import MOST, EndReason, Session, session_of
from shared.identity.domain.user import User
from shared.identity.use_cases.log_in import LoggedIn, LogIn, LogInHandler
from shared.identity.use_cases.log_out import LogOut, LogOutHandler
from shared.identity.use_cases.refresh_tokens import (
    Refreshed,
    RefreshTokens,
    RefreshTokensHandler,
)
from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.platform.entry.commands import retrying
from tests.support.racing import race
from tests.unit.identity.fakes import DEVICES, KEY, REFRESH, PlainHasher
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("SEC-01")]
CLOCK = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
ADA = Email("ada@example.com")
THREADS = 30
PASSWORD = Password("seven quiet otters at dusk")


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


@pytest.fixture
def user(table: Table) -> User:
    return new_user(table)


def new_user(table: Table) -> User:
    made = User.register(new_id(), email=ADA, name="Ada", role=Role.CUSTOMER, at=CLOCK.now())
    with uow(table) as work:
        work.users.add(made, password_hash=PlainHasher().hash(PASSWORD))
        work.commit()
    return made


def uow(table: Table) -> DynamoIdentityUnitOfWork:
    return DynamoIdentityUnitOfWork(table.client, table.name, account_key=lambda: KEY, clock=CLOCK)


def log_in(table: Table, password: Password = PASSWORD) -> LoggedIn:
    handler = LogInHandler(
        uow=uow(table), hasher=PlainHasher(), clock=CLOCK, ids=new_id, devices=DEVICES
    )
    return retrying(lambda: handler(LogIn(email=ADA, password=password)))


def refresh(table: Table, content: Continuation) -> Refreshed:
    handler = RefreshTokensHandler(uow=uow(table), tokens=REFRESH, clock=CLOCK, ids=new_id)
    token = REFRESH.sign(content)
    return retrying(lambda: handler(RefreshTokens(refresh_token=token)))


def rights(table: Table, user: User) -> Rights:
    found = uow(table).sessions.find(user.id)
    assert found is not None
    return found


def test_thirty_refreshes_at_once_get_the_same_next_token(table: Table, user: User) -> None:
    session = log_in(table)
    answers = race(THREADS, lambda _: refresh(table, session.next))
    assert {each.next.generation for each in answers if isinstance(each, Refreshed)} == {2}
    assert all(isinstance(each, Refreshed) for each in answers)
    assert rights(table, user).sessions[session.session_id].generation == 2


def test_who_read_before_somebody_else_drew_draws_nothing(table: Table, user: User) -> None:
    session = log_in(table)
    outdated = rights(table, user)
    refresh(table, refresh(table, session.next).next)
    with uow(table) as work:
        mine = session_of(outdated, session.session_id, now=CLOCK.now())
        assert mine is not None
        assert mine.renew(1, CLOCK.now())
        work.sessions.renew(mine)
        with pytest.raises(StaleAggregate):
            work.commit()
    assert rights(table, user).sessions[session.session_id].generation == 3


def test_a_log_out_amid_refreshes_is_the_end(table: Table, user: User) -> None:
    session = log_in(table)

    def act(number: int) -> object:
        if number % 3:
            return refresh(table, session.next)
        handler = LogOutHandler(uow=uow(table), tokens=REFRESH, clock=CLOCK)
        token = REFRESH.sign(session.next)
        return retrying(lambda: handler(LogOut(refresh_token=token)))

    outcomes = race(THREADS, act)
    assert rights(table, user).sessions == {}
    ended = [each for each in table.events("Session#") if each["type"] == "session.ended"]
    assert [each["data"]["reason"] for each in ended] == [EndReason.LOGGED_OUT]
    for number, outcome in enumerate(outcomes):
        if number % 3 and isinstance(outcome, Exception):
            assert isinstance(outcome, InvalidRefreshToken)
    with pytest.raises(InvalidRefreshToken):
        refresh(table, session.next)


def test_never_are_there_more_sessions_than_may_be(table: Table, user: User) -> None:
    for _ in range(MOST - 2):
        log_in(table)
    outcomes = race(8, lambda _: log_in(table))
    begun = [each for each in outcomes if isinstance(each, LoggedIn)]
    found = rights(table, user)
    assert len(begun) >= 2
    assert len(found.sessions) <= MOST
    started = {
        each["aggregate_id"]
        for each in table.events("Session#")
        if each["type"] == "session.started"
    }
    ended = {
        each["aggregate_id"]
        for each in table.events("Session#")
        if each["type"] == "session.ended"
    }
    assert started - ended == set(found.sessions)
    assert ended <= started


def test_a_session_cannot_begin_on_what_was_proven_before_a_change(
    table: Table, user: User
) -> None:
    session = log_in(table)
    old = Credentials(
        user_id=user.id,
        email=ADA.address,
        role="customer",
        active=True,
        password_hash="",
        version=7,
    )
    with uow(table) as work:
        late = Session.start(
            new_id(), user_id=user.id, proven_by=("pwd",), client="", at=CLOCK.now()
        )
        work.sessions.start(late, proven=old)
        with pytest.raises(NoRoomForSession):
            work.commit()
    assert set(rights(table, user).sessions) == {session.session_id}
