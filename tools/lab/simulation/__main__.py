"""Runs the simulator: ``make sim SEEDS=2000``, ``make sim SEED=7``, ``make sim PLANS=double``.

``--seeds N [--first M]`` runs N seeds in parallel and writes a summary; ``--seed S`` replays one
and prints its trace, ``--faults N`` with no fault after the N-th; ``--plans single|double|pairs``
enumerates crash plans; ``--plan STORY:3b+9a`` replays one. Exit status 1 when something failed.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.simulation.reporting import (
    Bar,
    explained,
    say,
    show_enumerated,
    show_run,
    show_tally,
)

SUMMARY = ROOT / "build" / "simulation.json"


def _seeds(first: int, number: int, processes: int | None, summary: Path) -> int:
    from tools.lab.simulation.campaign import campaign  # noqa: PLC0415  # --help needs none of it

    started = time.monotonic()
    with Bar("seeds", number) as bar:
        tally = campaign(
            range(first, first + number),
            processes=processes,
            progress=lambda so_far: bar.show(so_far.seeds, len(so_far.violations)),
        )
    show_tally(tally, seconds=time.monotonic() - started)
    tally.write(summary)
    say(f"summary: {summary}")
    for seed in sorted(tally.violations)[:1]:
        say(explained(seed))
    return 1 if tally.violations or not tally.seeds else 0


def _seed(seed: int, faults: int | None) -> int:
    from tools.lab.simulation.trying import try_plan  # noqa: PLC0415
    from tools.lab.simulation.world.faults import Plan  # noqa: PLC0415

    return show_run(lambda: try_plan(Plan(seed=seed, max_faults=faults), verbose=True))


def _plans(depth: str, processes: int | None) -> int:
    from tools.lab.simulation.exhaustive.enumeration import Depth, enumerate_plans  # noqa: PLC0415

    started = time.monotonic()
    with Bar("plans", None) as bar:
        found = enumerate_plans(
            Depth(depth),
            processes=processes,
            progress=lambda so_far: bar.show(so_far.plans, len(so_far.violations)),
        )
    return show_enumerated(found, seconds=time.monotonic() - started)


def _plan(text: str) -> int:
    from tools.lab.simulation.exhaustive.plans import CrashPlan  # noqa: PLC0415

    return show_run(lambda: CrashPlan.read(text).play(verbose=True))


@guarded
def main(arguments: Sequence[str]) -> int:
    parser = Parser(prog="make sim", description="Runs the simulator.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seeds", type=int, help="run so many seeds in parallel")
    what.add_argument("--seed", type=int, help="replay one seed and print its trace")
    what.add_argument("--plans", choices=("single", "double", "pairs"), help="all crash plans")
    what.add_argument("--plan", help="replay one crash plan, such as paid:12b+15a")
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--faults", type=int, help="no fault after the first so many")
    parser.add_argument("--processes", type=int, help="how many at a time; default: every core")
    parser.add_argument("--summary", type=Path, default=SUMMARY, help="where the summary goes")
    asked = parser.parse_args(arguments)
    if asked.seed is not None:
        return _seed(asked.seed, asked.faults)
    if asked.plan is not None:
        return _plan(asked.plan)
    if asked.plans is not None:
        return _plans(asked.plans, asked.processes)
    return _seeds(asked.first, asked.seeds, asked.processes, asked.summary)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
