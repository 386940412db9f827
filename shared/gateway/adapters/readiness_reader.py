"""Asks everything at the same time, and waits for nobody beyond the budget."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from shared.gateway.domain.readiness import Checked, Readiness, Status
from shared.gateway.ports import ReadinessReader
from shared.platform.cache.memoize import memoize
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger

KEEP_SECONDS = 2.0
Check = Callable[[], object]
"""Asks one dependency; raises whatever it likes if there is no good answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PingingReadinessReader:
    """Readiness of the dependencies named in ``checks``."""

    checks: Mapping[str, Check]
    budget_seconds: float = 2.0

    def read(self) -> Readiness:
        """Return what every dependency said; one that says nothing in time is down."""
        started = time.perf_counter()
        pool = ThreadPoolExecutor(max_workers=len(self.checks) or 1)
        asked = {name: pool.submit(_timed, check) for name, check in self.checks.items()}
        wait(asked.values(), timeout=self.budget_seconds)
        pool.shutdown(wait=False, cancel_futures=True)
        waited = time.perf_counter() - started
        return Readiness(
            dependencies=[_outcome(name, answer, waited) for name, answer in asked.items()]
        )


class RecentReadinessReader:
    """What *reader* found within the last two seconds, or finds now.

    Anybody may ask, as often as the gateway lets them: it costs no more calls than this.
    """

    def __init__(self, reader: ReadinessReader, *, clock: Callable[[], float] = monotonic) -> None:
        self._read = memoize(ttl=KEEP_SECONDS, clock=clock)(reader.read)

    def read(self) -> Readiness:
        """Return it."""
        return self._read()


def _timed(check: Check) -> tuple[float, Exception | None]:
    started = time.perf_counter()
    failed: Exception | None = None
    try:
        check()
    except Exception as error:  # noqa: BLE001  # any failure means one thing: down
        failed = error
    return time.perf_counter() - started, failed


def _outcome(
    name: str, answer: "Future[tuple[float, Exception | None]]", waited: float
) -> Checked:
    seconds: float = waited
    failed: Exception | None = TimeoutError("no answer in time")
    if answer.done() and not answer.cancelled():
        seconds, failed = answer.result()
    if failed is not None:
        get_logger(settings().service).warning(
            "dependency down", dependency=name, error=f"{type(failed).__name__}: {failed}"
        )
    status = Status.OK if failed is None else Status.DOWN
    return Checked(name=name, status=status, latency_ms=round(seconds * 1000, 1))
