import json
import time

import pytest
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

from shared.platform.entry.lifecycle import invocation
from shared.platform.telemetry import metrics
from shared.platform.telemetry.metrics import MAX_LABEL_VALUES, Meter
from tools.lab.support.lambda_context import LambdaContext


@pytest.fixture
def meter() -> Meter:
    return Meter("Tradewind", "orders", "test")


def flushed(meter: Meter, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    meter.flush()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.row("MET-01")
def test_counters_gauges_histograms_and_summaries_are_emf(meter, capsys):
    meter.count("Orders", 2, kind="a")
    meter.count("Orders", 3, kind="a")
    meter.gauge("Depth", 4.0, kind="a")
    meter.gauge("Depth", 7.0, kind="a")
    meter.observe("Duration", 1.5, kind="a")
    meter.observe("Duration", 2.5, kind="a")
    meter.summarize("Size", 10, kind="a")
    meter.summarize("Size", 20, kind="a")
    (line,) = flushed(meter, capsys)
    assert line["Orders"] == [5.0]
    assert line["Depth"] == [7.0]
    assert line["Duration"] == [1.5, 2.5]
    assert (line["SizeSum"], line["SizeCount"]) == ([30.0], [2.0])
    assert (line["service"], line["environment"], line["kind"]) == ("orders", "test", "a")
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Tradewind"
    assert flushed(meter, capsys) == []


@pytest.mark.row("MET-01")
def test_labels_of_too_many_values_are_counted_as_other(meter, capsys):
    for number in range(MAX_LABEL_VALUES + 20):
        meter.count("Hits", user=f"user-{number}")
    found = flushed(meter, capsys)
    assert len(found) == MAX_LABEL_VALUES + 1
    assert next(line for line in found if line["user"] == "other")["Hits"] == [20.0]


@pytest.mark.row("MET-02")
def test_the_in_progress_gauge_publishes_its_peak(meter, capsys):
    with meter.in_progress("Busy"), meter.in_progress("Busy"):
        pass
    with meter.in_progress("Busy"):
        pass
    (line,) = flushed(meter, capsys)
    assert line["Busy"] == [2.0]


def test_timed_observes_a_failing_block_too(meter, capsys):
    with pytest.raises(RuntimeError), meter.timed("Work"):
        raise RuntimeError
    (line,) = flushed(meter, capsys)
    assert len(line["Work"]) == 1


@pytest.mark.row("MET-01")
def test_the_limits_of_one_emf_line_cost_no_value(meter, capsys):
    for number in range(250):
        meter.count(f"Metric{number}")
    lines = flushed(meter, capsys)
    assert all(len(line["_aws"]["CloudWatchMetrics"][0]["Metrics"]) <= 100 for line in lines)
    assert sum(name.startswith("Metric") for line in lines for name in line) == 250
    for number in range(200):
        meter.observe("Duration", number)
    lines = flushed(meter, capsys)
    assert [value for line in lines for value in line["Duration"]] == list(range(200))
    assert all(len(line["Duration"]) <= 100 for line in lines)


@pytest.mark.row("MET-01")
def test_what_is_no_number_is_not_published(meter, capsys):
    for value in (float("nan"), float("inf"), float("-inf")):
        meter.observe("Duration", value)
        meter.gauge("Depth", value)
    assert flushed(meter, capsys) == []


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
def test_labels_are_made_fit_for_a_dimension(meter, capsys, value, published):
    meter.count("Hits", kind=value)
    (line,) = flushed(meter, capsys)
    assert line["kind"] == published


def test_a_metric_that_cannot_be_written_costs_neither_the_answer_nor_the_next_metrics(capsys):
    with invocation(LambdaContext()):
        metrics.meter().count("Lost")
        metrics.meter().accompany({"message": "request handled", "odd": object()})
    written = capsys.readouterr()
    assert "metrics were lost" in written.err
    (line,) = written.out.splitlines()
    assert json.loads(line)["message"] == "request handled"
    with invocation(LambdaContext()):
        metrics.meter().count("Fine")
    assert "Fine" in capsys.readouterr().out


def test_sets_of_labels_that_agree_share_a_document_with_the_line(meter, capsys):
    meter.count("Busy", route="GET /a")
    meter.count("Request", route="GET /a", status="200")
    meter.count("Call", operation="GetItem")
    meter.count("Call", operation="PutItem")
    meter.accompany({"message": "request handled", "status": 200})
    first, second = flushed(meter, capsys)
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


def test_a_line_that_contradicts_the_metrics_is_written_by_itself(meter, capsys):
    meter.count("Busy", route="GET /a")
    meter.accompany({"message": "m", "route": "GET /b"})
    busy, line = flushed(meter, capsys)
    assert (busy["route"], "message" in busy) == ("GET /a", False)
    assert line == {"message": "m", "route": "GET /b"}
    meter.accompany({"message": "alone"})
    assert flushed(meter, capsys) == [{"message": "alone"}]


@pytest.mark.row("MET-01")
def test_a_document_says_what_powertools_would(meter, capsys):
    meter.count("Orders", 2, kind="a")
    meter.observe("Duration", 1.5, kind="a")
    (ours,) = flushed(meter, capsys)
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
