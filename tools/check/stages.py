"""All tests, cheapest first, and a list of what was skipped: ``python -m tools.check.stages``.

Arguments go to pytest; naming paths runs just those, as one stage. A stage that collects nothing
has failed, and so has the run.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tools.check.project import ROOT
from tools.entry.guard import guarded


@dataclass(frozen=True, slots=True)
class Stage:
    """Test folders that run together; *workers* processes, none for tests that own the machine."""

    name: str
    paths: tuple[str, ...]
    workers: int = 0


_CORES = os.cpu_count() or 1
STAGES = (
    Stage("unit", ("tests/unit",), _CORES),
    Stage("architecture", ("tests/architecture",), _CORES),
    Stage("adapters and functions", ("tests/adapters", "tests/functions"), _CORES),
    # The simulator's engine against the others; two processes, each with its own.
    Stage("engines", ("tests/engines",), _CORES),
    Stage("authorization", ("tests/authorization", "tests/privileges"), _CORES),
    Stage("bad input", ("tests/fuzz",), _CORES),
    # The real handlers through every crash and race; its tests start the processes they need.
    Stage("simulation", ("tests/simulation",)),
    # One local stack serves all of these tests, so they share one process.
    Stage("stack", ("tests/stack",)),
)
CALLING = tuple(
    stage
    for stage in STAGES
    if stage.name not in ("unit", "architecture", "engines", "simulation")
)
"""The stages that show what functions call; the simulation adds nothing new to these."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a stage went; *skips* counts the tests behind each reason."""

    stage: str
    code: int
    tests: int
    failed: int
    skips: Counter[str]


@contextmanager
def recording() -> Iterator[Path]:
    """Have the tests that are run meanwhile record the calls of the functions; yields where."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, CALL_RECORD=folder):
        yield Path(folder)


def compare_privileges(record: Path) -> int:
    """Compare what functions were seen to do with what their roles allow; 1 when it differs."""
    print(
        "== least privilege: the calls of all stages against the templates' policies", flush=True
    )
    command = [sys.executable, "-m", "tools.lab.privileges", "--record", str(record)]
    return subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode


def run(stage: Stage, options: Sequence[str] = ()) -> Outcome:
    """Run one stage, showing pytest's own output as it comes."""
    print(f"== {stage.name}: {', '.join(stage.paths)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        parallel = ["-n", str(stage.workers), "--dist", "loadfile"] if stage.workers > 1 else []
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *parallel]
        code = subprocess.run(
            [*command, *options, *stage.paths], cwd=ROOT, check=False, stdin=subprocess.DEVNULL
        ).returncode
        return Outcome(stage.name, code, *_read(report))


def _read(report: Path) -> tuple[int, int, Counter[str]]:
    """Return how many tests there were, how many failed, and the reasons of those skipped."""
    if not report.exists():
        return 0, 0, Counter()
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314  # pytest wrote it just now
    skipped = [skip for case in cases for skip in case.iter("skipped")]
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    reasons = Counter(skip.get("message") or "no reason given" for skip in skipped)
    return len(cases), failed, reasons


@guarded
def main(arguments: Sequence[str]) -> int:
    options = [argument for argument in arguments if argument.startswith("-")]
    named = tuple(argument for argument in arguments if not argument.startswith("-"))
    stages = (Stage("named", named),) if named else STAGES
    started = time.monotonic()
    with recording() as record:
        outcomes = [run(stage, options) for stage in stages]
        privileges = 0 if named else compare_privileges(record)
    print("== result")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.code else "ok    "
        print(f"{verdict} {outcome.stage}: {outcome.tests} tests")
    if not named:
        print(f"{'FAILED' if privileges else 'ok    '} least privilege")
    reasons: Counter[str] = sum((o.skips for o in outcomes), Counter())
    for reason, number in reasons.items():
        print(f"skipped {number}: {reason}")
    tests, failed = sum(o.tests for o in outcomes), sum(o.failed for o in outcomes)
    skipped = reasons.total()
    print(f"{tests} tests in {time.monotonic() - started:.0f} s")
    print(f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if privileges or any(outcome.code for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
