"""Print the authorization matrix as Markdown: ``python -m tools.lab.authorization``.

One line a route and what is asked of it, one column a kind of caller; the last but one is for
whoever holds just enough, the last for everybody else who is tried. What is not as the table says
is marked; exits with 1 when anything is.
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
from tools.lab.authorization.matrix import Cell, cells, is_red
from tools.lab.authorization.table import Table
from tools.lab.authorization.world import World, built
from tools.lab.privileges.symbols import System

GREEN, RED, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"
ROLES = tuple(map(str, Role))
ENOUGH, OTHERS = "just enough", "others"
COLUMNS = (*(each.column for each in STRANGERS), *ROLES, "nothing", ENOUGH, OTHERS)


def table(world: World, system: System, *, colours: bool) -> tuple[str, int, int]:
    """Return the matrix as text, how many cells it has, and how many of them are wrong."""
    lines = [_line("route", *COLUMNS), _line(*["---"] * (len(COLUMNS) + 1))]
    number = wrong = 0
    for endpoint in endpoints(system):
        world.enter(endpoint.function)
        rows: dict[str, dict[str, list[str]]] = {}
        for cell in cells(endpoint, Table.read()):
            outcome = is_red(world, cell)
            number += 1
            wrong += outcome is not None
            asked = f"{endpoint.name}{f' → {cell.view.label}' if cell.view else ''}"
            texts = rows.setdefault(asked, {column: [] for column in COLUMNS})
            text = _shown(cell, outcome, colours=colours)
            if text not in texts[_column(cell)]:
                texts[_column(cell)].append(text)
        lines += [_line(asked, *map(" / ".join, row.values())) for asked, row in rows.items()]
    return "\n".join(lines), number, wrong


def _column(cell: Cell) -> str:
    if cell.caller.column in COLUMNS:
        return cell.caller.column
    line = Table.read().line(cell.endpoint.name)
    needed = (line.who or frozenset()) | (cell.view.word.needs if cell.view else frozenset())
    needed |= cell.view.may_change.needs if cell.view else frozenset()
    return ENOUGH if set(map(str, cell.caller.grants)) == needed else OTHERS


def _shown(cell: Cell, outcome: Outcome | None, *, colours: bool) -> str:
    if outcome is not None:
        text = f"{outcome} ✗ {cell.expected}, {cell.caller.column}"
        return f"{RED}{text}{PLAIN}" if colours else f"**{text}**"
    text = str(cell.expected)
    return f"{GREEN}{text}{PLAIN}" if colours and cell.expected.status < 400 else text


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
    output.write(f"{text}\n\n{number} cells, {wrong} not as the table says\n")
    return 1 if wrong or not number else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
