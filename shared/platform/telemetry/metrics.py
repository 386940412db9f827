"""Counters, gauges, histograms and summaries, written as CloudWatch EMF.

Values are gathered while an invocation runs and flushed at its end, with the line that says how
it went: one JSON line for most requests. Label values are guarded: past `MAX_LABEL_VALUES`
distinct values of one label, further ones are counted as ``other``, because every distinct value
is a metric that is paid for.
"""

import functools
import inspect
import json
import math
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import cache
from typing import Any, ParamSpec, TypeVar, cast

from shared.platform.runtime.settings import settings
from shared.platform.telemetry.emf import Labels, Samples, documents

MAX_LABEL_VALUES = 50
MAX_LABEL_LENGTH = 250
_MAX_KEPT = 1_000
_UNFIT = re.compile(r"[^\x20-\x7e]")  # CloudWatch takes printable ASCII as a dimension's value

P = ParamSpec("P")
R = TypeVar("R")

_encode = json.JSONEncoder(separators=(",", ":")).encode


class MetricUnit(StrEnum):
    """CloudWatch's names of the units in use."""

    Count = "Count"
    Milliseconds = "Milliseconds"
    NoUnit = "None"


class Meter:
    """Gathers the metrics of one invocation."""

    def __init__(self, namespace: str, service: str, environment: str) -> None:
        self._namespace = namespace
        self._defaults = {"service": service, "environment": environment}
        self._values: dict[Labels, Samples] = defaultdict(dict)
        self._line: dict[str, Any] | None = None
        self._fit: dict[Labels, Labels] = {}  # labels as given → as published
        self._seen: dict[str, set[str]] = defaultdict(set)
        self._in_progress: dict[tuple[str, Labels], int] = defaultdict(int)

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Add *value* to counter *name*."""
        samples = self._samples(name, MetricUnit.Count, labels)
        samples[:] = [sum(samples) + value]

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Set gauge *name*; the last value of the invocation counts."""
        if math.isfinite(value):
            self._samples(name, MetricUnit.NoUnit, labels)[:] = [value]

    def observe(
        self, name: str, value: float, unit: MetricUnit = MetricUnit.Milliseconds, **labels: str
    ) -> None:
        """Add one observation to histogram *name*: CloudWatch keeps percentiles of it."""
        if math.isfinite(value):
            self._samples(name, unit, labels).append(value)

    def summarize(self, name: str, value: float, **labels: str) -> None:
        """Add *value* to summary *name*: published as ``<name>Sum`` and ``<name>Count``."""
        self.count(f"{name}Count", 1, **labels)
        total = self._samples(f"{name}Sum", MetricUnit.NoUnit, labels)
        total[:] = [sum(total) + value]

    @contextmanager
    def in_progress(self, name: str, **labels: str) -> Iterator[None]:
        """Gauge *name* counts the blocks that are open; its peak is what gets published."""
        key = (name, self._guarded(labels))
        self._in_progress[key] += 1
        peak = self._samples(name, MetricUnit.Count, labels)
        peak[:] = [max([*peak, self._in_progress[key]])]
        try:
            yield
        finally:
            self._in_progress[key] -= 1

    @contextmanager
    def timed(self, name: str, **labels: str) -> Iterator[None]:
        """Observe how long the block takes, in milliseconds."""
        started = time.perf_counter()
        try:
            yield
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            self.observe(name, elapsed, MetricUnit.Milliseconds, **labels)

    def accompany(self, line: dict[str, Any]) -> None:
        """Write *line*, a log line's fields, together with this invocation's metrics."""
        self._line = line

    def flush(self) -> None:
        """Write everything gathered to standard output and start afresh."""
        if self._values or self._line:
            found = documents(
                self._values,
                namespace=self._namespace,
                defaults=self._defaults,
                epoch_ms=int(time.time() * 1000),
                line=self._line,
            )
            sys.stdout.write("".join(f"{_encode(each)}\n" for each in found))
        self.flush_silently()

    def rescued(self) -> str | None:
        """Return the line of log as text, and drop it and all metrics: they cannot be written."""
        line = self._line
        self.flush_silently()
        return None if line is None else json.dumps(line, default=str, separators=(",", ":"))

    def flush_silently(self) -> None:
        """Drop everything gathered: what init does is not an invocation."""
        self._values.clear()
        self._line = None

    def _samples(self, name: str, unit: MetricUnit, labels: dict[str, str]) -> list[float]:
        return self._values[self._guarded(labels)].setdefault((name, unit), [])

    def _guarded(self, labels: dict[str, str]) -> Labels:
        given = tuple(labels.items())
        found = self._fit.get(given)
        if found is None:
            found = tuple((name, self._guard(name, str(labels[name]))) for name in sorted(labels))
            if len(self._fit) < _MAX_KEPT:
                self._fit[given] = found
        return found

    def _guard(self, label: str, value: str) -> str:
        value = _UNFIT.sub("?", value).strip()[:MAX_LABEL_LENGTH] or "none"
        seen = self._seen[label]
        if value in seen:
            return value
        if len(seen) >= MAX_LABEL_VALUES:
            return "other"
        seen.add(value)
        return value


@cache
def meter() -> Meter:
    """Return this function's meter."""
    known = settings()
    return Meter(known.metrics_namespace, known.service, known.environment)


def flush() -> None:
    """Publish what the invocation gathered; the runtimes call this at the end of each.

    A metric that cannot be written must not cost the answer: it is dropped and said so. The line
    of log beside it is written all the same, by itself.
    """
    try:
        meter().flush()
    except Exception as failing:  # noqa: BLE001  # see the docstring
        sys.stderr.write(f"metrics were lost: {type(failing).__name__}: {failing}\n")
        if line := meter().rescued():
            with suppress(OSError, ValueError):
                sys.stdout.write(f"{line}\n")


def timed(name: str, *labels: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Observe how long each call of a function takes, sync or async, as histogram *name*.

    *labels* are names of its arguments: their values in a call, as text, are the labels of that
    observation. A call that raises is observed as well.

        @timed("ChannelDuration", "kind")
        def send(self, text: Text, *, kind: Kind, to: Contact) -> None: ...
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        bind = inspect.signature(function).bind

        def values(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, str]:
            if not labels:
                return {}
            bound = bind(*args, **kwargs)
            bound.apply_defaults()
            return {label: str(bound.arguments[label]) for label in labels}

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def asynchronous(*args: P.args, **kwargs: P.kwargs) -> Any:
                with meter().timed(name, **values(args, kwargs)):
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", asynchronous)

        @functools.wraps(function)
        def synchronous(*args: P.args, **kwargs: P.kwargs) -> R:
            with meter().timed(name, **values(args, kwargs)):
                return function(*args, **kwargs)

        return synchronous

    return decorate


__all__: list[Any] = ["MAX_LABEL_VALUES", "Meter", "MetricUnit", "flush", "meter", "timed"]
