"""Rights that change at once, and log-ins meanwhile, on DynamoDB Local."""

import pytest

from shared.identity.domain.account import Account
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import NeedsAnotherAdmin
from shared.identity.domain.rights_change import Giver
from shared.identity.domain.user import User
from shared.identity.use_cases.change_roles import ChangeRoles, ChangeRolesHandler
from shared.identity.use_cases.grant_permission import GrantPermission, GrantPermissionHandler
from shared.identity.use_cases.log_in import LoggedIn
from shared.identity.use_cases.revoke_permission import RevokePermission, RevokePermissionHandler
from shared.platform.access.permissions import permissions_of
from shared.platform.entry.commands import retrying
from tests.adapters.identity.test_administration_races import an_account, deactivate
from tests.adapters.identity.test_session_races import log_in, rights, uow
from tests.support.racing import race
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("PRM-01")]
ALL = permissions_of(["admin"])


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


def change(table: Table, user: User, *roles: str, by: User) -> Account:
    handler = ChangeRolesHandler(uow=uow(table), roles_give=permissions_of)
    command = ChangeRoles(user_id=user.id, roles=roles, by=Giver(id=by.id, holds=ALL))
    return retrying(lambda: handler(command))


def grant(table: Table, user: User, permission: str, *, by: User) -> Account:
    handler = GrantPermissionHandler(uow=uow(table), roles_give=permissions_of)
    command = GrantPermission(
        user_id=user.id, permission=permission, by=Giver(id=by.id, holds=ALL)
    )
    return retrying(lambda: handler(command))


def revoke(table: Table, user: User, permission: str, *, by: User) -> Account:
    handler = RevokePermissionHandler(uow=uow(table), roles_give=permissions_of)
    command = RevokePermission(
        user_id=user.id, permission=permission, by=Giver(id=by.id, holds=ALL)
    )
    return retrying(lambda: handler(command))


def test_of_two_administrators_who_take_the_role_from_each_other_one_is_left(
    table: Table,
) -> None:
    """By another role, by withholding, by locking out: whichever way each of them goes."""
    ada, bob = (an_account(table, name, Role.ADMIN) for name in ("ada", "bob"))
    ways = (
        lambda user, by: change(table, user, "customer", by=by),
        lambda user, by: revoke(table, user, "user:admin", by=by),
        lambda user, by: deactivate(table, user, by=by),
    )
    for first in ways[:2]:
        for second in ways[:2]:
            outcomes = race(
                2,
                lambda number, a=first, b=second: b(ada, bob) if number else a(bob, ada),
            )
            lost = [each for each in outcomes if isinstance(each, Exception)]
            assert [type(each) for each in lost] == [NeedsAnotherAdmin]
            (left,) = [x for x in (ada, bob) if rights(table, x).entitlements.administers]
            (gone,) = {ada, bob} - {left}
            change(table, gone, "admin", by=left)
            grant(table, gone, "user:admin", by=left)
    race(2, lambda number: ways[2](ada, bob) if number else ways[0](bob, ada))
    left = [rights(table, each) for each in (ada, bob)]
    assert [each for each in left if each.active and each.entitlements.administers]


def test_changes_at_once_are_made_one_after_the_other_and_none_is_lost(table: Table) -> None:
    root, ada = (an_account(table, "root", Role.ADMIN), an_account(table, "ada", Role.CUSTOMER))
    given = ("flag:set", "order:admin", "inventory:read", "payment:admin")
    outcomes = race(4, lambda number: grant(table, ada, given[number], by=root))
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert set(rights(table, ada).entitlements.grants) == set(given)


def test_sessions_begin_while_rights_change_and_go_on(table: Table) -> None:
    root, ada = (an_account(table, "root", Role.ADMIN), an_account(table, "ada", Role.CUSTOMER))
    for roles in (["sales"], ["sales", "customer"], ["customer"]):
        before = rights(table, ada).sessions.keys()
        first, changed, second = race(
            3,
            lambda number, to=roles: (
                change(table, ada, *to, by=root) if number == 1 else log_in(table)
            ),
        )
        assert isinstance(changed, Account)
        assert isinstance(first, LoggedIn)
        assert isinstance(second, LoggedIn)
        found = rights(table, ada)
        assert found.sessions.keys() == before | {first.session_id, second.session_id}
        assert set(found.entitlements.roles) == set(roles)


def test_an_account_from_before_sessions_were_kept_logs_in_with_its_new_rights(
    table: Table,
) -> None:
    root, ada = (an_account(table, "root", Role.ADMIN), an_account(table, "ada", Role.CUSTOMER))
    table.client.delete_item(
        TableName=table.name, Key={"PK": {"S": f"User#{ada.id}"}, "SK": {"S": "ACCESS"}}
    )
    outcomes = race(
        2, lambda number: change(table, ada, "sales", by=root) if number else log_in(table)
    )
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert rights(table, ada).entitlements.roles == ("sales",)
    assert len(rights(table, ada).sessions) == 1
