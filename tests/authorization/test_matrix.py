"""Every cell is as the table says, whatever the route declares; and the table is whole."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.platform.access.permissions import PERMISSIONS_OF, Permission, Role
from tools.lab.authorization.endpoints import Endpoint, Undeclared, endpoints
from tools.lab.authorization.matrix import cells, red
from tools.lab.authorization.requests import request
from tools.lab.authorization.table import Table
from tools.lab.authorization.world import World, invoke
from tools.lab.privileges.symbols import System

pytestmark = pytest.mark.row("PRM-01", "PRM-02", "PRM-03", "PRM-04", "PRM-05", "SEC-09")

NAMES = {each.name: each for each in endpoints(System())}
TABLE = Table.read()


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_what_the_table_says(
    world: World, routes: list[Endpoint], name: str
) -> None:
    (endpoint,) = [each for each in routes if each.name == name]
    wrong = [
        f"{cell.label}: {cell.expected}, got {got}" for cell, got in red(world, endpoint, TABLE)
    ]
    assert wrong == []


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert TABLE.unmatched(NAMES) == []


def test_a_route_more_is_found_and_a_route_less() -> None:
    assert TABLE.unmatched([*NAMES, "DELETE /api/v1/orders"]) == [
        "DELETE /api/v1/orders: no line in who_may.toml"
    ]
    gone = {"GET /health", "HEAD /health"}
    assert TABLE.unmatched(NAMES.keys() - gone) == ["GET /health: no such route"]


def test_every_line_has_its_reason() -> None:
    assert TABLE.unfounded() == []
    bare = Table({"route": {"GET /x": {"who": "anyone"}}, "role": {"admin": {"said": "admin"}}})
    assert bare.unfounded() == ["route.GET /x"]


def test_a_route_with_an_id_says_of_what() -> None:
    assert TABLE.nameless() == []
    bare = Table({"route": {"GET /x/{id}": {"who": "anyone"}, "GET /x": {"who": "anyone"}}})
    assert bare.nameless() == ["GET /x/{id}"]


def test_roles_hold_what_the_table_gives_them() -> None:
    held = {str(role): frozenset(map(str, PERMISSIONS_OF[role])) for role in Role}
    assert held == TABLE.roles


def test_every_permission_opens_something_or_is_said_not_to() -> None:
    """And a name that is misspelt in the table is none of them."""
    unused = set(TABLE.written["unused"])
    assert TABLE.mentioned | unused == set(map(str, Permission))
    assert TABLE.mentioned.isdisjoint(unused)


def test_the_matrix_has_its_size(routes: list[Endpoint], request: pytest.FixtureRequest) -> None:
    number = sum(len(cells(endpoint, TABLE)) for endpoint in routes)
    request.node.user_properties.append(("counted", f"{number} cells over {len(routes)} routes"))
    assert len(routes) >= 50
    assert number >= 2_000


def test_one_permission_each_is_tried_at_every_route_that_asks_for_some(
    routes: list[Endpoint],
) -> None:
    """And every visibility of what it names by somebody with just what the route asks for."""
    for endpoint in routes:
        line = TABLE.line(endpoint.name)
        tried = cells(endpoint, TABLE)
        alone = {frozenset(map(str, each.caller.grants)) for each in tried}
        if line.who is not None and endpoint.method != "HEAD":
            assert alone >= {frozenset({str(each)}) for each in Permission}
        own = {
            each.view
            for each in tried
            if each.caller.role_holds == frozenset()
            and set(map(str, each.caller.grants)) == (line.who or set())
        }
        assert own >= set(line.views)


def test_every_kind_of_outcome_is_in_it(routes: list[Endpoint]) -> None:
    """A matrix that expects the same of everybody would prove nothing."""
    all_cells = [cell for endpoint in routes for cell in cells(endpoint, TABLE)]
    statuses = {cell.expected.status for cell in all_cells}
    assert statuses >= {200, 201, 401, 403, 404, 422, 500, 503}
    assert {cell.expected.shown for cell in all_cells} == {None, True, False}
    assert {kind for cell in all_cells for kind in cell.expected.denials} == {
        "permission.denied",
        "permission.object_denied",
    }


@pytest.mark.row("SEC-05")
def test_no_change_is_made_by_a_cookie_alone(routes: list[Endpoint]) -> None:
    """Every changing route of every service is asked by the owner's browser, with and without.

    Those that look at no cookie do the same for everybody: there are two, and both take a body
    that no page of another origin can send.
    """
    tried: dict[str, set[tuple[str, int]]] = {}
    for endpoint in routes:
        if endpoint.method in ("GET", "HEAD"):
            continue
        tried[endpoint.name] = {
            (each.caller.column, each.expected.status)
            for each in cells(endpoint, TABLE)
            if each.caller.csrf is not None
        }
    columns = {"by cookie, no CSRF token", "by cookie, another's CSRF token"}
    unmoved = [
        name for name, found in tried.items() if {(column, 403) for column in columns} - found
    ]
    assert sorted(unmoved) == ["POST /api/v1/auth/login", "POST /api/v1/auth/register"]
    right = {dict(found)["by cookie"] for found in tried.values()}
    assert right >= {200, 201, 403}
    assert len(tried) >= 19


@pytest.mark.row("SEC-05")
def test_what_may_be_kept_for_everybody_is_asked_without_a_word_on_who_is_calling(
    world: World, routes: list[Endpoint]
) -> None:
    """The edge keeps by path and a few headers: a cookie is none of them."""
    kept = []
    for endpoint in routes:
        world.enter(endpoint.function)
        answer = invoke(world, endpoint.function, request(endpoint, None))
        world.undo()
        control = answer["headers"].get("cache-control", "")
        if "no-store" not in control and "private" not in control:
            kept.append(endpoint.name)
            assert not endpoint.protected, endpoint.name
            assert "set-cookie" not in answer["headers"]
            assert not answer.get("cookies")
    assert len(kept) >= 4, kept


def test_the_scene_is_what_a_scan_shows(world: World) -> None:
    """The world reads its tables where the engine keeps them."""
    assert sum(map(len, world._saved.values())) > 20
    for name, table in world.tables.items():
        scanned = table.client.scan(TableName=name, ConsistentRead=True)
        assert "LastEvaluatedKey" not in scanned
        assert sorted(world._saved[name].values(), key=str) == sorted(scanned["Items"], key=str)


class Bare(Endpoint):
    """A route that declares nothing, or too much."""

    def __init__(self, *rules: Any) -> None:
        super().__init__("orders", "get_order", "GET", "/x", protected=True)
        self.__dict__["dependencies"] = [SimpleNamespace(rule=rule) for rule in rules]


def test_a_route_declares_exactly_one_rule(routes: list[Endpoint]) -> None:
    assert [each.name for each in routes if not each.rule] == []
    for bare in (Bare(), Bare(routes[0].rule, routes[-1].rule)):
        with pytest.raises(Undeclared, match="exactly one"):
            assert bare.rule


def test_a_route_that_asks_nobody_needs_no_authorizer(routes: list[Endpoint]) -> None:
    """An outage of the authorizer must not close what is open to everybody."""
    open_ones = [endpoint for endpoint in routes if not TABLE.line(endpoint.name).looks]
    assert len(open_ones) >= 5
    assert [each.name for each in open_ones if each.protected] == []
