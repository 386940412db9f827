"""All tests, stage by stage, and a list of what was skipped: ``python -m tools.check.stages``.

Arguments go to pytest; naming paths runs just those, as one stage. A stage that collects nothing
has failed, and so has the run. The order is random; its seed is printed and repeats it. Tests of a
tier whose program is missing are skipped, and the gates at the end leave out what they would have
shown; with ``TIERS=all`` a skip fails the run.

Each stage has a budget of processor time, which other work on the machine changes little; the end
says what each took, and which files took longest. A stage over its budget is told, no failure.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from tools.check import hidden
from tools.check.outcomes import (
    Case,
    Outcome,
    idle_rows,
    slowest,
    unexplained,
    without,
)
from tools.check.project import ROOT
from tools.check.running import Stage, run, run_all
from tools.check.tiers import TIERS
from tools.entry.guard import guarded

_CORES = os.cpu_count() or 1
STAGES = (
    Stage("unit", ("tests/unit",), _CORES, budget=380),
    Stage("architecture", ("tests/architecture",), _CORES, budget=260),
    Stage("adapters and functions", ("tests/adapters", "tests/functions"), _CORES, budget=450),
    # The simulator's engine against the others: a few long tests, so each worker has its own.
    Stage("engines", ("tests/engines",), _CORES, budget=120, spread=True),
    Stage("authorization", ("tests/authorization", "tests/privileges"), _CORES, budget=150),
    Stage("bad input", ("tests/fuzz",), _CORES, budget=90),
    # One local stack serves all of these tests: they share one process and leave cores to others.
    Stage("stack", ("tests/stack",), beside=("engines", "authorization", "bad input"), budget=340),
    # The real handlers through every crash and race. Some tests start a process for each core;
    # the workers keep the cores busy while others wait for one.
    Stage("simulation", ("tests/simulation",), _CORES, budget=560),
)
CALLING = tuple(
    stage
    for stage in STAGES
    if stage.name not in ("unit", "architecture", "engines", "simulation")
)
"""The stages that show what functions call; the simulation adds nothing new to these."""
SEED = "--randomly-seed"
"""The option that repeats an order of the tests: make test ARGS=--randomly-seed=7."""
HIDDEN = "optional programs hidden"
SLOWEST = 12
"""How many files the end names."""


@contextmanager
def recording() -> Iterator[Path]:
    """Have the tests that are run meanwhile record the calls of the functions; yields where."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, CALL_RECORD=folder):
        yield Path(folder)


def compare_privileges(record: Path, skipped: Collection[str]) -> int:
    """Compare what functions were seen to do with what their roles allow; 1 when it differs."""
    print(
        "== least privilege: the calls of all stages against the templates' policies", flush=True
    )
    command = [sys.executable, "-m", "tools.lab.privileges", "--record", str(record)]
    command += ["--without", *sorted(skipped)] if skipped else []
    return subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode


def run_hidden(cases: Collection[Case]) -> int:
    """Run the tests of the tiers among *cases* without their programs; 1 when that goes wrong."""
    with hidden.environment() as environment:
        stage = Stage(HIDDEN, tuple(hidden.files(cases)))
        outcome = run(stage, ("-m", "tier"), environment)
    wrong = hidden.mistakes(outcome)
    for line in wrong:
        print(line)
    print(f"{len(outcome.cases)} tests without their programs: {outcome.skips.total()} skipped")
    return 1 if wrong or outcome.code else 0


def check_rows(cases: Collection[Case]) -> int:
    """Tell the rows of the systems list that no test held; 1 when no missing tier explains it."""
    idle = idle_rows(cases)
    for row, reasons in idle.items():
        print(f"row {row}: all of its tests were skipped, {'; '.join(sorted(reasons))}")
    for tier in TIERS:
        if more := sorted(idle_rows(without({tier.name}, cases)).keys() - idle.keys()):
            print(f"without {tier.name} no test would hold {', '.join(more)}")
    rows = {row for case in cases for row in case.rows}
    print(f"{len(rows)} rows with tests, {len(idle)} of them left out", flush=True)
    return 1 if unexplained(idle) else 0


@guarded
def main(arguments: Sequence[str]) -> int:
    options = [argument for argument in arguments if argument.startswith("-")]
    named = tuple(argument for argument in arguments if not argument.startswith("-"))
    if not any(option.startswith(SEED) for option in options):
        options.append(f"{SEED}={random.getrandbits(32)}")
    order = f"order of the tests: {next(option for option in options if option.startswith(SEED))}"
    print(order, flush=True)
    started = time.monotonic()
    with recording() as record:
        stages = (Stage("named", named),) if named else STAGES
        outcomes = list(run_all(stages, options))
        gates = {} if named else evaluate(outcomes, record)
    print("== result")
    for stage, outcome in zip(stages, outcomes, strict=True):
        verdict = "FAILED" if outcome.code else "ok    "
        print(f"{verdict} {outcome.stage}: {len(outcome.cases)} tests")
        print(f"       {spent(stage, outcome)}")
    show_slowest(outcomes)
    reasons: Counter[str] = sum((o.skips for o in outcomes), Counter())
    if os.environ.get("TIERS") == "all":
        gates["nothing skipped, as TIERS=all asks"] = int(bool(reasons))
    for gate, failed in gates.items():
        print(f"{'FAILED' if failed else 'ok    '} {gate}")
    for reason, number in reasons.items():
        print(f"skipped {number}: {reason}")
    print(order)
    tests, failed = sum(len(o.cases) for o in outcomes), sum(o.failed for o in outcomes)
    skipped = reasons.total()
    print(f"{tests} tests in {time.monotonic() - started:.0f} s")
    print(f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if any(gates.values()) or any(outcome.code for outcome in outcomes) else 0


def spent(stage: Stage, outcome: Outcome) -> str:
    """Say what a stage took, and what of its budget."""
    taken = f"{outcome.seconds:.0f} s, {outcome.processor:.0f} s of processor time"
    if not stage.budget:
        return taken
    over = outcome.processor - stage.budget
    return f"{taken} of {stage.budget}" + (f": {over:.0f} s OVER ITS BUDGET" if over > 0 else "")


def show_slowest(outcomes: Sequence[Outcome]) -> None:
    """Name the files that took longest: where to look when a run has become slow."""
    for file, seconds in islice(slowest(case for o in outcomes for case in o.cases), SLOWEST):
        print(f"{seconds:6.1f} s {file}")


def evaluate(outcomes: Sequence[Outcome], record: Path) -> dict[str, int]:
    """Run the gates on what all stages have shown; 1 for each that fails."""
    cases = [case for outcome in outcomes for case in outcome.cases]
    skipped = {tier for outcome in outcomes for tier in outcome.tiers_skipped}
    gates = {"least privilege": compare_privileges(record, skipped)}
    print("== rows of the systems list", flush=True)
    gates["rows"] = check_rows(cases)
    gates[HIDDEN] = run_hidden(cases)
    return gates


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
