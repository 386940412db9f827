"""Hunts the mutants until each is caught, and keeps who was: ``make mutants``.

What ``docs/mutants.toml`` has of the simulator and the patches as they are now is not hunted
again; ``--again`` hunts all, names hunt these, ``--look`` only lists what is lacking or stale.
Fails if a mutant survives its seeds, or if the code as it is raises an alarm on those same seeds;
these are played by `make seeds` and kept in its ledger.
"""

import argparse
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.names import known
from tools.lab.simulation.ledger.__main__ import main as seeds
from tools.lab.simulation.mutants import ledger, table
from tools.lab.simulation.mutants.catalogue import MUTANTS
from tools.lab.simulation.mutants.mutant import Mutant
from tools.lab.simulation.mutants.trial import Verdict, trial

SEEDS = 700
"""How long a mutant may hide: what goes wrong only while a release is rolled out takes longest."""
NAMES = [each.name for each in MUTANTS]

_errors = Console(stderr=True, highlight=False)


@guarded
def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    for name in asked.names:
        known(name, NAMES, "mutant")
    before = ledger.caught(asked.ledger)
    wanted = [each for each in MUTANTS if each.name in asked.names]
    lacking = wanted or (list(MUTANTS) if asked.again else ledger.stale(MUTANTS, before))
    if asked.look:
        for each in lacking:
            _errors.print(f"{'stale' if each.name in before else 'never caught'}: {each.name}")
    else:
        verdicts = _all(lacking, asked, before)
        Console().print(table.coloured(verdicts))
        for verdict in verdicts:
            if not verdict.caught:
                _errors.print(f"SURVIVED {verdict.seeds} seeds: {verdict.mutant.name}")
    left = len(ledger.stale(MUTANTS, ledger.caught(asked.ledger)))
    _errors.print(f"{len(MUTANTS) - left} of {len(MUTANTS)} mutants caught by what hunts now")
    if asked.look:
        return 0
    survivors = [each for each in verdicts if not each.caught]
    alarm = 0 if asked.names else seeds([f"--range=0-{asked.seeds - 1}"])
    return 1 if survivors else alarm


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="python -m tools.lab.simulation.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to hunt (default: what is lacking)")
    parser.add_argument("--again", action="store_true", help="hunt those that are caught as well")
    parser.add_argument("--look", action="store_true", help="only say what is lacking")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ledger", type=Path, default=ledger.LEDGER, help="where it is kept")
    return parser.parse_args(arguments)


def _all(
    mutants: Sequence[Mutant], asked: argparse.Namespace, before: Mapping[str, ledger.Caught]
) -> list[Verdict]:
    """Return the verdicts, in the order in which they were reached; each is kept at once."""
    verdicts = []
    lock = threading.Lock()
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    pool = ThreadPoolExecutor(asked.processes)
    with Progress(*columns, console=_errors) as progress:
        whole = progress.add_task("mutants", total=len(mutants))

        def evaluate(mutant: Mutant) -> Verdict:
            with lock:
                task = progress.add_task(f"  {mutant.name}", total=asked.seeds)
            try:
                return trial(
                    mutant,
                    seeds=asked.seeds,
                    first=before[mutant.name].seed if mutant.name in before else 0,
                    progress=lambda done: progress.update(task, completed=done),
                )
            finally:
                progress.remove_task(task)

        try:
            for future in as_completed([pool.submit(evaluate, each) for each in mutants]):
                verdict = future.result()
                keep(verdict, asked.ledger)
                verdicts.append(verdict)
                progress.advance(whole)
                outcome = f"seed {verdict.seed}: {verdict.rule}" if verdict.caught else "survived"
                progress.print(f"{verdict.mutant.name}: {outcome}")
        finally:
            pool.shutdown(cancel_futures=True)
    return verdicts


def keep(verdict: Verdict, path: Path) -> None:
    """Record a mutant that was caught."""
    if verdict.caught:
        found = ledger.Caught(
            name=verdict.mutant.name,
            seed=verdict.seed,
            rule=verdict.rule,
            simulator=verdict.simulator,
            patched=verdict.patched,
            date=datetime.now(UTC).date().isoformat(),
        )
        ledger.record(path, found, NAMES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
