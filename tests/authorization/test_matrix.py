"""Every cell is as the route declares; who is let in is nowhere listed by hand."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from shared.platform.access.permissions import Role
from tools.lab.authorization.endpoints import Endpoint, Undeclared, endpoints
from tools.lab.authorization.matrix import cells, red
from tools.lab.authorization.world import World
from tools.lab.privileges.symbols import System

pytestmark = pytest.mark.row("PRM-01", "PRM-02", "PRM-03", "PRM-04", "PRM-05", "SEC-09")

NAMES = {each.name: each for each in endpoints(System())}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_what_the_route_declares(
    world: World, routes: list[Endpoint], name: str
) -> None:
    (endpoint,) = [each for each in routes if each.name == name]
    wrong = [f"{cell.label}: {cell.expected}, got {got}" for cell, got in red(world, endpoint)]
    assert wrong == []


def test_the_matrix_has_its_size(
    routes: list[Endpoint], record_property: Callable[[str, object], None]
) -> None:
    number = sum(len(cells(endpoint)) for endpoint in routes)
    record_property("counted", f"{number} cells over {len(routes)} routes")
    assert len(routes) >= 19
    assert number >= len(routes) * (5 + len(Role))


def test_every_kind_of_outcome_is_in_it(routes: list[Endpoint]) -> None:
    """A matrix that expects the same of everybody would prove nothing."""
    all_cells = [cell for endpoint in routes for cell in cells(endpoint)]
    assert {cell.expected.status for cell in all_cells} >= {200, 201, 401, 403, 404, 500, 503}
    assert {cell.expected.shown for cell in all_cells} == {None, True, False}
    assert {kind for cell in all_cells for kind in cell.expected.denials} == {
        "permission.denied",
        "permission.object_denied",
    }


def test_the_scene_is_what_a_scan_shows(world: World) -> None:
    """The world reads its tables where moto keeps them."""
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


def test_a_route_without_a_rule_fails_and_one_with_two(routes: list[Endpoint]) -> None:
    for bare in (Bare(), Bare(routes[0].rule, routes[-1].rule)):
        with pytest.raises(Undeclared, match="exactly one"):
            cells(bare)


def test_a_route_that_asks_nobody_needs_no_authorizer(routes: list[Endpoint]) -> None:
    """An outage of the authorizer must not close what is open to everybody."""
    open_ones = [endpoint for endpoint in routes if not endpoint.asks_who]
    assert len(open_ones) >= 5
    assert [each.name for each in open_ones if each.protected] == []
