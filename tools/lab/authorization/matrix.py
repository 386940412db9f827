"""The matrix: for every cell a real request to the real handler behind the templates' gateway."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tools.lab.authorization.callers import NO_AUTHORIZER, Caller, callers
from tools.lab.authorization.cookies import identified, in_a_browser
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.expected import (
    BROKEN,
    FORBIDDEN,
    UNAUTHENTICATED,
    Outcome,
    expected,
)
from tools.lab.authorization.requests import anonymised, request, shows
from tools.lab.authorization.table import MISSING, Table, View
from tools.lab.authorization.world import World, invoke

_OF_THE_REQUEST = re.compile(r'"(?:request_id|correlation_id|timestamp|trace_id)": ?"[^"]*"')


@dataclass(frozen=True)
class Cell:
    """One caller at one endpoint, who asks for *view* (``None``: there is nothing to choose)."""

    endpoint: Endpoint
    caller: Caller
    view: View | None
    expected: Outcome
    like: View | None = None
    """What the answer must not be told apart from."""

    @property
    def is_refused(self) -> bool:
        """Whether the caller is not to get what they ask for, or not all of it."""
        return self.expected.status >= UNAUTHENTICATED or self.expected.shown is False

    @property
    def label(self) -> str:
        """How people write it."""
        asking = f" ({self.view.label})" if self.view else ""
        return f"{self.endpoint.name}{asking}: {self.caller.column}"


def cells(endpoint: Endpoint, table: Table, *, thorough: bool = True) -> list[Cell]:
    """Return every cell of *endpoint*, by *table*: its own declarations have no say.

    ``HEAD`` is answered by the code of ``GET``: who holds what beside the right thing is tried
    there.
    """
    line = table.line(endpoint.name)
    thorough = thorough and endpoint.method != "HEAD"
    found = []
    for number, view in enumerate(line.views or (None,)):
        for caller in callers(line, view, is_first=number == 0, thorough=thorough):
            wanted = expected(table, endpoint.name, endpoint.success, caller, view)
            cell = Cell(endpoint, caller, view, wanted)
            found.append(replace(cell, like=_like(cell, line.views)))
    return found


def _like(cell: Cell, views: tuple[View, ...]) -> View | None:
    """Return what the cell's answer is held against: hidden is like missing, refused like any."""
    view = cell.view
    if view is None or view.listed or view.change:
        return None
    of_its_kind = [each for each in views if (each.thing, each.change) == (view.thing, "")]
    if cell.expected.status == view.not_there and view.visibility != MISSING:
        return next((each for each in of_its_kind if each.visibility == MISSING), None)
    if cell.expected.status in (UNAUTHENTICATED, FORBIDDEN) and view != of_its_kind[0]:
        return of_its_kind[0]
    return None


def found(
    world: World, cell: Cell, *, handler: Any = None, protected: bool | None = None
) -> Outcome:
    """Send the cell's request and return what came of it; the world is as before afterwards.

    *handler* and *protected* stand in for what the endpoint has of its own.
    """
    endpoint = cell.endpoint
    world.enter(endpoint.function)
    event = request(endpoint, cell.view)
    event["requestContext"].pop("authorizer", None)
    csrf = cell.caller.csrf
    if csrf is not None:
        event = in_a_browser(world, event, csrf=csrf)
    if endpoint.protected if protected is None else protected:
        if cell.caller is NO_AUTHORIZER:
            return Outcome(BROKEN, wrote=False)
        word = cell.caller.word if csrf is None else identified(world, event)
        event["requestContext"]["authorizer"] = {"lambda": dict(word)}
    with cell.caller.at_the_door():
        answer = invoke(world, endpoint.function, event, handler)
    denials, wrote = world.undo()
    body = answer.get("body") or ""
    return Outcome(
        answer["statusCode"],
        shown=shows(cell.view, body),
        denials=tuple(denials),
        wrote=wrote,
        text=anonymised(_OF_THE_REQUEST.sub("", body)),
    )


def is_red(world: World, cell: Cell, **changes: Any) -> Outcome | None:
    """Return what was found where that is not as expected."""
    outcome = found(world, cell, **changes)
    if cell.expected.differs(outcome):
        return outcome
    if cell.like is not None:
        twin = found(world, replace(cell, view=cell.like), **changes)
        if (twin.status, twin.text) != (outcome.status, outcome.text):
            return outcome
    return None


def red(
    world: World, endpoint: Endpoint, table: Table, **changes: Any
) -> Iterator[tuple[Cell, Outcome]]:
    """Yield the cells of *endpoint* that are not as the table says, with what was found."""
    for cell in cells(endpoint, table):
        if (outcome := is_red(world, cell, **changes)) is not None:
            yield cell, outcome
