"""Runs variants in turn, each time in a fresh process, and keeps what every run says."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench.variants import Variant

WORKER = Path(__file__).with_name("worker.py")
_WARM_CALLS = 40  # under valgrind, which takes fifty times as long


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


def run(variant: Variant, endpoint: str, calls: int, prefix: Sequence[str] = ()) -> dict[str, Any]:
    """One run in a fresh process; raises when a request is refused or the process fails."""
    done = subprocess.run(
        [*prefix, *_command(variant, calls, pinned=not prefix)],
        env=variant.environment | {"AWS_ENDPOINT_URL": endpoint},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{variant.name}: {done.stderr}")
    return {"stderr": done.stderr, **json.loads(done.stdout)}


def interleaved(
    variants: Sequence[Variant],
    endpoint: str,
    rounds: int,
    calls: int,
    progress: Callable[[str], None],
) -> dict[str, Measured]:
    """*rounds* runs of each variant, all in turn and in another order each time.

    Whatever else the machine does then meets all of them alike.
    """
    measured = {variant.name: Measured() for variant in variants}
    order = list(variants)
    shuffle = random.Random(0).shuffle
    for number in range(1, rounds + 1):
        shuffle(order)
        for variant in order:
            progress(f"round {number} of {rounds}: {variant.name}")
            measured[variant.name].runs.append(run(variant, endpoint, calls))
    return measured


def count_instructions(variant: Variant, endpoint: str, measured: Measured) -> None:
    """Note the instructions of init and first request, and of one warm request, by valgrind.

    They are nearly the same on every run, whatever else the machine does.
    """
    prefix = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    empty = subprocess.run(
        [*prefix, sys.executable, "-S", "-E", str(WORKER)],
        capture_output=True,
        text=True,
        check=False,  # it ends when it finds no specification, after the runtime's own imports
    )
    cold, warm = (_counted(run(variant, endpoint, n, prefix)["stderr"]) for n in (0, _WARM_CALLS))
    measured.cold_instructions = cold - _counted(empty.stderr)
    measured.warm_instructions = (warm - cold) // _WARM_CALLS


def _counted(report: str) -> int:
    found = re.search(r"I\s+refs:\s+([\d,]+)", report)
    return int(found[1].replace(",", "")) if found else 0


def _command(variant: Variant, calls: int, *, pinned: bool) -> list[str]:
    spec = {
        "paths": [str(path) for path in variant.paths],
        "event": variant.event,
        "calls": calls,
        "cpu": max(os.sched_getaffinity(0))
        if pinned and hasattr(os, "sched_getaffinity")
        else None,
    }
    options = ["-S", "-E"] + (["-B"] if variant.compiles_again else [])
    return [sys.executable, *options, str(WORKER), json.dumps(spec)]
