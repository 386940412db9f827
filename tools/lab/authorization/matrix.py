"""The matrix: for every cell a real request to the real handler behind the templates' gateway."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.platform.access.security import Reserve
from tools.lab.authorization.callers import NO_AUTHORIZER, Caller, callers
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.expected import BROKEN, UNAUTHENTICATED, Outcome, expected
from tools.lab.authorization.requests import request, shows
from tools.lab.authorization.world import World, invoke


@dataclass(frozen=True)
class Cell:
    """One caller at one endpoint; *case* is the reserve that the request touches, if any."""

    endpoint: Endpoint
    caller: Caller
    case: Reserve | None
    expected: Outcome

    @property
    def label(self) -> str:
        """How people write it."""
        mine = " (owner)" if self.caller.is_owner else ""
        touching = f" touching {self.case.permission}" if self.case else ""
        return f"{self.endpoint.name}{touching}: {self.caller.column}{mine}"

    @property
    def is_refused(self) -> bool:
        """Whether the caller is not to get what they ask for, or not all of it."""
        return self.expected.status >= UNAUTHENTICATED or self.expected.shown is False


def cells(endpoint: Endpoint) -> list[Cell]:
    """Return every cell of *endpoint*; `Undeclared` for a route without a rule."""
    return [
        Cell(endpoint, caller, case, expected(endpoint, caller, case))
        for case in (None, *endpoint.reserves)
        for caller in callers(endpoint)
    ]


def found(
    world: World, cell: Cell, *, handler: Any = None, protected: bool | None = None
) -> Outcome:
    """Send the cell's request and return what came of it; the world is as before afterwards.

    *handler* and *protected* stand in for what the endpoint has of its own.
    """
    endpoint = cell.endpoint
    world.enter(endpoint.function)
    event = request(endpoint, cell.case)
    event["requestContext"].pop("authorizer", None)
    if endpoint.protected if protected is None else protected:
        if cell.caller is NO_AUTHORIZER:
            return Outcome(BROKEN, wrote=False)
        event["requestContext"]["authorizer"] = {"lambda": dict(cell.caller.word)}
    with cell.caller.at_the_door():
        answer = invoke(world, endpoint.function, event, handler)
    denials, wrote = world.undo()
    return Outcome(
        answer["statusCode"],
        shown=shows(cell.case, answer.get("body") or ""),
        denials=tuple(denials),
        wrote=wrote,
    )


def red(world: World, endpoint: Endpoint, **changes: Any) -> Iterator[tuple[Cell, Outcome]]:
    """Yield the cells of *endpoint* that are not as declared, with what was found instead."""
    for cell in cells(endpoint):
        outcome = found(world, cell, **changes)
        if cell.expected.differs(outcome):
            yield cell, outcome
