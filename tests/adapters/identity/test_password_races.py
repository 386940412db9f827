"""A change of the password, and log-ins with the old one at the same moment, on DynamoDB Local."""

import pytest

from shared.identity.domain.errors import InvalidCredentials
from shared.identity.domain.password import Password
from shared.identity.domain.user import User
from shared.identity.use_cases.change_password import (
    ChangedPassword,
    ChangePassword,
    ChangePasswordHandler,
)
from shared.identity.use_cases.log_in import LoggedIn
from shared.platform.entry.commands import retrying
from tests.adapters.identity.test_session_races import (
    CLOCK,
    PASSWORD,
    log_in,
    new_user,
    refresh,
    rights,
    uow,
)
from tests.support.racing import race
from tests.unit.identity.fakes import DEVICES, PlainHasher
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("SEC-01"), pytest.mark.row("SEC-03")]
NEW = Password("nine patient herons by the mill")


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


@pytest.fixture
def user(table: Table) -> User:
    return new_user(table)


def change(
    table: Table, user: User, session: LoggedIn, *, old: Password = PASSWORD, new: Password = NEW
) -> ChangedPassword:
    handler = ChangePasswordHandler(
        uow=uow(table),
        hasher=PlainHasher(),
        common_passwords=set(),
        devices=DEVICES,
        clock=CLOCK,
    )
    command = ChangePassword(
        user_id=user.id,
        session_id=session.session_id,
        current_password=old,
        new_password=new,
    )
    return retrying(lambda: handler(command))


def test_the_old_password_begins_no_session_that_outlives_the_change(
    table: Table, user: User
) -> None:
    """Two log-ins at most: DynamoDB Local tells of a transaction over ten writes no reasons."""
    mine = log_in(table)
    old, new = PASSWORD, NEW
    for _ in range(8):

        def act(number: int, old: Password = old, new: Password = new) -> object:
            if number == 1:
                return change(table, user, mine, old=old, new=new)
            return log_in(table, old)

        first, changed, last = race(3, act)
        assert isinstance(changed, ChangedPassword)
        assert set(rights(table, user).sessions) == {mine.session_id}
        assert isinstance(first, LoggedIn | InvalidCredentials)
        assert isinstance(last, LoggedIn | InvalidCredentials)
        assert changed.sessions_ended == sum(isinstance(it, LoggedIn) for it in (first, last))
        old, new = new, old
    by_type: dict[str, set[str]] = {"session.started": set(), "session.ended": set()}
    for event in table.events("Session#"):
        by_type[event["type"]].add(event["aggregate_id"])
    assert by_type["session.started"] - by_type["session.ended"] == {mine.session_id}
    assert rights(table, user).credentials == 8


def test_the_own_session_may_be_refreshed_amid_the_change(
    table: Table,
    user: User,
) -> None:
    mine = log_in(table)
    outcomes = race(
        8, lambda number: refresh(table, mine.next) if number else change(table, user, mine)
    )
    assert isinstance(outcomes[0], ChangedPassword)
    assert rights(table, user).sessions[mine.session_id].generation == 2
    assert rights(table, user).credentials == 1


def test_a_card_of_an_earlier_release_has_no_count_and_gets_one(
    table: Table,
    user: User,
) -> None:
    mine = log_in(table)
    card = table.get("UNIQUE#EMAIL#ada@example.com", "UNIQUE")
    assert card is not None
    del card["version"]
    table.put(card)
    change(table, user, mine)
    stored = table.get("UNIQUE#EMAIL#ada@example.com", "UNIQUE")
    assert stored is not None
    assert stored["version"] == 1
