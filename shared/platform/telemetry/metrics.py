"""Powertools' Metrics, with what it lacks: dimensions of one metric, gauges, summaries, durations.

    metrics.add_metric("CouponUsed", MetricUnit.Count, 1, campaign=campaign)
    with metrics.timed("TaxLookup", country=country): ...

What is counted (unit ``Count``) is added up within an invocation; of anything else CloudWatch gets
every value, and keeps percentiles. The provider behind it writes all of it at the end of an
invocation; which one is a setting (`shared.platform.telemetry.stock`).
"""

import functools
import inspect
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from aws_lambda_powertools.metrics import Metrics as PowertoolsMetrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.platform.telemetry.emf import EmfProvider

P = ParamSpec("P")
R = TypeVar("R")
_Key = tuple[str, str, tuple[tuple[str, str], ...]]

# As text: an enumeration's members are slow to look up by.
_COUNT, _NO_UNIT = "Count", "None"


class AddMetric(Protocol):
    """How `Metrics.add_metric` is called: as Powertools has it, and with *dimensions*."""

    def __call__(
        self,
        name: str,
        unit: MetricUnit | str,
        value: float,
        resolution: Any = 60,
        **dimensions: str,
    ) -> None: ...


class Metrics(PowertoolsMetrics):
    """Metrics of one invocation; those that have one value in it are kept until its end."""

    add_metric: AddMetric
    """Add a value to a metric, which has *dimensions* besides those of all metrics.

    It is the provider's own: a request adds eight, and a call in between is a call too many.
    """

    def __init__(self, provider: Any) -> None:
        super().__init__(provider=provider)
        self._held: dict[_Key, float] = {}
        self._open: dict[_Key, int] = defaultdict(int)

    @property
    def provider(self) -> Any:
        """What writes the metrics; whoever sets another one has it in use from there on."""
        return self._provider

    @provider.setter
    def provider(self, provider: Any) -> None:
        self._provider = provider
        self.add_metric = provider.add_metric

    def gauge(
        self, name: str, value: float, unit: MetricUnit = MetricUnit.NoUnit, **dimensions: str
    ) -> None:
        """Set gauge *name*; the last value of the invocation counts."""
        self._held[name, unit.value, tuple(dimensions.items())] = value

    def summarize(self, name: str, value: float, **dimensions: str) -> None:
        """Add *value* to summary *name*: published as ``<name>Sum`` and ``<name>Count``."""
        self.add_metric(f"{name}Count", MetricUnit.Count, 1, **dimensions)
        key = (f"{name}Sum", _NO_UNIT, tuple(dimensions.items()))
        self._held[key] = self._held.get(key, 0) + value

    @contextmanager
    def in_progress(self, name: str, **dimensions: str) -> Iterator[None]:
        """Gauge *name* counts the blocks that are open; its peak is what gets published."""
        key = (name, _COUNT, tuple(dimensions.items()))
        self._open[key] += 1
        self._held[key] = max(self._held.get(key, 0), self._open[key])
        try:
            yield
        finally:
            self._open[key] -= 1

    @contextmanager
    def timed(self, name: str, **dimensions: str) -> Iterator[None]:
        """Add how long the block takes, in milliseconds, whether it fails or not."""
        started = time.perf_counter()
        try:
            yield
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            self.add_metric(name, MetricUnit.Milliseconds, elapsed, **dimensions)

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:  # noqa: FBT001, FBT002  # theirs
        """Publish what the invocation gathered; the entries call this at the end of each.

        A metric that cannot be written must not cost the answer: it is dropped and said so. The
        line of log beside it is written all the same, by itself.
        """
        line = self.provider.metadata_set
        try:
            for (name, unit, dimensions), value in self._held.items():
                self.add_metric(name, unit, value, **dict(dimensions))
            self._held.clear()
            self.provider.flush_metrics(raise_on_empty_metrics=raise_on_empty_metrics)
        except Exception as failing:  # noqa: BLE001  # see the docstring
            sys.stderr.write(f"metrics were lost: {type(failing).__name__}: {failing}\n")
            if line:
                with suppress(OSError, ValueError):
                    sys.stdout.write(json.dumps(line, default=str, separators=(",", ":")) + "\n")
            self.clear_metrics()

    def clear_metrics(self) -> None:
        """Drop everything gathered: what init does is not an invocation."""
        self._held.clear()
        self.provider.clear_metrics()


metrics = Metrics(provider=EmfProvider())
"""This function's metrics."""


def timed(name: str, *labels: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Time each call of a function, sync or async, as metric *name*.

    *labels* are names of its arguments: their values in a call, as text, are the dimensions of
    that duration. A call that raises is timed as well.

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
                with metrics.timed(name, **values(args, kwargs)):
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", asynchronous)

        @functools.wraps(function)
        def synchronous(*args: P.args, **kwargs: P.kwargs) -> R:
            with metrics.timed(name, **values(args, kwargs)):
                return function(*args, **kwargs)

        return synchronous

    return decorate


__all__ = ["MetricUnit", "Metrics", "metrics", "timed"]
