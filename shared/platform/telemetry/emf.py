"""CloudWatch's embedded metric format: metrics as properties of a JSON line.

Powertools writes one document for every set of dimensions. The format allows several sets in one,
as long as they agree on the values of the dimensions that they share, and any other properties
beside them: so a request's metrics and its log line are one line (docs/adr/0017). The format:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_PER_LINE = 100
"""CloudWatch's limit on the metrics of one set of dimensions, and on the values of one metric."""

Labels = tuple[tuple[str, str], ...]
Samples = dict[tuple[str, str], list[float]]
"""Values by name and unit."""


@dataclass(slots=True)
class _Document:
    properties: dict[str, str]
    metrics: dict[str, list[float]] = field(default_factory=dict)
    directives: list[dict[str, Any]] = field(default_factory=list)

    def takes(self, labels: Labels, names: Iterable[str]) -> bool:
        """Tell whether metrics of these *names* and *labels* can be told apart in here."""
        agreed = all(self.properties.get(label, value) == value for label, value in labels)
        return agreed and self.metrics.keys().isdisjoint(names)


def documents(
    metrics: Mapping[Labels, Samples],
    *,
    namespace: str,
    defaults: Mapping[str, str],
    epoch_ms: int,
    line: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return *metrics*, which have *defaults* as dimensions too, in as few documents as can be.

    The first one that does not contradict *line* carries its fields, its own ones winning; if
    none does, *line* comes last, by itself.
    """
    found: list[_Document] = []
    for labels, samples in metrics.items():
        for part in _parts(samples):
            names = [name for name, _ in part]
            taker = next((each for each in found if each.takes(labels, names)), None)
            if taker is None:
                taker = _Document(dict(defaults))
                found.append(taker)
            taker.properties.update(labels)
            taker.metrics.update((name, values) for (name, _), values in part.items())
            dimensions = [*defaults, *(label for label, _ in labels)]
            listed = [{"Name": name, "Unit": unit} for name, unit in part]
            taker.directives.append(
                {"Namespace": namespace, "Dimensions": [dimensions], "Metrics": listed}
            )
    written: list[dict[str, Any]] = []
    for each in found:
        own: dict[str, Any] = {**each.properties, **each.metrics}
        if line is not None and all(
            str(line[key]) == str(own[key]) for key in line.keys() & own.keys()
        ):
            own, line = {**line, **own}, None
        # Last, so that a line that says something does not look like one of metrics alone.
        own["_aws"] = {"Timestamp": epoch_ms, "CloudWatchMetrics": each.directives}
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
