"""What the system promises, where that is at work, and which tests hold it: ``make rows``.

With ``-v`` every test is named. Exits with 1 when a required row (``--require``, ``--issue``) has
no test, with 2 when the tests cannot be collected, there are none, one is marked with an id that
``rows.toml`` does not have, or a place of use is not there.
"""

import io
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

DATA = Path(__file__).with_name("rows.toml")
Tests = Mapping[str, set[str]]
Used = Mapping[str, Sequence[str]]


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


def misplaced(rows: Mapping[str, str], used: Used) -> list[str]:
    """Return a line for every place of use that does not exist, or whose name is not there."""
    wrong = [f"[used] {row}: no such row" for row in used.keys() - rows.keys()]
    for row, places in used.items():
        for place in places:
            path, _, name = place.partition("::")
            if not (ROOT / path).exists() or (
                name and name not in (ROOT / path).read_text("utf-8")
            ):
                wrong.append(f"[used] {row}: {place} is not there")
    return wrong


def report(rows: Mapping[str, str], used: Used, tests: Tests, *, every_test: bool = False) -> str:
    """Return a paragraph for each row: id, number of test functions, title; places; tests."""
    lines = []
    for row, title in rows.items():
        found = sorted(tests.get(row, ()))
        lines.append(f"{row}  {len(found) or '-':>4}  {title}")
        if places := used.get(row):
            lines.append(f"{'':14}used: {', '.join(places)}")
        shown = found if every_test else _files(found)
        lines.extend(f"{'':14}test: {each}" for each in shown)
    held = len(rows) - len(untested(rows, tests))
    idle = [row for row in rows if row not in used]
    without = [*untested(rows, tests)]
    return "\n".join(
        [
            *lines,
            f"without a test: {', '.join(without) or 'none'}",
            f"without a place of use: {', '.join(idle) or 'none'}",
            f"{held} of {len(rows)} rows have tests",
        ]
    )


def _files(tests: Sequence[str]) -> list[str]:
    """Return the files of *tests* with how many each has."""
    files = Counter(test.partition("::")[0] for test in tests)
    return [f"{file} ({number})" for file, number in sorted(files.items())]


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and return the exit status."""
    data: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
    rows: dict[str, str] = data["rows"]
    options = _parser(data["issues"]).parse_args(arguments)
    required = [*options.require, *(data["issues"][options.issue] if options.issue else ())]
    collector = collect(options.tests)
    mistakes = [
        *unknown(rows, collector.tests),
        *misplaced(rows, data["used"]),
        *(f"no row {row} to require" for row in required if row not in rows),
    ]
    if mistakes:
        print("\n".join(sorted(mistakes)), file=sys.stderr)
        return 2
    print(report(rows, data["used"], collector.tests, every_test=options.verbose))
    missing = untested(required, collector.tests)
    if required:
        print(f"{len(required) - len(missing)} of {len(required)} required rows have tests")
    for row in missing:
        print(f"required, without a test: {row}  {rows[row]}")
    return 1 if missing else 0


def _parser(issues: Mapping[str, Any]) -> Parser:
    parser = Parser(prog="python -m tools.check.rows", description=__doc__)
    parser.add_argument("tests", nargs="*", default=["tests"], help="where the tests are")
    parser.add_argument("--require", nargs="+", default=[], metavar="ID", help="rows that must")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every test")
    parser.add_argument("--issue", choices=sorted(issues), help="require the rows of this issue")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
