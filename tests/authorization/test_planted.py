"""Wrong declarations, which agree with themselves: the table is what sees them.

A route whose declaration and behaviour are wrong together passes every check that is made from
the declaration: another permission, and an object that nobody declares to be kept from anyone.
"""

from types import ModuleType
from typing import Any

import pytest

from shared.platform.access.permissions import Permission
from tools.check.project import ROOT
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.matrix import cells, is_red
from tools.lab.authorization.table import Table
from tools.lab.authorization.world import World

pytestmark = pytest.mark.row("PRM-01", "PRM-02", "PRM-03", "SEC-09")

TABLE = Table.read()
SEVEN = (
    "GET /api/v1/flags",
    "GET /api/v1/users/me",
    "GET /api/v1/notifications",
    "GET /api/v1/orders/{order_id}",
    "GET /api/v1/payments/{order_id}",
    "GET /api/v1/inventory/{product_id}",
    "PUT /api/v1/flags/{name}",
)
LEAKS = {
    # A route that forgot to conceal, and says nothing of confidential products.
    "GET /api/v1/products/{product_id}": "confidential_too: SeesConfidential",
    "GET /api/v2/products/{product_id}": "confidential_too: SeesConfidential",
    "GET /api/v1/inventory/{product_id}": "confidential_too: SeesConfidential",
    # A list that shows confidential products to everybody.
    "GET /api/v1/products": "confidential_too: ListsConfidential",
    # Routes that forgot whose the object is.
    "GET /api/v1/orders/{order_id}": "asked: AskedOrder",
    "GET /api/v1/orders/{order_id}/history": "reach: OrderReach",
    "POST /api/v1/orders/{order_id}/cancel": "reach: OrderReach",
    "GET /api/v1/payments/{order_id}": "reach: PaymentReach",
    "GET /api/v1/customers/{customer_id}/summary": "reach: CustomerReach",
}
"""What is declared there of the object; without it, everybody is shown what administrators are."""
EVERYBODYS = """
from typing import Annotated as _Annotated
from fastapi import Depends as _Depends
from shared.platform.access.security import Reach as _Reach
from shared.platform.access.security import require_recent_login as _require_recent_login
def _all():
    return _Reach(user_id="nobody", everybodys=True)
def _yes():
    return True
def _any(order_id: str):
    from shared.orders.queries.get_order import GetOrder
    return GetOrder(order_id=order_id, requested_by="nobody", manages_orders=True)
_ALL = _Annotated[_Reach, _Depends(_all)]
_YES = _Annotated[bool, _Depends(_yes)]
_ANY = _Annotated[object, _Depends(_any)]
"""


def planted(world: World, endpoint: Endpoint, old: str, new: str) -> Any:
    """Return the handler of *endpoint*'s function with another text in its source."""
    world.enter(endpoint.function)
    source = (ROOT / "functions" / endpoint.function / "handler.py").read_text("utf-8")
    assert old in source, f"{endpoint.function} has no {old!r} any more"
    text = source.replace(old, new).replace("\napp = ", f"\n{EVERYBODYS}\napp = ", 1)
    module = ModuleType("planted")
    exec(compile(text, "planted", "exec"), vars(module))  # noqa: S102  # our own source, with the fault in it
    return module.handler


def noticed(world: World, endpoint: Endpoint, handler: Any) -> str | None:
    """Return the first cell that is red at *handler*."""
    tried = cells(endpoint, TABLE, thorough=False)
    red = (each.label for each in tried if is_red(world, each, handler=handler))
    return next(red, None)


def with_another_permission(world: World, endpoint: Endpoint) -> Any:
    """Return its handler, which asks for what is next in the list of all permissions."""
    everyone = list(Permission)
    for asked in map(Permission, sorted(TABLE.line(endpoint.name).who or ())):
        other = everyone[(everyone.index(asked) + 1) % len(everyone)]
        return planted(world, endpoint, f"Permission.{asked.name}", f"Permission.{other.name}")
    raise LookupError(f"{endpoint.name} asks for nothing")


def asking(routes: list[Endpoint]) -> list[Endpoint]:
    """Return the routes that ask for a permission."""
    return [each for each in routes if each.method != "HEAD" and TABLE.line(each.name).who]


def test_one_wrong_permission_is_seen_at_every_route(world: World, routes: list[Endpoint]) -> None:
    asked = asking(routes)
    assert len(asked) >= 20
    missed = [
        each.name
        for each in asked
        if noticed(world, each, with_another_permission(world, each)) is None
    ]
    assert missed == []


def test_seven_at_once_are_seen_each(world: World, routes: list[Endpoint]) -> None:
    """Nothing is made from the declarations: that seven are wrong together hides none."""
    seven = [each for each in asking(routes) if each.name in SEVEN]
    handlers = {each.name: with_another_permission(world, each) for each in seven}
    seen = [each.name for each in seven if noticed(world, each, handlers[each.name])]
    assert sorted(seen) == sorted(SEVEN)


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_that_nobody_declared_is_seen(
    world: World, routes: list[Endpoint], name: str
) -> None:
    """The declaration is gone with the check, so that nothing in the route tells of either."""
    (endpoint,) = [each for each in routes if each.name == name]
    old = LEAKS[name]
    instead = {"reach": "_ALL", "asked": "_ANY"}.get(old.partition(":")[0], "_YES")
    handler = planted(world, endpoint, old, f"{old.partition(':')[0]}: {instead}")
    assert noticed(world, endpoint, handler) is not None


def test_a_route_that_asks_for_no_recent_log_in_though_it_should_is_seen(
    world: World, routes: list[Endpoint]
) -> None:
    """The declaration is gone: the table alone knows of it. So is one that nobody wanted."""
    wanted = [each for each in routes if TABLE.line(each.name).fresh_minutes]
    assert len(wanted) >= 3
    for endpoint in wanted:
        handler = planted(world, endpoint, ", require_recent_login(minutes=15)]", "]")
        assert "a second late" in str(noticed(world, endpoint, handler))
    (other,) = [each for each in routes if each.name == "POST /api/v1/users/me/password"]
    old = "require_permission(Permission.CREDENTIAL_CHANGE)"
    unasked = f"{old}, _require_recent_login(minutes=15)"
    assert noticed(world, other, planted(world, other, old, unasked)) is not None


def test_what_is_not_changed_is_not_red(world: World, routes: list[Endpoint]) -> None:
    (endpoint,) = [each for each in routes if each.name == "GET /api/v1/orders/{order_id}"]
    same = planted(world, endpoint, "asked: AskedOrder", "asked: AskedOrder")
    assert noticed(world, endpoint, same) is None
