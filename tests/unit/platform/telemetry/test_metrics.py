import json
import time

import pytest
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

from shared.platform.entry.lifecycle import invocation
from shared.platform.telemetry import metrics as module
from shared.platform.telemetry.emf import MAX_DIMENSION_VALUES, EmfProvider
from shared.platform.telemetry.metrics import Metrics, MetricUnit
from tools.lab.support.lambda_context import LambdaContext


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(provider=EmfProvider("Tradewind", service="orders", environment="test"))


def flushed(metrics: Metrics, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    metrics.flush_metrics()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.row("MET-01")
def test_counters_gauges_histograms_and_summaries_are_emf(metrics, capsys):
    metrics.add_metric("Orders", MetricUnit.Count, 2, kind="a")
    metrics.add_metric("Orders", MetricUnit.Count, 3, kind="a")
    metrics.gauge("Depth", 4.0, kind="a")
    metrics.gauge("Depth", 7.0, kind="a")
    metrics.add_metric("Duration", MetricUnit.Milliseconds, 1.5, kind="a")
    metrics.add_metric("Duration", MetricUnit.Milliseconds, 2.5, kind="a")
    metrics.summarize("Size", 10, kind="a")
    metrics.summarize("Size", 20, kind="a")
    (line,) = flushed(metrics, capsys)
    assert line["Orders"] == [5.0]
    assert line["Depth"] == [7.0]
    assert line["Duration"] == [1.5, 2.5]
    assert (line["SizeSum"], line["SizeCount"]) == ([30.0], [2.0])
    assert (line["service"], line["environment"], line["kind"]) == ("orders", "test", "a")
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Tradewind"
    assert flushed(metrics, capsys) == []


@pytest.mark.row("MET-01")
def test_labels_of_too_many_values_are_counted_as_other(metrics, capsys):
    for number in range(MAX_DIMENSION_VALUES + 20):
        metrics.add_metric("Hits", MetricUnit.Count, 1, user=f"user-{number}")
    found = flushed(metrics, capsys)
    assert len(found) == MAX_DIMENSION_VALUES + 1
    assert next(line for line in found if line["user"] == "other")["Hits"] == [20.0]


@pytest.mark.row("MET-02")
def test_the_in_progress_gauge_publishes_its_peak(metrics, capsys):
    with metrics.in_progress("Busy"), metrics.in_progress("Busy"):
        pass
    with metrics.in_progress("Busy"):
        pass
    (line,) = flushed(metrics, capsys)
    assert line["Busy"] == [2.0]


def test_timed_observes_a_failing_block_too(metrics, capsys):
    with pytest.raises(RuntimeError), metrics.timed("Work"):
        raise RuntimeError
    (line,) = flushed(metrics, capsys)
    assert len(line["Work"]) == 1


@pytest.mark.row("MET-01")
def test_the_limits_of_one_emf_line_cost_no_value(metrics, capsys):
    for number in range(250):
        metrics.add_metric(f"Metric{number}", MetricUnit.Count, 1)
    lines = flushed(metrics, capsys)
    assert all(len(line["_aws"]["CloudWatchMetrics"][0]["Metrics"]) <= 100 for line in lines)
    assert sum(name.startswith("Metric") for line in lines for name in line) == 250
    for number in range(200):
        metrics.add_metric("Duration", MetricUnit.Milliseconds, number)
    lines = flushed(metrics, capsys)
    assert [value for line in lines for value in line["Duration"]] == list(range(200))
    assert all(len(line["Duration"]) <= 100 for line in lines)


@pytest.mark.row("MET-01")
def test_what_is_no_number_is_not_published(metrics, capsys):
    for value in (float("nan"), float("inf"), float("-inf")):
        metrics.add_metric("Duration", MetricUnit.Milliseconds, value)
        metrics.gauge("Depth", value)
    assert flushed(metrics, capsys) == []


@pytest.mark.row("MET-01")
@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("", "none"),
        (" \n", "?"),
        ("caf\u00e9", "caf?"),
        ("x" * 2000, "x" * 250),
        ("GET /a", "GET /a"),
    ],
)
def test_labels_are_made_fit_for_a_dimension(metrics, capsys, value, published):
    metrics.add_metric("Hits", MetricUnit.Count, 1, kind=value)
    (line,) = flushed(metrics, capsys)
    assert line["kind"] == published


