"""`make logs`: real lines of the local stack, as a person wants to see them.

``real.log`` has what the stack wrote: an order whose card was declined, a relay that crashed and a
message that could not be read. Each line: when, which function, the message.
"""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.entry.guard import ToolError
from tools.entry.names import UnknownName
from tools.local.log_filter import LogFilter, since
from tools.local.log_record import Record, crashes_whole, read_record
from tools.local.log_tail import named, show_log
from tools.local.log_view import shown
from tools.local.logs import LogLine

ORDER = "01a22929-8ece-7911-8df1-259912e16530"
STORY = "my-story-0001"


def lines() -> list[LogLine]:
    text = Path(__file__).with_name("real.log").read_text("utf-8")
    return [
        LogLine(int(when), function, message)
        for when, function, message in (line.split("\t", 2) for line in text.splitlines())
    ]


class Stack:
    """A stack whose log is `lines`; functions are called what they are."""

    def __init__(self) -> None:
        self.description = self
        self.services: dict[str, Stack] = {}
        self.functions: dict[str, str] = {}
        for line in lines():
            service, _, use_case = line.function.partition("/")
            known = self.services.setdefault(service, object.__new__(Stack))
            if not hasattr(known, "functions"):
                known.functions = {}
            known.functions[use_case] = line.function

    def logs(self, since: int, functions: dict[str, str]) -> list[LogLine]:
        return [line for line in lines() if line.timestamp >= since and line.function in functions]


def log(wanted: LogFilter | None = None, *, lines: int = 0, service: str = "") -> list[str]:
    out, stack = io.StringIO(), Stack()
    names = named(stack, service=service)  # type: ignore[arg-type]  # stands for a stack
    show_log(stack, names, wanted or LogFilter(), lines=lines, out=out)  # type: ignore[arg-type]
    return out.getvalue().splitlines()


def events(found: list[str]) -> list[str]:
    return [line for line in found if re.match(r"\d\d:\d\d:\d\d\.\d{3} ", line)]


def test_metrics_alone_and_lambdas_own_lines_are_left_out() -> None:
    everything = [read_record(line, line.function) for line in lines()]
    # A second opinion on what metrics alone are: the format's own mark, and nothing said.
    bare = [
        record
        for record, line in zip(everything, lines(), strict=True)
        if line.message.startswith("{") and json.loads(line.message).keys() >= {"_aws"}
        and "message" not in json.loads(line.message)
    ]  # fmt: skip
    assert len(bare) > 3
    assert {record.kind for record in bare} == {"metrics"}
    text = "\n".join(log())
    assert "_aws" not in text
    assert "CloudWatchMetrics" not in text
    assert "RequestId:" not in text


def test_a_line_that_carries_metrics_is_shown_without_them() -> None:
    (line,) = (each for each in log() if "request handled" in each)
    assert re.search(
        rf"^\d\d:\d\d:\d\d\.\d+ INFO    orders/place_order +request handled \d+\.\d ms "
        rf"route='POST /api/v1/orders' status=201 order={ORDER} .*corr={STORY}$",
        line,
    )
    assert "DependencyCall" not in line
    assert "dependency" not in line


def test_an_event_is_one_line_and_a_traceback_is_unfolded_below_it() -> None:
    found = log(LogFilter(level="ERROR"))
    crash, refused, given_up = events(found)
    assert crash.endswith("KeyError: 'Records'")
    assert "message given up" in given_up
    below = found[found.index(crash) + 1 : found.index(refused)]
    assert below[0] == "    Traceback (most recent call last):"
    assert below[-1] == "    KeyError: 'Records'"
    assert len(below) == 8
    assert any("line 105, in _consume" in line for line in found[found.index(refused) :])


@pytest.mark.parametrize(
    ("wanted", "number"),  # counted in the file with grep
    [
        (LogFilter(correlation=STORY), 19),
        (LogFilter(order=ORDER), 17),
        (LogFilter(level="ERROR"), 3),
        (LogFilter(level="ERROR", order=ORDER), 0),
    ],
    ids=["story", "order", "level", "both"],
)
def test_lines_are_found_by_what_they_are_about(wanted: LogFilter, number: int) -> None:
    assert len(events(log(wanted))) == number


def test_the_last_lines_are_shown_in_the_order_of_time() -> None:
    everything, last = events(log()), events(log(lines=4))
    assert last == everything[-4:]
    assert everything == sorted(everything, key=lambda line: line[:12])


def test_a_service_and_a_function_are_known_or_the_nearest_is_named() -> None:
    assert all(" inventory/" in line for line in events(log(service="inventory")))
    with pytest.raises(UnknownName, match="Did you mean inventory"):
        named(Stack(), service="inventori")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="Did you mean orders/place_order"):
        named(Stack(), function="plce_order")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="Did you mean WARNING"):
        LogFilter(level="WARN")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15m", "2026-11-29T20:45:00"),
        ("2h", "2026-11-29T19:00:00"),
        ("2026-11-29T20:41:03Z", "2026-11-29T20:41:03"),
        ("2026-11-29T21:41:03+01:00", "2026-11-29T20:41:03"),
        ("2026-11-29", "2026-11-29T00:00:00"),
    ],
)
def test_since_is_a_span_or_a_time(text: str, expected: str) -> None:
    moment = since(text, datetime(2026, 11, 29, 21, 0, tzinfo=UTC))
    assert datetime.fromtimestamp(moment / 1000, UTC).isoformat() == f"{expected}+00:00"


def test_another_since_is_refused_with_what_it_may_be() -> None:
    with pytest.raises(ToolError, match="15m"):
        since("yesterday", datetime(2026, 11, 29, tzinfo=UTC))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_terminals_whose_people_want_them(
    monkeypatch: pytest.MonkeyPatch, variable: str, coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", variable)
    out, stack = Terminal(), Stack()
    show_log(stack, named(stack), LogFilter(level="ERROR"), out=out)  # type: ignore[arg-type]
    assert ("\x1b[31m" in out.getvalue()) == coloured
    assert "\x1b" not in "".join(log())  # a pipe


def test_a_crash_that_is_cut_off_is_still_one() -> None:
    whole = [read_record(line, line.function) for line in lines()]
    crash = [record for record in whole if record.kind == "text"]
    for length in range(1, len(crash) + 1):
        (found,) = crashes_whole(crash[:length])
        assert found.level == "ERROR"
        assert len(found.traceback.splitlines()) == length
    assert shown(found, colours=False).count("\n") == len(crash)


def test_text_that_is_no_json_is_shown_as_it_is() -> None:
    record: Record = read_record(LogLine(0, "f", "{half a document"), "orders/place_order")
    assert shown(record, colours=False).endswith("orders/place_order {half a document")
