"""Many threads through one gate at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def race(runners: int, run: Callable[[int], T]) -> list[T | Exception]:
    """Call ``run(0)`` … ``run(runners - 1)`` at the same time, each in a thread of its own.

    Returns what each returned or raised, in the order of the runners.
    """
    gate = threading.Barrier(runners, timeout=60)

    def runner(number: int) -> T | Exception:
        gate.wait()
        try:
            return run(number)
        except Exception as error:  # noqa: BLE001 - the caller decides about what was raised
            return error

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(runner, range(runners)))
