"""Removing any one check turns at least one cell of the matrix red."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tools.lab.authorization import mutants
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.matrix import is_red
from tools.lab.authorization.mutants import Mutant
from tools.lab.authorization.world import World
from tools.lab.privileges.symbols import System

pytestmark = pytest.mark.row("PRM-02", "PRM-03")

Make = Callable[[System, list[Endpoint]], Iterator[Mutant]]
KINDS: dict[str, tuple[Make, int]] = {
    "rule removed": (lambda _, routes: mutants.rules(routes), 19),
    "permission not looked at": (lambda _, routes: mutants.permissions(routes), 12),
    "age of the log-in not looked at": (lambda _, routes: mutants.freshness(routes), 6),
    "object not looked at": (lambda _, routes: mutants.declarations(routes), 10),
    "refusal removed": (lambda _system, _routes: mutants.refusals(), 9),
    "Auth of the template turned round": (mutants.templates, 19),
}
"""Each kind of check with the fewest there have been of it: fewer means that none are found."""


def caught(world: World, routes: list[Endpoint], mutant: Mutant) -> str | None:
    """Return the first cell that notices *mutant*."""
    with mutant.applied(world) as handler:
        for cell in mutant.cells(routes):
            if is_red(world, cell, handler=handler, protected=mutant.protected):
                return cell.label
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_every_check_that_is_taken_away_is_missed(
    world: World,
    routes: list[Endpoint],
    system: System,
    kind: str,
    request: pytest.FixtureRequest,
) -> None:
    make, fewest = KINDS[kind]
    made = list(make(system, routes))
    noticed = {mutant.name: caught(world, routes, mutant) for mutant in made}
    request.node.user_properties.append(("counted", f"{kind}: {len(made)} mutants"))
    assert [name for name, cell in noticed.items() if cell is None] == []
    assert len(made) >= fewest
    assert max(Counter(mutant.name for mutant in made).values()) == 1
