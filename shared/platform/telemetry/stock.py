"""Powertools' own providers instead of the lean ones: ``TELEMETRY_PROVIDERS=stock``.

For those who want what AWS supports, and to compare the two. The metrics' provider comes with
Powertools; the tracer's is X-Ray's SDK (``aws-lambda-powertools[tracer]``), which no layer has: a
function that is to use it needs one with `aws-xray-sdk`. What it costs is in docs/adr/0026.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.base import BaseProvider
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)
from aws_lambda_powertools.tracing import Tracer

from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.emf import Dimensions, Labels
from shared.platform.telemetry.metrics import metrics
from shared.platform.telemetry.tracing import tracer


class StockMetrics(BaseProvider):
    """One of Powertools' providers for every set of dimensions, as each of them has one set."""

    def __init__(self, namespace: str, **default_dimensions: str) -> None:
        self.namespace = namespace
        self.default_dimensions = default_dimensions
        self.metadata_set: dict[str, Any] = {}
        self._by_dimensions: dict[Labels, AmazonCloudWatchEMFProvider] = {}
        self._dimensions = Dimensions()
        self._of_all: dict[str, str] = {}

    @property
    def service(self) -> str:
        """The dimension ``service`` of every metric."""
        return self.default_dimensions["service"]

    def add_metric(
        self,
        name: str,
        unit: MetricUnit | str,
        value: float,
        resolution: Any = 60,
        **dimensions: str,
    ) -> None:
        """Add *value* with the provider of these *dimensions*."""
        guarded = self._dimensions.guarded(dimensions)
        if guarded not in self._by_dimensions:
            self._by_dimensions[guarded] = AmazonCloudWatchEMFProvider(
                namespace=self.namespace,
                default_dimensions={**self.default_dimensions, **dict(guarded)},
            )
        self._by_dimensions[guarded].add_metric(name, unit, value, resolution)

    def add_dimension(self, name: str, value: str) -> None:
        """Give all metrics of this invocation a dimension."""
        self._of_all |= self._dimensions.guarded({name: value})

    def set_default_dimensions(self, **dimensions: str) -> None:
        """Give all metrics from the next invocation on these dimensions."""
        self.default_dimensions.update(dimensions)

    def add_metadata(self, key: str, value: Any) -> None:
        """Write a field beside the metrics of the first provider that it does not contradict."""
        self.metadata_set[key] = value

    def serialize_metric_set(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        """Return what each provider makes of its metrics, the log line with one of them."""
        line, written = self.metadata_set, []
        for provider in self._by_dimensions.values():
            for name, value in self._of_all.items():
                provider.add_dimension(name, value)
            own = {**provider.dimension_set, **provider.metric_set}
            if all(str(line[key]) == str(own[key]) for key in line.keys() & own.keys()):
                for key, value in line.items():
                    provider.add_metadata(key, value)
                line = {}
            written.append(dict(provider.serialize_metric_set()))
        return [*written, line] if line else written

    def flush_metrics(self, *_: Any, **__: Any) -> None:
        """Write everything gathered to standard output and start afresh."""
        for each in self.serialize_metric_set():
            print(json.dumps(each, separators=(",", ":")))  # noqa: T201  # as the provider does
        self.clear_metrics()

    def clear_metrics(self, *_: Any, **__: Any) -> None:
        """Drop everything gathered."""
        self._by_dimensions.clear()
        self.metadata_set = {}
        self._of_all = {}

    def add_cold_start_metric(self, context: Any) -> None:
        """Count a cold start of the function that *context* names."""
        self.add_metric("ColdStart", MetricUnit.Count, 1, function_name=context.function_name)


class StockTracing:
    """X-Ray's own recorder, which annotates what is outermost as the lean one does."""

    def __init__(self, recorder: Any, annotations: dict[str, str]) -> None:
        self._recorder = recorder
        self._annotations = annotations

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    @contextmanager
    def in_subsegment(self, name: str, **how: Any) -> Iterator[Any]:
        """Trace the block as subsegment *name*."""
        with self._recorder.in_subsegment(name, **how) as subsegment:
            if subsegment.parent_id == subsegment.parent_segment.id:
                for key, value in self._annotations.items():
                    subsegment.put_annotation(key, value)
            yield subsegment


def use_stock() -> None:
    """Put Powertools' own providers behind `metrics` and `tracer`.

    `ConfigurationError` where X-Ray's SDK is missing.
    """
    if find_spec("aws_xray_sdk") is None:
        raise ConfigurationError.bad_setting(
            "TELEMETRY_PROVIDERS",
            "`lean`: `stock` needs the package aws-xray-sdk, so give this function a layer with "
            "aws-lambda-powertools[tracer]",
        )
    from aws_xray_sdk.core import patch, xray_recorder  # noqa: PLC0415  # no layer has it

    known = settings()
    metrics.provider = StockMetrics(
        known.metrics_namespace, service=known.service, environment=known.environment
    )
    tracing: Any = StockTracing(xray_recorder, {"release": known.release})
    tracer.provider = Tracer(provider=tracing, disabled=False, auto_patch=False).provider
    patch(("botocore",))
