"""Runs variants in turn, each time in a fresh process, and keeps what every run says."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tools.entry.guard import ToolError
from tools.measure.bench.stub import Stub
from tools.measure.bench.variants import Variant

WORKER = Path(__file__).with_name("worker.py")
_WARM_SECONDS = 0.6  # a call that hashes a password takes a tenth of that
_COUNTED_CALLS = 20  # under valgrind, which takes fifty times as long
_COUNT = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


class Failed(ToolError):
    """A run came to nothing; the message has what the process said."""


@dataclass(slots=True)
class Measured:
    """All runs of one variant; times in seconds, memory in bytes."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    cold_instructions: int | None = None
    warm_instructions: int | None = None

    def middle(self, key: str) -> float:
        """Median over the runs."""
        return float(median(run[key] for run in self.runs))

    def warm(self, key: str) -> float:
        """Median over the calls of a run, then over the runs."""
        return float(median(median(run[key]) for run in self.runs if run[key]))


def run(variant: Variant, stub: Stub, calls: int, core: int | None = None) -> dict[str, Any]:
    """One run in a fresh process on *core*; without one, its instructions are counted.

    `Failed` when a request is refused or the process fails.
    """
    url, session = stub.open(variant.name)
    spec = {
        "paths": [str(path) for path in variant.paths],
        "event": variant.event(),
        "calls": calls,
        "seconds": None if core is None else _WARM_SECONDS,
        "counting": core is None,
        "cpu": core,
    }
    options = ["-S", "-E"] + (["-B"] if variant.compiles_again else [])
    command = [sys.executable, *options, str(WORKER), json.dumps(spec)]
    done = subprocess.run(
        [*(_COUNT if core is None else ()), *command],
        env=variant.environment | {"AWS_ENDPOINT_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{variant.name}: {done.stderr}")
    return {"stderr": done.stderr, "asked": session.asked, **json.loads(done.stdout)}


def interleaved(
    variants: Sequence[Variant],
    stub: Stub,
    rounds: int,
    calls: int,
    progress: Callable[[str], None],
) -> dict[str, Measured]:
    """*rounds* runs of each variant, all in turn and in another order each time.

    One that stands there several times runs as often in each round. Whatever else the machine
    does then meets all of them alike. *progress* hears of each run.
    """
    measured = {variant.name: Measured() for variant in variants}
    order = list(variants)
    shuffle = random.Random(0).shuffle
    with _core_to_itself() as core:
        for number in range(1, rounds + 1):
            shuffle(order)
            for variant in order:
                progress(f"round {number} of {rounds}: {variant.name}")
                measured[variant.name].runs.append(_again(variant, stub, calls, core))
    return measured


def _again(variant: Variant, stub: Stub, calls: int, core: int) -> dict[str, Any]:
    """`run`, once more if it fails: functions give up on calls that a busy machine delays."""
    try:
        return run(variant, stub, calls, core)
    except Failed:
        return run(variant, stub, calls, core)


def count_instructions(
    variants: Sequence[Variant],
    stub: Stub,
    measured: dict[str, Measured],
    progress: Callable[[str], None],
) -> None:
    """Note the instructions of init and first request, and of one warm request, by valgrind.

    They are nearly the same on every run, whatever else the machine does: once is enough, and as
    many at a time as there are cores.
    """
    empty = subprocess.run(
        [*_COUNT, sys.executable, "-S", "-E", str(WORKER)],
        capture_output=True,
        text=True,
        check=False,
    )
    (start,) = counted(empty.stderr).values()

    def note(variant: Variant) -> None:
        progress(f"instructions: {variant.name}")
        done = run(variant, stub, _COUNTED_CALLS)
        counts = counted(done["stderr"])
        cold, *warm = (counts[pid] for pid in done["pids"])
        measured[variant.name].cold_instructions = cold - start
        for count in warm:
            measured[variant.name].warm_instructions = (count - cold) // _COUNTED_CALLS

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(note, variants))


def counted(report: str) -> dict[int, int]:
    """Return the instructions of each process that valgrind reports on."""
    found = re.findall(r"==(\d+)==\s+I\s+refs:\s+([\d,]+)", report)
    if not found:
        raise Failed(f"valgrind counted nothing: {report}")
    return {int(pid): int(count.replace(",", "")) for pid, count in found}


@contextmanager
def _core_to_itself() -> Iterator[int]:
    """Give the core for what is measured; the stub moves to the others, where there are any."""
    before = os.sched_getaffinity(0)
    core = max(before)
    os.sched_setaffinity(0, (before - {core}) or before)
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)
