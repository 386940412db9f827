"""Compare the engines: ``make engines SEQUENCES=100000 [SEED=n]``, or list what differs.

``python -m tools.lab.engines --differences`` prints the known differences as a Markdown table.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.engines.differences import table
from tools.lab.engines.runs import ENGINES, Tally, compared
from tools.lab.processes import results
from tools.lab.support import dynamodb_local

_AT_ONCE = 250
"""Sequences of one process, with engines of its own: both grow slower with what they remember."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="python -m tools.lab.engines", description=__doc__)
    parser.add_argument("--sequences", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first sequence")
    parser.add_argument("--differences", action="store_true")
    return parser.parse_args(arguments)


def _shares(first: int, sequences: int) -> Iterator[range]:
    each = max(_AT_ONCE, sequences // 100)
    for start in range(first, first + sequences, each):
        yield range(start, min(start + each, first + sequences))


def _run(engine: str, seed: int, sequences: int) -> Tally:
    total = Tally()
    workers = min(os.cpu_count() or 1, -(-sequences // _AT_ONCE))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(engine, total=sequences)
        shares = _shares(seed, sequences)
        for tally in results(partial(compared, engine), shares, number=workers, tasks_each=1):
            total.add(tally)
            progress.advance(task, tally.sequences)
    return total


def _show(engine: str, tally: Tally, seconds: float) -> None:
    _say(
        f"{engine}: {tally.sequences} sequences, {tally.calls} calls in {seconds:.0f} s;"
        f" {len(tally.failures)} unknown differences, {tally.known.total()} known ones;"
        f" {tally.cut} sequences ended at one"
    )
    _say("  calls: " + ", ".join(f"{name} {n}" for name, n in tally.operations.most_common()))
    _say("  known: " + ", ".join(f"{name} {n}" for name, n in tally.known.most_common()))
    for failure in tally.failures[:10]:
        _say(failure)


@guarded
def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    if options.differences:
        _say(table())
        return 0
    failed = checked = 0
    for engine in ENGINES:
        started = time.monotonic()
        try:
            tally = _run(engine, options.seed, options.sequences)
        except dynamodb_local.Unavailable as missing:
            _say(f"{engine}: skipped, {missing}")
            continue
        _show(engine, tally, time.monotonic() - started)
        failed += len(tally.failures)
        checked += tally.sequences
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
