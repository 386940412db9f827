"""The lean provider of Powertools' Metrics: an invocation's metrics and its log line in one line.

Powertools' own provider writes one document for every set of dimensions. CloudWatch's embedded
metric format allows several sets in one, as long as they agree on the values of the dimensions
that they share, and any other properties beside them (docs/adr/0026). The format:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

Values of dimensions are guarded: past `MAX_DIMENSION_VALUES` distinct values of one dimension,
further ones are counted as ``other``, because every distinct value is a metric that is paid for.
"""

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, MetricUnitError
from aws_lambda_powertools.metrics.provider.base import BaseProvider

from shared.platform.runtime.settings import settings

MAX_DIMENSION_VALUES = 50
MAX_DIMENSION_LENGTH = 250
MAX_PER_LINE = 100
"""CloudWatch's limit on the metrics of one set of dimensions, and on the values of one metric."""

_MAX_KEPT = 1_000
_UNFIT = re.compile(r"[^\x20-\x7e]")  # CloudWatch takes printable ASCII as a dimension's value
_UNITS = frozenset(unit.value for unit in MetricUnit)
_COUNT: str = MetricUnit.Count.value
_encode = json.JSONEncoder(separators=(",", ":")).encode

Labels = tuple[tuple[str, str], ...]
Samples = dict[tuple[str, str], list[float]]
"""Values by name and unit."""


class Dimensions:
    """Makes values of dimensions fit for CloudWatch, and few."""

    def __init__(self) -> None:
        self.known: dict[Labels, Labels] = {}  # as given → as published
        self._seen: dict[str, set[str]] = defaultdict(set)

    def guarded(self, given: dict[str, str]) -> Labels:
        """Return *given* as it is to be published, in the order of the names."""
        key = tuple(given.items())
        found = self.known.get(key)
        if found is None:
            found = tuple((name, self._guard(name, str(given[name]))) for name in sorted(given))
            if len(self.known) < _MAX_KEPT:
                self.known[key] = found
        return found

    def _guard(self, name: str, value: str) -> str:
        value = _UNFIT.sub("?", value).strip()[:MAX_DIMENSION_LENGTH] or "none"
        seen = self._seen[name]
        if value in seen:
            return value
        if len(seen) >= MAX_DIMENSION_VALUES:
            return "other"
        seen.add(value)
        return value


