import json

import pytest

from shared.platform.metrics import MAX_LABEL_VALUES, Meter


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
