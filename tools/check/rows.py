"""What the system promises, who uses it, and which tests hold it: ``make rows``.

A row is *held* when a function or a context uses its helper (`tools.check.uses`), tests are marked
with it, and one of them over HTTP or of an event fails once that helper does nothing
(`tools.check.planted`; ``--plant`` tries it out). The end names what is not held, or in part, and
what that waits for.

With ``-v`` every test is named. Exits with 1 when a required row (``--require``, ``--issue``) has
no test or a planted no-op is not noticed; with 2 when the tests cannot be collected, there are
none, one is marked with an id that ``rows.toml`` does not have, or a use is none.
"""

import io
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tools.check import planted
from tools.check.project import ROOT
from tools.check.standing import Rows, not_held, paragraphs, summary
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

DATA = Path(__file__).with_name("rows.toml")
Tests = Mapping[str, set[str]]


class Collector:
    """A pytest plugin that notes which test functions are marked with which rows."""

    def __init__(self) -> None:
        self.collected = 0
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        self.collected += len(items)
        for item in items:
            function = item.nodeid.partition("[")[0]
            for marker in item.iter_markers("row"):
                for row in marker.args:
                    self.tests[row].add(function)


def collect(paths: Sequence[str]) -> Collector:
    """Collect the tests under *paths*; ``SystemExit`` with pytest's own words when that fails."""
    collector, output = Collector(), io.StringIO()
    with redirect_stdout(output):
        status = pytest.main(["--collect-only", "-qq", *paths], plugins=[collector])
    if status is not pytest.ExitCode.OK:
        errors = output.getvalue().partition("= ERRORS =")[2]
        print(errors, f"pytest collected nothing usable: {status!r}", file=sys.stderr)
        raise SystemExit(2)
    return collector


def unknown(rows: Mapping[str, str], tests: Tests) -> list[str]:
    """Return a line for every test marked with an id that does not exist."""
    return [f"{test}: no row {row}" for row in tests.keys() - rows.keys() for test in tests[row]]


def untested(required: Iterable[str], tests: Tests) -> list[str]:
    """Return the *required* rows that no test holds."""
    return [row for row in required if not tests.get(row)]


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and return the exit status."""
    data: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
    options = _parser(data["issues"]).parse_args(arguments)
    required = [*options.require, *(data["issues"][options.issue] if options.issue else ())]
    collector = collect(options.tests)
    rows = Rows(data, collector.tests)
    mistakes = [
        *unknown(rows.titles, collector.tests),
        *rows.mistakes(ROOT),
        *(f"no row {row} to require" for row in required if row not in rows.titles),
    ]
    if mistakes:
        print("\n".join(sorted(mistakes)), file=sys.stderr)
        return 2
    console = Console(highlight=False, soft_wrap=True)
    for line in paragraphs(rows, every_test=options.verbose):
        console.print(line)
    console.print(not_held(rows), soft_wrap=False)
    console.print(summary(rows))
    missing = untested(required, collector.tests)
    if required:
        print(f"{len(required) - len(missing)} of {len(required)} required rows have tests")
    for row in missing:
        print(f"required, without a test: {row}  {rows.titles[row]}")
    failed = planted.main([]) if options.plant else 0
    return 1 if missing or failed else 0


def _parser(issues: Mapping[str, Any]) -> Parser:
    parser = Parser(prog="python -m tools.check.rows", description=__doc__)
    parser.add_argument("tests", nargs="*", default=["tests"], help="where the tests are")
    parser.add_argument("--require", nargs="+", default=[], metavar="ID", help="rows that must")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every test")
    parser.add_argument("--plant", action="store_true", help="plant every no-op as well")
    parser.add_argument("--issue", choices=sorted(issues), help="require the rows of this issue")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
