"""Hunts every mutant until it is caught: ``make mutants``.

Fails if one survives its seeds, or if the code as it is raises an alarm on those same seeds.
"""

import argparse
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.names import known
from tools.lab.simulation.mutants import table
from tools.lab.simulation.mutants.catalogue import MUTANTS
from tools.lab.simulation.mutants.mutant import CLEAN, Mutant
from tools.lab.simulation.mutants.trial import Verdict, trial

SEEDS = 700
"""How long a mutant may hide: what goes wrong only while a release is rolled out takes longest."""

_errors = Console(stderr=True, highlight=False)


@guarded
def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    for name in asked.names:
        known(name, [each.name for each in MUTANTS], "mutant")
    chosen = [each for each in MUTANTS if not asked.names or each.name in asked.names]
    started = time.monotonic()
    verdicts = _all([CLEAN, *chosen], seeds=asked.seeds, processes=asked.processes)
    clean = next(each for each in verdicts if each.mutant is CLEAN)
    others = [each for each in verdicts if each.mutant is not CLEAN]
    if asked.markdown:
        sys.stdout.write(table.markdown(others))
    else:
        Console().print(table.coloured(others))
    survivors = [each.mutant.name for each in others if not each.caught]
    most = max(each.seeds for each in others)
    _errors.print(
        f"{len(others) - len(survivors)} of {len(others)} mutants caught, none needed more than "
        f"{most} seeds; {int(clean.caught)} false alarms on {clean.seeds} seeds of the code as "
        f"it is; {time.monotonic() - started:.0f} s"
    )
    if clean.caught:
        _errors.print(f"FALSE ALARM, seed {clean.seeds - 1}: {clean.violation}")
    for name in survivors:
        _errors.print(f"SURVIVED: {name}")
    return 1 if survivors or clean.caught else 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="python -m tools.lab.simulation.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to hunt (default: all)")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    return parser.parse_args(arguments)


def _all(mutants: Sequence[Mutant], *, seeds: int, processes: int) -> list[Verdict]:
    """Return the verdicts, in the order in which they were reached."""
    verdicts = []
    lock = threading.Lock()
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_errors) as progress, ThreadPoolExecutor(processes) as pool:
        whole = progress.add_task("mutants", total=len(mutants))

        def evaluate(mutant: Mutant) -> Verdict:
            with lock:
                task = progress.add_task(f"  {mutant.name}", total=seeds)
            try:
                return trial(
                    mutant,
                    seeds=seeds,
                    progress=lambda done: progress.update(task, completed=done),
                )
            finally:
                progress.remove_task(task)

        for future in as_completed([pool.submit(evaluate, each) for each in mutants]):
            verdict = future.result()
            verdicts.append(verdict)
            progress.advance(whole)
            outcome = verdict.rule if verdict.caught else f"survived {verdict.seeds} seeds"
            progress.print(f"{verdict.mutant.name}: {verdict.seeds}: {outcome}")
    return verdicts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
