"""One stage of the tests, as pytest runs it, and several of them in their order."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from tools.check.outcomes import Outcome, read
from tools.check.project import ROOT
from tools.entry.guard import ToolError

NOT_BEGUN = 4
"""Pytest's exit status for arguments that it does not know."""
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Stage:
    """Test folders that run together; *workers* processes, none for tests that own the machine.

    *beside* names the stages during which it runs, which have a worker less then; its own output
    is shown when it has ended. *budget* is the processor time that it may take, in seconds; zero
    for any. With *spread* every test goes to whichever worker is free, else the tests of a file
    stay together and share what the file sets up.
    """

    name: str
    paths: tuple[str, ...]
    workers: int = 0
    beside: tuple[str, ...] = ()
    budget: int = 0
    spread: bool = False


def run(
    stage: Stage,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
) -> Outcome:
    """Run one stage; pytest's own output is shown as it comes, or goes to *output*."""
    print(f"== {stage.name}: {', '.join(stage.paths)}", file=output, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *parallel(stage)]
        started = time.monotonic()
        code, processor = _finished(
            [*command, *options, *stage.paths],
            _remembering(os.environ if environment is None else environment),
            output,
        )
        return Outcome(stage.name, code, read(report), time.monotonic() - started, processor)


def run_all(stages: Sequence[Stage], options: Sequence[str] = ()) -> Iterator[Outcome]:
    """Run *stages* in their order, and those that go beside others when the first of these begins.

    Such a stage stands after the others in *stages*; what it said is shown there.
    """
    aside = [stage for stage in stages if stage.beside]
    running: dict[str, Future[Outcome]] = {}
    with ThreadPoolExecutor() as pool, tempfile.TemporaryDirectory() as folder:
        said = {each.name: Path(folder) / str(number) for number, each in enumerate(aside)}
        for stage in stages:
            for each in aside:
                if stage.name in each.beside and each.name not in running:
                    running[each.name] = pool.submit(_run_aside, each, options, said[each.name])
            if stage.name in running:
                outcome = running[stage.name].result()
                print(said[stage.name].read_text("utf-8"), end="", flush=True)
            else:
                fewer = sum(stage.name in each.beside for each in aside)
                outcome = run(replace(stage, workers=stage.workers - fewer), options)
            if outcome.code == NOT_BEGUN:
                raise ToolError("pytest could not begin with these arguments; it says why above.")
            yield outcome


def _run_aside(stage: Stage, options: Sequence[str], said: Path) -> Outcome:
    with said.open("w", encoding="utf-8") as output:
        return run(stage, options, output=output)


def parallel(stage: Stage) -> list[str]:
    """Return the options that give a stage its workers.

    xdist would begin with the files that have most tests; ours begins with those marked as long,
    so that no worker is left alone with one at the end.
    """
    if stage.workers <= 1:
        return []
    spread = (
        ["load", "--maxschedchunk=1"] if stage.spread else ["loadfile", "--no-loadscope-reorder"]
    )
    return ["-n", str(stage.workers), "--dist", *spread]


def _finished(
    command: Sequence[str], environment: Mapping[str, str], output: IO[str] | None
) -> tuple[int, float]:
    """Run *command* to its end: its exit status, and the processor time of all its processes."""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime


def _remembering(environment: Mapping[str, str]) -> dict[str, str]:
    """Have what was compiled written: a run starts hundreds of Pythons on the same modules."""
    return {name: value for name, value in environment.items() if name != _NO_BYTECODE}
