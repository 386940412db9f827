"""Many cases, in several processes, with a line that shows how far it is."""

import asyncio
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from multiprocessing import get_context

from tools.lab.fuzz.rig import running
from tools.lab.fuzz.runner import EPOCH, Runner, Tally
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


def _epoch(seed: int, start: int, stop: int, only: str) -> Tally:
    return begin(only).epoch(seed, range(start, stop))


def run(seed: int, requests: int, *, workers: int, only: str = "") -> Tally:
    """Run cases 0 to *requests* of *seed*; stops early when too many fail."""
    tally, started = Tally(), time.monotonic()
    spans = list(_spans(requests))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_epoch, seed, start, stop, only) for start, stop in spans]
        for done in as_completed(waiting):
            tally.add(done.result())
            _show(tally, requests, time.monotonic() - started)
            if len(tally.failures) >= _MOST_FAILURES:
                pool.shutdown(cancel_futures=True)
                break
    sys.stderr.write("\n")
    return tally


def _spans(requests: int) -> Iterator[tuple[int, int]]:
    for start in range(0, requests, EPOCH):
        yield start, min(start + EPOCH, requests)


def _show(tally: Tally, requests: int, seconds: float) -> None:
    rate = tally.requests / seconds if seconds else 0.0
    left = (requests - tally.requests) / rate if rate else 0.0
    sys.stderr.write(
        f"\r{tally.requests:>9,} of {requests:,} requests, {rate:,.0f}/s, "
        f"{len(tally.failures)} failures, {left:,.0f} s left   "
    )
    sys.stderr.flush()