def test_a_metric_that_cannot_be_written_costs_neither_the_answer_nor_the_next_metrics(capsys):
    with invocation(LambdaContext()):
        module.metrics.add_metric("Lost", MetricUnit.Count, 1)
        module.metrics.add_metadata("message", "request handled")
        module.metrics.add_metadata("odd", object())
    written = capsys.readouterr()
    assert "metrics were lost" in written.err
    (line,) = written.out.splitlines()
    assert json.loads(line)["message"] == "request handled"
    with invocation(LambdaContext()):
        module.metrics.add_metric("Fine", MetricUnit.Count, 1)
    assert "Fine" in capsys.readouterr().out


def test_sets_of_labels_that_agree_share_a_document_with_the_line(metrics, capsys):
    metrics.add_metric("Busy", MetricUnit.Count, 1, route="GET /a")
    metrics.add_metric("Request", MetricUnit.Count, 1, route="GET /a", status="200")
    metrics.add_metric("Call", MetricUnit.Count, 1, operation="GetItem")
    metrics.add_metric("Call", MetricUnit.Count, 1, operation="PutItem")
    metrics.add_metadata("message", "request handled")
    metrics.add_metadata("status", 200)
    first, second = flushed(metrics, capsys)
    assert (first["message"], first["status"], first["operation"]) == (
        "request handled",
        "200",
        "GetItem",
    )
    found = {
        (metric["Name"], *each["Dimensions"][0])
        for each in first["_aws"]["CloudWatchMetrics"]
        for metric in each["Metrics"]
    }
    own = ("service", "environment")
    assert found == {
        ("Busy", *own, "route"),
        ("Request", *own, "route", "status"),
        ("Call", *own, "operation"),
    }
    assert (second["operation"], second["Call"]) == ("PutItem", [1])
    assert "message" not in second


def test_a_line_that_contradicts_the_metrics_is_written_by_itself(metrics, capsys):
    metrics.add_metric("Busy", MetricUnit.Count, 1, route="GET /a")
    metrics.add_metadata("message", "m")
    metrics.add_metadata("route", "GET /b")
    busy, line = flushed(metrics, capsys)
    assert (busy["route"], "message" in busy) == ("GET /a", False)
    assert line == {"message": "m", "route": "GET /b"}
    metrics.add_metadata("message", "alone")
    assert flushed(metrics, capsys) == [{"message": "alone"}]


@pytest.mark.row("MET-01")
def test_a_provider_that_is_set_later_gets_what_is_added_from_then_on(metrics, capsys):
    metrics.provider = EmfProvider("Other", service="payments", environment="test")
    metrics.add_metric("Orders", MetricUnit.Count, 1)
    metrics.summarize("Size", 10)
    with metrics.timed("Lookup"):
        pass
    (line,) = flushed(metrics, capsys)
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Other"
    assert (line["service"], line["Orders"], line["SizeSum"]) == ("payments", [1], [10])
    assert "Lookup" in line


@pytest.mark.row("MET-01")
def test_a_document_says_what_powertools_would(metrics, capsys):
    metrics.add_metric("Orders", MetricUnit.Count, 2, kind="a")
    metrics.add_metric("Duration", MetricUnit.Milliseconds, 1.5, kind="a")
    (ours,) = flushed(metrics, capsys)
    provider = AmazonCloudWatchEMFProvider(namespace="Tradewind", service="orders")
    for name, value in {"service": "orders", "environment": "test", "kind": "a"}.items():
        provider.add_dimension(name, value)
    provider.add_metric("Orders", "Count", 2)
    provider.add_metric("Duration", "Milliseconds", 1.5)
    theirs = json.loads(json.dumps(provider.serialize_metric_set()))
    for each in (ours, theirs):
        assert abs(each["_aws"].pop("Timestamp") / 1000 - time.time()) < 3600
        (directive,) = each["_aws"]["CloudWatchMetrics"]
        directive["Dimensions"] = [sorted(names) for names in directive["Dimensions"]]
    assert ours == theirs
