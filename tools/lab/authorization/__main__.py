"""Print the authorization matrix as Markdown: ``python -m tools.lab.authorization``.

One line a route (and a line for each thing that it keeps for some), one column a kind of caller.
Where there is an owner, a cell says what the owner gets, then what everybody else gets. What is
not as declared is marked; exits with 1 when anything is.
"""

import asyncio
import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.support import environment

environment.fix()

# ruff: noqa: E402  # these read the environment that was just fixed
from shared.platform.access.permissions import Role
from tools.lab.authorization.callers import STRANGERS
from tools.lab.authorization.endpoints import endpoints
from tools.lab.authorization.expected import Outcome
from tools.lab.authorization.matrix import Cell, cells, found
from tools.lab.authorization.world import World, built
from tools.lab.privileges.symbols import System

GREEN, RED, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"
ROLES = tuple(map(str, Role))
COLUMNS = (*(each.column for each in STRANGERS), *ROLES, "granted", "all but")


def table(world: World, system: System, *, colours: bool) -> tuple[str, int, int]:
    """Return the matrix as text, how many cells it has, and how many of them are wrong."""
    lines = [_line("route", *COLUMNS), _line(*["---"] * (len(COLUMNS) + 1))]
    number = wrong = 0
    for endpoint in endpoints(system):
        world.enter(endpoint.function)
        for case in (None, *endpoint.reserves):
            texts: dict[str, list[str]] = {column: [] for column in COLUMNS}
            for cell in (each for each in cells(endpoint) if each.case == case):
                outcome = found(world, cell)
                number += 1
                wrong += cell.expected.differs(outcome)
                texts[_column(cell)].append(_shown(cell, outcome, colours=colours))
            touching = f" → {case.permission}" if case else ""
            lines.append(_line(f"{endpoint.name}{touching}", *map(" / ".join, texts.values())))
    return "\n".join(lines), number, wrong


def _column(cell: Cell) -> str:
    column = cell.caller.column
    return next((each for each in ("granted", "all but") if column.startswith(each)), column)


def _shown(cell: Cell, outcome: Outcome, *, colours: bool) -> str:
    text = f"{outcome.status}{' hidden' if cell.expected.shown is False else ''}"
    if cell.expected.differs(outcome):
        text += f" ✗ {cell.expected}"
        return f"{RED}{text}{PLAIN}" if colours else f"**{text}**"
    return f"{GREEN}{text}{PLAIN}" if colours and outcome.status < 400 else text


def _line(*texts: str) -> str:
    return f"| {' | '.join(texts)} |"


@guarded
def main(arguments: Sequence[str]) -> int:
    Parser(description=__doc__).parse_args(arguments)
    asyncio.set_event_loop(asyncio.new_event_loop())
    system = System()
    output: Any = sys.stdout
    log_lines = io.StringIO()
    with redirect_stdout(log_lines), built(system) as world:
        text, number, wrong = table(world, system, colours=output.isatty())
    output.write(f"{text}\n\n{number} cells, {wrong} not as declared\n")
    return 1 if wrong or not number else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
