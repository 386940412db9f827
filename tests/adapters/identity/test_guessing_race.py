"""Guessing with many threads at once gains nothing over guessing one by one."""

from datetime import UTC, datetime

import pytest

from shared.identity.adapters.argon2_hasher import Argon2Hasher
from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import EmailTaken, InvalidCredentials
from shared.identity.domain.login_throttle import FREE_FAILURES
from shared.identity.domain.password import Password
from shared.identity.domain.user import User
from shared.identity.use_cases.log_in import LoggedIn, LogIn, LogInHandler
from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.errors import ConcurrencyConflict, TooManyAttempts
from shared.kernel.ids import new_id
from shared.platform.entry.commands import retrying
from shared.platform.runtime.errors import DatabaseBusy
from tests.support.faults import dropping_conditions
from tests.support.racing import race
from tests.unit.identity.fakes import DEVICES, KEY
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("SEC-03"), pytest.mark.row("VAL-04")]
CLOCK = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
ADA = Email("ada@example.com")
THREADS = 24
REGISTRATIONS = 50


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


def uow(table: Table) -> DynamoIdentityUnitOfWork:
    return DynamoIdentityUnitOfWork(table.client, table.name, account_key=lambda: KEY, clock=CLOCK)


def guessed(table: Table) -> list[type]:
    """Return what became of each of many guesses at once."""
    hasher = Argon2Hasher(memory_kib=64, time_cost=1)

    def guess(_: int) -> LoggedIn:
        handler = LogInHandler(
            uow=uow(table), hasher=hasher, clock=CLOCK, ids=new_id, devices=DEVICES
        )
        command = LogIn(email=ADA, password=Password("a guess"))
        return retrying(lambda: handler(command))

    return [type(outcome) for outcome in race(THREADS, guess)]


def test_many_guesses_at_once_are_checked_no_more_often_than_one_by_one(table: Table) -> None:
    outcomes = guessed(table)
    checked = outcomes.count(InvalidCredentials)
    assert 1 <= checked <= FREE_FAILURES + 1
    # The others found the door locked, or gave up in the crowd without an answer.
    waiting = (TooManyAttempts, DatabaseBusy, ConcurrencyConflict)
    assert all(issubclass(kind, waiting) for kind in outcomes if kind is not InvalidCredentials)
    failures = [item for item in table.events() if item["type"] == "user.login_failed"]
    assert len(failures) == checked


def test_without_the_conditions_the_race_would_show_it(table: Table) -> None:
    with dropping_conditions(table.client):
        assert guessed(table).count(InvalidCredentials) > FREE_FAILURES + 1


def registered(table: Table) -> list[str | Exception]:
    """Return what became of many registrations of one address at once."""

    def register(number: int) -> str:
        user = User.register(
            new_id(), email=ADA, name=f"Ada {number}", role=Role.CUSTOMER, at=CLOCK.now()
        )
        with uow(table) as work:
            work.users.add(user, password_hash="hash")
            work.commit()
        return user.id

    return race(REGISTRATIONS, register)


def test_of_fifty_registrations_of_one_address_one_succeeds(table: Table) -> None:
    outcomes = registered(table)
    (winner,) = (outcome for outcome in outcomes if isinstance(outcome, str))
    assert all(isinstance(outcome, str | EmailTaken) for outcome in outcomes)
    (card,) = table.items("UNIQUE#")
    assert card["owner"] == winner
    assert len(table.states("User#")) == len(table.events("User#")) == 1


def test_without_the_claim_many_would_have_the_address(table: Table) -> None:
    with dropping_conditions(table.client):
        registered(table)
    assert len(table.states("User#")) > 1
