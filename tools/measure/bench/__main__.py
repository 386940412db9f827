"""Cold start, warm cost and weight of every function against the floor.

``python -m tools.measure.bench`` writes ``docs/benchmarks.md`` and its plot; exits with 1 when a
bar is missed or a function could not be measured. Needs an interpreter that Lambda has too, on
Linux.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.privileges.symbols import System
from tools.measure.bench.bars import Results, bars, missed_by
from tools.measure.bench.cases import cases, named
from tools.measure.bench.measure import count_instructions, interleaved
from tools.measure.bench.plot import plot
from tools.measure.bench.recorded import record
from tools.measure.bench.report import PLOT, page
from tools.measure.bench.stub import Stub
from tools.measure.bench.variants import FLOOR_ANSWERS, build, floors, ours

DOCS = ROOT / "docs"
ROUNDS, CALLS = 9, 100
FLOOR_RUNS = 2  # in each round: everybody is compared with them
_ERROR = Console(stderr=True)


def measure(options: argparse.Namespace, folder: Path) -> Results:
    """Build, record, run everything in turn; the results of the functions asked for."""
    wanted = named(cases(System()), options.only)
    _ERROR.print("building the layers for this interpreter …")
    built = build(folder)
    _ERROR.print("recording what AWS answers to every function …")
    recorded = record(folder / "recorded.json")
    refused = {c.function: recorded[c.function].refused for c in wanted}
    sound = [case for case in wanted if not refused[case.function]]
    compared = floors(built)
    variants, artifacts = list(compared), {}
    scripts = {floor.name: list(FLOOR_ANSWERS) for floor in variants}
    for case in sound:
        variant, artifacts[case.function] = ours(built, case, recorded[case.function])
        variants.append(variant)
        scripts[case.function] = recorded[case.function].exchanges
    each_round = [*variants, *compared * (FLOOR_RUNS - 1)]
    total = len(each_round) * options.rounds + len(variants) * options.instructions
    with Stub(scripts) as stub, _progress(total) as progress:
        measured = interleaved(each_round, stub, options.rounds, options.calls, progress)
        if options.instructions:
            count_instructions(variants, stub, measured, progress)
    return Results(
        rounds=options.rounds,
        calls=options.calls,
        cases=sound,
        measured=measured,
        artifacts=artifacts,
        layers=built.sizes(),
        calls_to_aws={case.function: recorded[case.function].warm_calls for case in sound},
        refused={function: why for function, why in refused.items() if why},
    )


@guarded
def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    work = ROOT / ".aws-sam"
    work.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="bench-") as folder:
        results = measure(options, Path(folder))
    text = page(results)
    print(text)
    if not options.only:
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
        (DOCS / PLOT).write_text(plot(results), encoding="utf-8")
        print(f"written to {DOCS / 'benchmarks.md'}")
    return verdict(results)


def verdict(results: Results) -> int:
    """Say what is missed; the exit code."""
    missed = [bar for bar in bars(results) if bar.missed]
    for bar in missed:
        print(f"MISSED {bar.what} ≤ {bar.limit:g}: {', '.join(bar.missed)}")
    for function, why in results.refused.items():
        print(f"FAILED {function}: {why}")
    beyond = len(missed_by(missed))
    print(f"benched {len(results.cases)} functions, {beyond} of all measured beyond a bar")
    return 1 if missed or results.refused or not results.cases else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        help="contexts, use cases or both (orders/place_order); prints, writes nothing",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--calls", type=int, default=CALLS, help="most warm calls in each round")
    parser.add_argument("--instructions", action="store_true", help="have valgrind count, too")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.calls < 1:
        parser.error("at least one round of one call")
    if options.instructions and not shutil.which("valgrind"):
        parser.error("--instructions needs valgrind")
    return options


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    columns = (BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=_ERROR) as shown:
        task = shown.add_task("", total=total)

        def advance(what: str) -> None:
            shown.update(task, advance=1, description=what)

        yield advance


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
