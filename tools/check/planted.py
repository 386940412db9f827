"""Plants helpers that do nothing, and asks whether a test over HTTP, or of an event, notices.

    python -m tools.check.planted [ROW…]

``rows.toml`` names for a row a helper, something that takes its place and does nothing, and a
test. The test passes as the code is, and fails with the no-op planted: else the row rests on
nothing that a user could see. One process starts them all (`tools.check.planted_child`).
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from rich.console import Console
from rich.table import Table

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.entry.names import known

DATA = Path(__file__).with_name("rows.toml")
_NOT_HANDED_ON = (
    "CALL_RECORD",  # what broken code calls, no role has to allow
    "PYTEST_ADDOPTS",
    "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER",
    "PYTHONDONTWRITEBYTECODE",  # every process would compile the same modules
)
_COLOUR = {"caught": "green", "passes": "green"}


@dataclass(frozen=True, slots=True)
class Plant:
    """*noop* (Python) in place of *helper* (``path::name``) turns *test* red, for a *row*."""

    row: str
    helper: str
    noop: str
    test: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went: ``caught`` is as it should be, anything else is told by *said*."""

    row: str
    helper: str
    test: str
    outcome: str
    said: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the plant did what it should, or the test without any passes."""
        return self.outcome in _COLOUR


def plants_of(data: Mapping[str, Any]) -> list[Plant]:
    """Return the plants of ``rows.toml``."""
    return [Plant(**each) for each in data["planted"]]


def verdicts(plants: Sequence[Plant], root: Path = ROOT) -> Iterator[Verdict]:
    """Yield how each plant went, after what its tests say as the code is.

    Raises `ToolError` when the process that runs them ends before its last answer.
    """
    asked = json.dumps([asdict(each) for each in plants])
    child = subprocess.Popen(
        [sys.executable, "-m", "tools.check.planted_child"],
        cwd=root,
        env={name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
        | {"PYTHONPATH": os.pathsep.join([str(root), str(ROOT)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    reader, writer = cast("IO[str]", child.stdout), cast("IO[str]", child.stdin)
    try:
        writer.write(asked)
        writer.close()
        answered = 0
        for line in reader:
            answered += 1
            yield Verdict(**json.loads(line))
        if child.wait() or answered <= len(plants):
            raise ToolError(f"the tests of planted no-ops ended with {child.returncode}.")
    finally:
        child.kill()
        child.wait()
        reader.close()


def table(found: Sequence[Verdict]) -> Table:
    """Return the verdicts for a terminal."""
    shown = Table("row", "no-op in place of", "test", "outcome", title="Planted no-ops")
    for each in found:
        colour = _COLOUR.get(each.outcome, "bold red")
        outcome = each.outcome if each.is_right else f"{each.outcome}: {each.said}"
        helper, test = each.helper.rpartition("::")[2], each.test.rpartition("::")[2]
        shown.add_row(each.row, helper, test, f"[{colour}]{outcome}[/]")
    return shown


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Plant what is asked for, and return the exit status."""
    plants = plants_of(tomllib.loads(DATA.read_text("utf-8")))
    parser = Parser(prog="python -m tools.check.planted", description=__doc__)
    parser.add_argument("rows", nargs="*", help="rows to plant for (default: all that have one)")
    rows = parser.parse_args(arguments).rows
    for row in rows:
        known(row, sorted({each.row for each in plants}), "row with a planted no-op")
    chosen = [each for each in plants if not rows or each.row in rows]
    found = []
    for each in verdicts(chosen):
        found.append(each)
        if not each.is_right:
            print(f"{each.row}: {each.outcome}: {each.said}", file=sys.stderr, flush=True)
    Console().print(table(found))
    caught = sum(each.outcome == "caught" for each in found)
    print(f"{caught} of {len(chosen)} planted no-ops turn their test red")
    return 0 if all(each.is_right for each in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
