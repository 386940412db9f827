from dataclasses import replace

import pytest

from shared.platform.access.permissions import (
    OF_SESSIONS,
    PERMISSIONS_OF,
    Permission,
    Principal,
    Role,
    parse_grants,
)

pytestmark = pytest.mark.row("PRM-01")


def caller(role: Role, *grants: Permission) -> Principal:
    return Principal(id="u-1", roles=frozenset({role}), grants=frozenset(grants))


def test_every_permission_is_named_resource_and_action():
    for permission in Permission:
        resource, colon, action = permission.partition(":")
        assert (colon, bool(resource), bool(action)) == (":", True, True)


def test_every_role_holds_permissions_and_the_admin_all():
    assert set(PERMISSIONS_OF) == set(Role)
    assert PERMISSIONS_OF[Role.ADMIN] == set(Permission)
    assert PERMISSIONS_OF[Role.CUSTOMER] < PERMISSIONS_OF[Role.MERCHANDISER] < set(Permission)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_caller_may_what_the_role_holds_and_nothing_else(role, permission):
    held = permission in PERMISSIONS_OF[role]
    assert caller(role).may(permission) is held
    assert caller(role).may_all([permission]) is held
    assert caller(role).may_any([permission]) is held


def test_a_grant_adds_to_the_role_of_this_user_alone():
    granted = caller(Role.CUSTOMER, Permission.PRODUCT_ADMIN)
    assert granted.may(Permission.PRODUCT_ADMIN)
    assert granted.may(Permission.ORDER_PLACE)
    assert not granted.may(Permission.PRODUCT_CREATE)
    assert not caller(Role.CUSTOMER).may(Permission.PRODUCT_ADMIN)


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_key_may_what_its_owner_may_within_its_scopes(role, permission):
    owner = caller(role, Permission.PRODUCT_ADMIN)
    key = replace(owner, scopes=frozenset({permission}))
    held = owner.may(permission) and permission not in OF_SESSIONS
    assert key.permissions == ({permission} if held else set())
    assert not replace(owner, scopes=frozenset()).permissions


@pytest.mark.row("SEC-04")
def test_no_scope_lets_a_key_do_what_takes_a_log_in():
    """Written by hand: who steals a key gets no other, throws nobody out, gives no right away."""
    everything = replace(caller(Role.ADMIN), scopes=frozenset(Permission))
    assert set(Permission) - everything.permissions == {
        "session:read",
        "session:end",
        "credential:change",
        "api_key:read",
        "api_key:manage",
        "user:admin",
    }


def test_several_roles_add_up_and_what_is_withheld_is_withheld():
    both = Principal(
        id="u-1",
        roles=frozenset({Role.WAREHOUSE, Role.MERCHANDISER}),
        grants=frozenset({Permission.ORDER_ADMIN, Permission.FLAG_SET}),
        restrictions=frozenset({Permission.FLAG_SET, Permission.PRODUCT_PUBLISH}),
    )
    assert both.may_all([Permission.INVENTORY_ADJUST, Permission.PRODUCT_CREATE])
    assert both.may(Permission.ORDER_ADMIN)
    assert not both.may_any([Permission.FLAG_SET, Permission.PRODUCT_PUBLISH])
    assert both.is_any([Role.WAREHOUSE, Role.ADMIN])
    assert not both.is_any([Role.CUSTOMER, Role.ADMIN])
    assert both.role_names == "merchandiser,warehouse"


def test_all_wants_every_one_and_any_wants_one():
    some = [Permission.ORDER_PLACE, Permission.ORDER_ADMIN]
    customer = caller(Role.CUSTOMER)
    assert (customer.may_all(some), customer.may_any(some)) == (False, True)
    assert (customer.may_all([]), customer.may_any([])) == (True, False)


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("", set()),
        ("product:admin", {Permission.PRODUCT_ADMIN}),
        ("product:admin,order:admin", {Permission.PRODUCT_ADMIN, Permission.ORDER_ADMIN}),
        ("product:admin,made:up,,PRODUCT:CREATE,*", {Permission.PRODUCT_ADMIN}),
    ],
)
def test_grants_are_read_and_unknown_names_grant_nothing(text, grants):
    assert parse_grants(text) == grants
