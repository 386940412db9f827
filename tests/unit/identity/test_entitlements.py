"""What roles, grants and restrictions make of each other."""

from collections.abc import Iterable

import pytest

from shared.identity.domain.entitlements import ADMINISTRATION, Entitlements, Role
from shared.platform.access import permissions

pytestmark = pytest.mark.row("PRM-01")

GIVEN = {
    "customer": {"order:place"},
    "warehouse": {"inventory:adjust", "inventory:read"},
    "admin": {"order:place", "inventory:adjust", "inventory:read", "user:admin"},
}


def give(roles: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(GIVEN[role] for role in roles))


CLERK = Entitlements.of([Role.WAREHOUSE, Role.CUSTOMER])


def test_roles_add_up() -> None:
    assert CLERK.held(give) == {"order:place", "inventory:adjust", "inventory:read"}


def test_a_restriction_wins_over_roles_and_grants() -> None:
    withheld = Entitlements.of(CLERK.roles, ["inventory:adjust"], ["inventory:adjust"])
    assert withheld.held(give) == {"order:place", "inventory:read"}
    assert withheld.with_roles(["admin"]).held(give) == {
        "order:place",
        "inventory:read",
        "user:admin",
    }


def test_equal_means_the_same() -> None:
    assert Entitlements.of(["customer", "warehouse", "customer"], ["b", "a"]) == Entitlements.of(
        [Role.WAREHOUSE, Role.CUSTOMER], ["a", "b", "a"]
    )


def test_what_is_granted_is_held_afterwards_and_stored_where_nothing_else_gives_it() -> None:
    granted = CLERK.granting("flag:set", give)
    assert granted.grants == ("flag:set",)
    assert CLERK.granting("order:place", give) == CLERK
    withheld = Entitlements.of(["customer"], [], ["order:place", "flag:set"])
    assert withheld.granting("order:place", give) == Entitlements.of(
        ["customer"], [], ["flag:set"]
    )
    assert withheld.granting("flag:set", give) == Entitlements.of(
        ["customer"], ["flag:set"], ["order:place"]
    )


def test_what_is_revoked_is_not_held_afterwards_and_withheld_where_a_role_gives_it() -> None:
    assert CLERK.revoking("order:place", give).restrictions == ("order:place",)
    assert CLERK.granting("flag:set", give).revoking("flag:set", give) == CLERK
    assert CLERK.revoking("flag:set", give) == CLERK
    both = Entitlements.of(["customer"], ["order:place"])
    assert both.revoking("order:place", give) == Entitlements.of(["customer"], [], ["order:place"])


@pytest.mark.parametrize("roles", [["customer"], ["warehouse"], ["customer", "admin"]])
def test_granting_and_revoking_are_each_others_end_and_happen_once(roles: list[str]) -> None:
    for permission in ("order:place", "inventory:read", "user:admin", "flag:set"):
        begun = Entitlements.of(roles)
        granted, revoked = begun.granting(permission, give), begun.revoking(permission, give)
        assert permission in granted.held(give)
        assert permission not in revoked.held(give)
        assert granted.granting(permission, give) == granted
        assert revoked.revoking(permission, give) == revoked
        back = revoked.granting(permission, give)
        assert back.held(give) == granted.held(give)
        assert not {*back.grants} & {*back.restrictions}


def test_one_role_is_told_to_who_knows_one_only_where_that_is_the_truth() -> None:
    assert Entitlements.of(["warehouse"], ["flag:set"]).sole_role == "warehouse"
    assert CLERK.sole_role is None
    assert Entitlements.of(["admin"], [], ["flag:set"]).sole_role is None


def test_the_weightiest_role_is_the_one_that_is_shown() -> None:
    assert CLERK.main_role == "warehouse"
    assert Entitlements.of(Role).main_role == "admin"


def test_an_administrator_is_one_who_may_administer() -> None:
    assert Entitlements.of(["admin", "customer"]).administers
    assert not Entitlements.of(["admin"], [], [ADMINISTRATION]).administers
    assert not Entitlements.of(["customer"], [ADMINISTRATION]).administers
    assert permissions.Permission.USER_ADMIN == ADMINISTRATION
