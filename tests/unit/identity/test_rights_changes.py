"""Who gives and takes rights, what comes of it, and that nobody raises themselves."""

from collections.abc import Sequence

import pytest

from shared.identity.domain.account import Account
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import NeedsAnotherAdmin, OwnRights, UserNotFound
from shared.identity.domain.rights_change import Giver
from shared.identity.use_cases.change_roles import ChangeRoles, ChangeRolesHandler
from shared.identity.use_cases.grant_permission import GrantPermission, GrantPermissionHandler
from shared.identity.use_cases.revoke_permission import RevokePermission, RevokePermissionHandler
from shared.kernel.errors import PermissionDenied, PreconditionFailed
from shared.platform.access.permissions import permissions_of
from tests.unit.identity.test_deactivation import Shop

pytestmark = pytest.mark.row("PRM-01")
ALL = permissions_of(["admin"])


class Office(Shop):
    """Ada, a customer, and two administrators; and how rights change there."""

    @property
    def ada(self) -> str:
        return self.user.user_id

    def by(self, user_id: str | None = None, *holds: str) -> Giver:
        return Giver(id=user_id or self.root, holds=frozenset(holds) or ALL)

    def change(
        self,
        user_id: str,
        roles: Sequence[str],
        by: Giver | None = None,
        versions: frozenset[int] | None = None,
    ) -> Account:
        command = ChangeRoles(
            user_id=user_id, roles=tuple(roles), by=by or self.by(), versions=versions
        )
        return ChangeRolesHandler(uow=self.uow(), roles_give=permissions_of)(command)

    def grant(
        self,
        user_id: str,
        permission: str,
        by: Giver | None = None,
        versions: frozenset[int] | None = None,
    ) -> Account:
        command = GrantPermission(
            user_id=user_id, permission=permission, by=by or self.by(), versions=versions
        )
        return GrantPermissionHandler(uow=self.uow(), roles_give=permissions_of)(command)

    def revoke(
        self,
        user_id: str,
        permission: str,
        by: Giver | None = None,
        versions: frozenset[int] | None = None,
    ) -> Account:
        command = RevokePermission(
            user_id=user_id, permission=permission, by=by or self.by(), versions=versions
        )
        return RevokePermissionHandler(uow=self.uow(), roles_give=permissions_of)(command)

    def rights(self, user_id: str) -> frozenset[str]:
        return self.database.rights[user_id].entitlements.held(permissions_of)


@pytest.fixture
def office() -> Office:
    return Office()


def test_other_roles_hold_at_once_and_sessions_go_on(office: Office) -> None:
    session = office.log_in()
    office.database.events.clear()
    account = office.change(office.ada, [Role.WAREHOUSE, Role.CUSTOMER])
    assert account.roles == ("customer", "warehouse")
    assert office.rights(office.ada) == permissions_of(["customer", "warehouse"])
    assert office.going_on == [session.session_id]
    assert [(each.type, each.data) for each in office.database.events] == [
        (
            "user.roles_changed",
            {
                "user_id": office.ada,
                "before": {"roles": ["customer"], "grants": [], "restrictions": []},
                "after": {"roles": ["customer", "warehouse"], "grants": [], "restrictions": []},
            },
        )
    ]
    assert office.log_in().role == "warehouse"


def test_what_is_granted_and_withheld_stays_when_roles_change(office: Office) -> None:
    office.grant(office.ada, "flag:set")
    office.revoke(office.ada, "order:place")
    account = office.change(office.ada, [Role.SUPPORT, Role.MERCHANDISER])
    assert (account.grants, account.restrictions) == (("flag:set",), ("order:place",))
    assert "order:place" not in office.rights(office.ada)


def test_a_grant_and_its_end_are_told_with_all_before_and_after(office: Office) -> None:
    assert office.grant(office.ada, "flag:set").grants == ("flag:set",)
    assert office.revoke(office.ada, "flag:set").grants == ()
    granted, revoked = office.database.events
    none = {"roles": ["customer"], "grants": [], "restrictions": []}
    one = {**none, "grants": ["flag:set"]}
    assert (granted.type, granted.data) == (
        "user.permission_granted",
        {"user_id": office.ada, "permission": "flag:set", "before": none, "after": one},
    )
    assert (revoked.type, revoked.data) == (
        "user.permission_revoked",
        {"user_id": office.ada, "permission": "flag:set", "before": one, "after": none},
    )


