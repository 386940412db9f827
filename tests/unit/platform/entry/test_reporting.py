import json

import pytest

from shared.platform.entry import reporting
from shared.platform.entry.reporting import report
from shared.platform.runtime.context import request_context
from shared.platform.runtime.errors import DatabaseBusy, DeadlineExceeded, NetworkError

pytestmark = pytest.mark.row("ERR-01")


@pytest.fixture
def heard(monkeypatch):
    found = []

    def deaf(error, context):
        raise OSError("reporter is down")

    def listening(error, context):
        found.append((error, context))

    monkeypatch.setattr(reporting, "reporters", [deaf, listening])
    return found


def test_every_reporter_hears_once_with_masked_context_and_a_failing_one_hides_nothing(heard):
    error = RuntimeError("boom")
    with request_context(request_id="r-1", user_id="u-1"):
        report(error, function="f", arguments={"password": "x", "n": 1})
        report(error, function="outer", arguments={})
    ((reported, context),) = heard
    assert reported is error
    assert context.arguments == {"password": "*****", "n": 1}
    assert (context.function, context.user_id, context.request_id) == ("f", "u-1", "r-1")


def test_log_metric_and_event_are_the_reporters(table, capsys):
    with request_context(request_id="r-1", correlation_id="c-1"):
        report(RuntimeError("password=eyJa.b.c"), function="f", arguments={})
    (event,) = table.events("ErrorReport#")
    assert event["type"] == "error.reported"
    assert event["data"]["error"] == "RuntimeError"
    assert "eyJ" not in event["data"]["message"]
    assert event["correlation_id"] == "c-1"
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (line["error"], line["error_function"]) == ("RuntimeError", "f")


@pytest.mark.parametrize(
    "error", [DatabaseBusy("throttled"), NetworkError("lost"), DeadlineExceeded("late")]
)
def test_a_busy_database_is_not_asked_to_write_that_down(table, capsys, error):
    with request_context(request_id="r-1"):
        report(error, function="f", arguments={})
    assert table.items() == []
    assert type(error).__name__ in capsys.readouterr().out
