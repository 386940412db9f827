"""What the change since `main` can break, within 90 seconds: ``python -m tools.check.quick``.

Lint, types and import contracts of what has changed, and beside them the tests that the change
reaches by imports (`tools.check.affected`), the nearest first, until the time is up. It says what
it chose and why, and what is left to `make test`: the tests that own the machine (but a sample of
them), those marked as long, and what there was no time for. ``--base`` names another branch,
``--look`` only says what would run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from tools.check import until
from tools.check.affected import PACKAGES, Affected, NoBase, Project, changed
from tools.check.outcomes import Outcome
from tools.check.project import ROOT
from tools.check.running import Stage, run
from tools.check.stages import STAGES
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

SECONDS = 90
_TO_END = 15
"""Seconds before the end at which no test begins any more."""
QUICK = ("unit", "architecture", "adapters and functions")
HEAVY = tuple(path for stage in STAGES if stage.name not in QUICK for path in stage.paths)
SAMPLES = {
    "tests/simulation": (
        "tests/simulation/test_replay.py::test_a_run_does_not_depend_on_those_before_it"
    ),
    "tests/engines": "tests/engines/test_engine.py",
    "tests/fuzz": "tests/fuzz/test_detectors.py",
    "tests/privileges": "tests/privileges/test_gate.py",
}
"""What stands for a heavy folder that the change reaches."""
FIXED = (
    "tests/functions/orders/test_samples.py",
    "tests/functions/payments/test_samples.py",
    "tests/functions/inventory/test_samples.py",
    "tests/functions/catalog/test_samples.py",
    "tests/functions/notifications/test_samples.py",
    "tests/architecture/test_handlers.py",
    "tests/architecture/test_imports.py",
)
"""What goes first where the change reaches most of the tests: every function, once."""
_MOST = 60
"""How many files are taken; collecting more would take the time of running them."""
_SHOWN = 25
_NEAR = 3
"""Steps within which a change that reaches most tests is one that touches everything."""
_BIN = Path(sys.executable).parent


class Choice:
    """The tests to run, in their order, and those that are left."""

    def __init__(self, affected: Sequence[Affected], tests: int, root: Path = ROOT) -> None:
        heavy = tuple(f"{folder}/" for folder in HEAVY)
        self.left = [each for each in affected if each.file.startswith(heavy)]
        self.is_wide = sum(each.distance <= _NEAR for each in affected) > tests / 2
        near = [each for each in affected if not each.file.startswith(heavy)]
        samples = {
            sample: f"stands for {folder}"
            for folder, sample in SAMPLES.items()
            if any(each.file.startswith(f"{folder}/") for each in self.left)
        }
        fixed = {each: "the sample" for each in FIXED if self.is_wide and (root / each).exists()}
        why = {each.file: each.why for each in near}
        direct = {each.file: each.why for each in near if each.distance <= int(not self.is_wide)}
        chosen = {**direct, **fixed, **samples, **why}  # each keeps the place that it has already
        self.files = dict(islice(chosen.items(), _MOST))
        """Path → why."""
        self.far = len(chosen) - len(self.files)
        self.reached = len(affected)


def checks(paths: Sequence[str], root: Path = ROOT) -> dict[str, list[str | Path]]:
    """Return the commands that check the files at *paths*, by name."""
    there = [path for path in paths if (root / path).exists()]
    python = [path for path in there if path.endswith(".py")]
    # Tests' arguments are fixtures: their types are not checked, see pyproject.toml.
    typed = [
        path
        for path in python
        if path.partition("/")[0] in PACKAGES and not Path(path).name.startswith("test_")
    ]
    found: dict[str, list[str | Path]] = {}
    if python:
        found["lint"] = [_BIN / "ruff", "check", "--quiet", *python]
        found["format"] = [_BIN / "ruff", "format", "--check", "--quiet", *python]
    if typed:
        found["types"] = [_BIN / "mypy", *typed]
    if typed and (root / "pyproject.toml").exists():
        found["import contracts"] = [_BIN / "lint-imports"]
    if any(path.endswith("template.yaml") for path in there):
        found["generated regions"] = [sys.executable, "-m", "tools.templates", "--check"]
    return found


def check(command: Sequence[str | Path], root: Path, seconds: float) -> str | None:
    """Run *command*; what it complains of, nothing where all is well, None when cut short."""
    try:
        done = subprocess.run(
            command, cwd=root, text=True, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.stdout or f"exit {done.returncode}" if done.returncode else ""


def show(choice: Choice, paths: Sequence[str], tests: int) -> None:
    """Say what was chosen and why."""
    print(f"{len(paths)} files differ; they reach {choice.reached} of {tests} files of tests")
    if choice.is_wide:
        print("That is most of them, so a fixed sample goes first: the functions' sample events.")
    for file, why in islice(choice.files.items(), _SHOWN):
        print(f"  {file}: {why}")
    if len(choice.files) > _SHOWN:
        print(f"  … and {len(choice.files) - _SHOWN} more, the farthest last")
    if choice.far:
        print(f"  {choice.far} files are farther away; they are left to make test")
    for folder in HEAVY:
        number = sum(each.file.startswith(f"{folder}/") for each in choice.left)
        if number:
            stands = "stands for them" if folder in SAMPLES else "left to make test"
            print(f"  {folder}: {number} files, {SAMPLES.get(folder, 'all')} {stands}")
    sys.stdout.flush()


def test(choice: Choice, root: Path, until_time: float) -> Outcome:
    """Run the chosen tests until then."""
    files = tuple(str(root / file) for file in choice.files)
    options = ("-p", "no:randomly", "-p", until.__name__, "-m", "not long")
    with patch.dict(os.environ, {until.UNTIL: str(until_time)}):
        return run(Stage("quick", files, os.cpu_count() or 1), options)


def verdict(outcome: Outcome) -> tuple[str, int]:
    """Say how the tests went; 1 for a failure, and for nothing at all where something was due."""
    left = outcome.skips.get(until.REASON, 0)
    said = f"{len(outcome.cases) - left} tests, {outcome.failed} failed"
    if left:
        said += f"; {left} are left to make test, for want of time"
    nothing = outcome.cases and left == len(outcome.cases)
    if outcome.code == _NO_TESTS and not outcome.cases:
        return "the tests that it reaches are long; they are left to make test", 0
    return said, 1 if outcome.code or nothing else 0


_NO_TESTS = 5


@guarded
def main(arguments: Sequence[str]) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument("--base", default="main", help="the branch that the change goes to")
    parser.add_argument("--look", action="store_true", help="only say what would run")
    asked = parser.parse_args(arguments)
    try:
        paths = changed(ROOT, asked.base)
    except NoBase as error:
        print(error, file=sys.stderr)
        return 2
    return examine(paths, ROOT, PACKAGES, look=asked.look)


def examine(
    paths: Sequence[str], root: Path, packages: Sequence[str], *, look: bool = False
) -> int:
    """Check what *paths* can break; 1 when something is broken."""
    started = time.time()
    if not paths:
        print("Nothing differs.")
        return 0
    project = Project(root, packages)
    choice = Choice(project.affected(paths), len(project.tests), root)
    show(choice, paths, len(project.tests))
    if look:
        return 0
    end = started + SECONDS
    with ThreadPoolExecutor(1) as pool:
        running: dict[str, Future[str | None]] = {
            name: pool.submit(check, command, root, max(1.0, end - time.time()))
            for name, command in checks(paths, root).items()
        }
        said, code = "no tests are reached", 0
        if choice.files:
            said, code = verdict(test(choice, root, end - _TO_END))
        print("== result")
        print(f"{'FAILED' if code else 'ok    '} tests: {said}")
        for name, future in running.items():
            complaint = future.result()
            if complaint is None:
                print(f"       {name}: cut short; make check has the time")
            else:
                print(f"{'FAILED' if complaint else 'ok    '} {name}")
                print(complaint, end="")
                code = code or int(bool(complaint))
    print(f"checked in {time.time() - started:.0f} s of {SECONDS}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