class EmfProvider(BaseProvider):
    """Gathers the metrics of one invocation and writes them as CloudWatch EMF."""

    def __init__(self, namespace: str | None = None, **default_dimensions: str) -> None:
        """Take what else the settings say, once it is needed: *namespace* and dimensions."""
        self.namespace = namespace
        self.default_dimensions = default_dimensions
        self.metadata_set: dict[str, Any] = {}
        self._timestamp: int | None = None
        self._values: dict[Labels, Samples] = defaultdict(dict)
        self._dimensions = Dimensions()
        self._known = self._dimensions.known
        self._of_all: dict[str, str] = {}
        self._by_the_second: set[str] = set()

    @property
    def service(self) -> str:
        """The dimension ``service`` of every metric."""
        return self._defaults()["service"]

    def add_metric(
        self,
        name: str,
        unit: MetricUnit | str,
        value: float,
        resolution: Any = 60,
        **dimensions: str,
    ) -> None:
        """Add *value*; what is no number is not published."""
        named: str = unit if unit.__class__ is str else unit._value_  # type: ignore[union-attr]
        if named not in _UNITS:
            raise MetricUnitError(f"{named!r} is none of CloudWatch's units")
        if not isfinite(value):
            return
        if resolution != 60 and getattr(resolution, "value", resolution) == 1:  # noqa: PLR2004
            self._by_the_second.add(name)
        labels = self._known.get(tuple(dimensions.items()))  # as nearly always
        if labels is None:
            labels = self._dimensions.guarded(dimensions)
        samples = self._values[labels]
        key = (name, named)
        if key not in samples:
            samples[key] = [value]
        elif named == _COUNT:
            samples[key][0] += value
        else:
            samples[key].append(value)

    def add_dimension(self, name: str, value: str) -> None:
        """Give all metrics of this invocation a dimension."""
        self._of_all |= self._dimensions.guarded({name: value})

    def set_default_dimensions(self, **dimensions: str) -> None:
        """Give all metrics from here on these dimensions."""
        self._defaults().update(dimensions)

    def add_metadata(self, key: str, value: Any) -> None:
        """Write a field beside the metrics: the invocation's log line is made of these."""
        self.metadata_set[key] = value

    def set_timestamp(self, timestamp: Any) -> None:
        """Date the metrics of this invocation: milliseconds, or a time."""
        whole = isinstance(timestamp, int)
        self._timestamp = timestamp if whole else round(timestamp.timestamp() * 1000)

    def serialize_metric_set(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return everything gathered, in as few documents as can be."""
        return documents(
            self._values,
            namespace=self.namespace or settings().metrics_namespace,
            defaults={**self._defaults(), **self._of_all},
            epoch_ms=self._timestamp or int(time.time() * 1000),
            line=self.metadata_set or None,
            by_the_second=self._by_the_second,
        )

    def flush_metrics(self, *_: Any, **__: Any) -> None:
        """Write everything gathered to standard output and start afresh."""
        if self._values or self.metadata_set:
            found = self.serialize_metric_set()
            sys.stdout.write("".join(f"{_encode(each)}\n" for each in found))
        self.clear_metrics()

    def clear_metrics(self, *_: Any, **__: Any) -> None:
        """Drop everything gathered."""
        self._values.clear()
        self.metadata_set = {}
        self._of_all = {}
        self._timestamp = None

    def add_cold_start_metric(self, context: Any) -> None:
        """Count a cold start of the function that *context* names."""
        self.add_metric("ColdStart", MetricUnit.Count, 1, function_name=context.function_name)

    def _defaults(self) -> dict[str, str]:
        if not self.default_dimensions:
            known = settings()
            self.default_dimensions = {
                "service": known.service,
                "environment": known.environment,
            }
        return self.default_dimensions


class _Document:
    def __init__(self, properties: dict[str, str]) -> None:
        self.properties = properties
        self.metrics: dict[str, list[float]] = {}
        self.directives: list[dict[str, Any]] = []

    def takes(self, labels: Labels, names: Iterable[str]) -> bool:
        """Tell whether metrics of these *names* and *labels* can be told apart in here."""
        for label, value in labels:
            if self.properties.get(label, value) != value:
                return False
        return self.metrics.keys().isdisjoint(names)


def documents(
    metrics: Mapping[Labels, Samples],
    *,
    namespace: str,
    defaults: Mapping[str, str],
    epoch_ms: int,
    line: Mapping[str, Any] | None = None,
    by_the_second: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Return *metrics*, which have *defaults* as dimensions too, in as few documents as can be.

    The first one that does not contradict *line* carries its fields, its own ones winning; if
    none does, *line* comes last, by itself. CloudWatch keeps those named *by_the_second* in high
    resolution.
    """
    found: list[_Document] = []
    for labels, samples in metrics.items():
        for part in _parts(samples):
            names = [name for name, _ in part]
            for taker in found:
                if taker.takes(labels, names):
                    break
            else:
                taker = _Document(dict(defaults))
                found.append(taker)
            own_dimensions = dict(labels)
            taker.properties.update(own_dimensions)
            dimensions = [*defaults, *own_dimensions]
            listed: list[dict[str, Any]] = []
            for (name, unit), values in part.items():
                taker.metrics[name] = values
                listed.append({"Name": name, "Unit": unit})
            if by_the_second:
                for stated in listed:
                    stated.update(
                        {"StorageResolution": 1} if stated["Name"] in by_the_second else {}
                    )
            taker.directives.append(
                {"Namespace": namespace, "Dimensions": [dimensions], "Metrics": listed}
            )
    written: list[dict[str, Any]] = []
    for document in found:
        own: dict[str, Any] = {**document.properties, **document.metrics}
        if line is not None and all(
            str(line[key]) == str(own[key]) for key in line.keys() & own.keys()
        ):
            own, line = {**line, **own}, None
        # Last, so that a line that says something does not look like one of metrics alone.
        own["_aws"] = {"Timestamp": epoch_ms, "CloudWatchMetrics": document.directives}
        written.append(own)
    return written if line is None else [*written, dict(line)]


def _parts(samples: Samples) -> Iterable[Samples]:
    """Cut *samples* into parts that keep CloudWatch's limits; no value is lost."""
    if len(samples) <= MAX_PER_LINE and max(map(len, samples.values())) <= MAX_PER_LINE:
        yield samples  # as nearly always
        return
    waiting = dict(samples)
    while waiting:
        now = dict(list(waiting.items())[:MAX_PER_LINE])
        yield {key: values[:MAX_PER_LINE] for key, values in now.items()}
        waiting = {
            key: values[MAX_PER_LINE:] if key in now else values
            for key, values in waiting.items()
            if key not in now or len(values) > MAX_PER_LINE
        }
