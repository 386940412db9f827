"""Many cases, in several processes, with a line that shows how far it is."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from tools.lab.fuzz.rig import running
from tools.lab.fuzz.runner import EPOCH, Runner, Tally
from tools.lab.processes import results
from tools.lab.support import botocore_files, environment

_MOST_FAILURES = 20
"""After which there is enough to mend."""

_open = ExitStack()
_runner: list[Runner] = []


def begin(only: str) -> Runner:
    """Return this process's runner; the first call makes it."""
    if not _runner:
        environment.fix()
        botocore_files.read_once()
        asyncio.set_event_loop(asyncio.new_event_loop())
        _runner.append(Runner(_open.enter_context(running()), only=only))
    return _runner[0]


def end() -> None:
    """Put back what `begin` replaced in this process."""
    _open.close()
    _runner.clear()


def _epoch(span: range, *, seed: int, only: str) -> Tally:
    return begin(only).epoch(seed, span)


def run(seed: int, requests: int, *, workers: int, only: str = "") -> Tally:
    """Run cases 0 to *requests* of *seed*; stops early when too many fail."""
    tally, started = Tally(), time.monotonic()
    epoch = partial(_epoch, seed=seed, only=only)
    for done in results(epoch, _spans(requests), number=workers):
        tally.add(done)
        _show(tally, requests, time.monotonic() - started)
        if len(tally.failures) >= _MOST_FAILURES:
            break
    sys.stderr.write("\n")
    return tally


def _spans(requests: int) -> Iterator[range]:
    for start in range(0, requests, EPOCH):
        yield range(start, min(start + EPOCH, requests))


def _show(tally: Tally, requests: int, seconds: float) -> None:
    rate = tally.requests / seconds if seconds else 0.0
    left = (requests - tally.requests) / rate if rate else 0.0
    sys.stderr.write(
        f"\r{tally.requests:>9,} of {requests:,} requests, {rate:,.0f}/s, "
        f"{len(tally.failures)} failures, {left:,.0f} s left   "
    )
    sys.stderr.flush()