def test_what_a_role_gives_is_withheld_and_given_back(office: Office) -> None:
    assert office.revoke(office.ada, "order:place").restrictions == ("order:place",)
    assert "order:place" not in office.rights(office.ada)
    assert office.grant(office.ada, "order:place").restrictions == ()
    assert "order:place" in office.rights(office.ada)


def test_what_is_so_already_is_answered_and_writes_nothing(office: Office) -> None:
    changed = office.change(office.ada, [Role.CUSTOMER])
    granted = office.grant(office.ada, "order:place")
    revoked = office.revoke(office.ada, "flag:set")
    assert changed == granted == revoked
    assert office.database.events == []


def test_nobody_is_changed_at_another_version(office: Office) -> None:
    versions = frozenset({7})
    with pytest.raises(PreconditionFailed):
        office.change(office.ada, [Role.SALES], versions=versions)
    with pytest.raises(PreconditionFailed):
        office.grant(office.ada, "flag:set", versions=versions)
    with pytest.raises(PreconditionFailed):
        office.revoke(office.ada, "order:place", versions=versions)
    assert office.change(office.ada, [Role.SALES], versions=frozenset({1})).version == 2


def test_who_is_not_there_is_not_found(office: Office) -> None:
    with pytest.raises(UserNotFound):
        office.change("nobody", [Role.SALES])
    with pytest.raises(UserNotFound):
        office.grant("nobody", "flag:set")
    with pytest.raises(UserNotFound):
        office.revoke("nobody", "flag:set")


def test_nobody_changes_their_own_rights_up_or_down(office: Office) -> None:
    clerk = office.by(office.ada, "user:admin", "flag:set")
    for me, user_id in ((clerk, office.ada), (office.by(), office.root)):
        with pytest.raises(OwnRights):
            office.change(user_id, [Role.CUSTOMER, Role.SALES], me)
        with pytest.raises(OwnRights):
            office.grant(user_id, "flag:set", me)
        with pytest.raises(OwnRights):
            office.revoke(user_id, "order:place", me)
    assert office.database.events == []


def test_nobody_gives_what_they_do_not_hold(office: Office) -> None:
    bob = office.register("bob@example.com", "Bob").user_id
    office.database.events.clear()
    clerk = office.by(office.ada, "user:admin", "inventory:read", "inventory:adjust")
    with pytest.raises(PermissionDenied) as refused:
        office.change(bob, [Role.CUSTOMER, Role.WAREHOUSE], clerk)
    assert refused.value.details == {"needed": ["product:read_confidential"]}
    with pytest.raises(PermissionDenied):
        office.grant(bob, "flag:set", clerk)
    office.revoke(bob, "order:place", clerk)  # to take away is not to give
    with pytest.raises(PermissionDenied):
        office.grant(bob, "order:place", clerk)  # … and to give back is
    assert office.grant(bob, "inventory:adjust", clerk).grants == ("inventory:adjust",)


def test_only_administrators_make_administrators(office: Office) -> None:
    """Not even somebody whom every permission was granted."""
    with pytest.raises(NeedsAnotherAdmin):
        office.change(office.other, [Role.CUSTOMER], office.by(office.ada))
    bob = office.register("bob@example.com", "Bob").user_id
    with pytest.raises(NeedsAnotherAdmin):
        office.change(bob, [Role.ADMIN], office.by(office.ada))
    assert office.change(bob, [Role.ADMIN]).roles == ("admin",)


def test_an_administrator_stays_one_by_another_alone(office: Office) -> None:
    assert office.change(office.other, [Role.CUSTOMER]).roles == ("customer",)
    with pytest.raises(NeedsAnotherAdmin):
        office.change(office.root, [Role.CUSTOMER], office.by(office.other))
    with pytest.raises(NeedsAnotherAdmin):
        office.revoke(office.root, "user:admin", office.by(office.other))
    with pytest.raises(NeedsAnotherAdmin):
        office.deactivate(office.root, by=office.other)


def test_who_may_not_administer_is_no_administrator(office: Office) -> None:
    office.revoke(office.other, "user:admin")
    with pytest.raises(NeedsAnotherAdmin):
        office.deactivate(office.root, by=office.other)
    with pytest.raises(NeedsAnotherAdmin):
        office.grant(office.other, "user:admin", office.by(office.ada))
    office.grant(office.other, "user:admin")
    office.deactivate(office.root, by=office.other)


def test_an_account_from_before_sessions_were_kept_gets_its_rights(office: Office) -> None:
    del office.database.rights[office.ada]
    office.change(office.ada, [Role.CUSTOMER, Role.SALES])
    assert office.rights(office.ada) == permissions_of(["customer", "sales"])
