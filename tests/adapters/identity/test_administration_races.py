"""Administrators who lock each other out, and log-ins meanwhile, on DynamoDB Local."""

import pytest

from shared.identity.domain.account import Account
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import AccountDeactivated, NeedsAnotherAdmin
from shared.identity.domain.rights import Rights
from shared.identity.domain.user import User
from shared.identity.use_cases.deactivate_user import DeactivateUser, DeactivateUserHandler
from shared.identity.use_cases.log_in import LoggedIn
from shared.identity.use_cases.reactivate_user import ReactivateUser, ReactivateUserHandler
from shared.kernel.email import Email
from shared.kernel.ids import new_id
from shared.platform.entry.commands import retrying
from tests.adapters.identity.test_session_races import CLOCK, PASSWORD, log_in, rights, uow
from tests.support.racing import race
from tests.unit.identity.fakes import PlainHasher
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("PRM-01")]


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


def an_account(table: Table, name: str, role: Role) -> User:
    email = Email(f"{name}@example.com")
    made = User.register(new_id(), email=email, name=name, role=role, at=CLOCK.now())
    with uow(table) as work:
        work.users.add(made, password_hash=PlainHasher().hash(PASSWORD))
        work.commit()
    return made


def deactivate(table: Table, user: User, *, by: User) -> Account:
    handler = DeactivateUserHandler(uow=uow(table), clock=CLOCK)
    return retrying(lambda: handler(DeactivateUser(user_id=user.id, by=by.id)))


def reactivate(table: Table, user: User) -> Account:
    handler = ReactivateUserHandler(uow=uow(table))
    return retrying(lambda: handler(ReactivateUser(user_id=user.id)))


def test_of_two_administrators_who_lock_each_other_out_one_is_left(table: Table) -> None:
    ada, bob = (an_account(table, name, Role.ADMIN) for name in ("ada", "bob"))
    for _ in range(10):
        outcomes = race(
            2,
            lambda number: (
                deactivate(table, bob, by=ada) if number else deactivate(table, ada, by=bob)
            ),
        )
        lost = [each for each in outcomes if isinstance(each, Exception)]
        assert [type(each) for each in lost] == [NeedsAnotherAdmin]
        left = [each for each in (ada, bob) if rights(table, each).active]
        assert len(left) == 1
        (gone,) = {ada, bob} - {*left}
        reactivate(table, gone)


def test_of_five_in_a_ring_one_is_left(table: Table) -> None:
    ring = [an_account(table, f"admin{number}", Role.ADMIN) for number in range(5)]
    race(5, lambda number: deactivate(table, ring[number], by=ring[number - 1]))
    assert [each for each in ring if rights(table, each).active]


def test_no_session_outlives_a_deactivation_however_close(table: Table) -> None:
    root, ada = (an_account(table, "root", Role.ADMIN), an_account(table, "ada", Role.CUSTOMER))
    for _ in range(6):
        first, second, third = race(
            3,
            lambda number: deactivate(table, ada, by=root) if number == 1 else log_in(table),
        )
        assert isinstance(second, Account)
        found: Rights = rights(table, ada)
        assert (found.active, found.sessions) == (False, {})
        for each in (first, third):
            assert isinstance(each, LoggedIn | AccountDeactivated)
        reactivate(table, ada)


def test_an_account_from_before_sessions_were_kept_is_locked_out_too(table: Table) -> None:
    root, ada = (an_account(table, "root", Role.ADMIN), an_account(table, "ada", Role.CUSTOMER))
    table.client.delete_item(
        TableName=table.name, Key={"PK": {"S": f"User#{ada.id}"}, "SK": {"S": "ACCESS"}}
    )
    deactivate(table, ada, by=root)
    assert rights(table, ada).active is False
    with pytest.raises(AccountDeactivated):
        log_in(table)
    reactivate(table, ada)
    assert isinstance(log_in(table), LoggedIn)
