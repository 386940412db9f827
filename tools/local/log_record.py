"""What one line of a log says: read once, for whoever filters or shows it.

A line is a function's own (JSON with a message), metrics alone (CloudWatch's embedded metric
format, which ``_aws`` marks wherever it stands in the line), Lambda's, or plain text: what was
printed, and how a function crashed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from tools.local.logs import LogLine

Kind = Literal["said", "metrics", "platform", "text"]
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_PLATFORM = ("START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START ")
_TRACEBACK = "Traceback (most recent call last)"
_CRASHED = ("[ERROR]", "[CRITICAL]", _TRACEBACK)
_KEPT_LABELS = frozenset({"route", "status", "consumer", "task"})
"""Dimensions of metrics that are a line's own words as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line; *function* as ``orders/place_order``, *when* in milliseconds since the epoch."""

    when: int
    function: str
    kind: Kind
    level: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict)
    traceback: str = ""
    raw: str


def read_record(line: LogLine, function: str) -> Record:
    """Return what *line*, which *function* wrote, says."""
    text = line.message.rstrip()
    written = _json(text)
    if written is None:
        return _of_text(text, line.timestamp, function)
    if "message" not in written:
        kind: Kind = "metrics" if "_aws" in written else "text"
        return Record(
            when=line.timestamp, function=function, kind=kind, level="INFO", message=text, raw=text
        )
    traceback = str(written.pop("exception", ""))
    return Record(
        when=_timestamp(written.pop("timestamp", "")) or line.timestamp,
        function=function,
        kind="said",
        level=str(written.pop("level", "INFO")),
        message=str(written.pop("message")),
        fields=_without_metrics(written),
        traceback=traceback,
        raw=text,
    )


def crashes_whole(records: Iterable[Record]) -> Iterator[Record]:
    """Yield one function's *records*, the lines of a crash as one: its last says what it was."""
    crash: list[Record] = []
    for record in records:
        if crash and record.kind == "text":
            crash.append(record)
            if record.message[:1].isspace():
                continue
            yield _whole(crash)
            crash = []
            continue
        if crash:  # cut off
            yield _whole(crash)
            crash = []
        if record.kind == "text" and record.message.startswith(_TRACEBACK):
            crash.append(record)
        else:
            yield record
    if crash:
        yield _whole(crash)


def _whole(crash: list[Record]) -> Record:
    first, last = crash[0], crash[-1]
    unfolded = "\n".join(line.raw for line in crash)
    said = last.message if last is not first else "crashed"
    return replace(first, message=said, traceback=unfolded, raw=unfolded)


def _of_text(text: str, when: int, function: str) -> Record:
    kind: Kind = "platform" if text.startswith(_PLATFORM) else "text"
    level = "ERROR" if text.startswith(_CRASHED) or "\nTraceback (most" in text else "INFO"
    # Lambda keeps the lines of a crash together with carriage returns.
    message, _, rest = text.replace("\r", "\n").partition("\n")
    return Record(
        when=when,
        function=function,
        kind=kind,
        level=level,
        message=message,
        traceback=rest,
        raw=text,
    )


def _json(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _without_metrics(written: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is for CloudWatch alone: metrics, and the labels that are theirs alone."""
    embedded = written.pop("_aws", None)
    if not isinstance(embedded, dict):
        return written
    theirs: set[str] = set()
    for directive in embedded.get("CloudWatchMetrics", ()):
        theirs.update(metric["Name"] for metric in directive["Metrics"])
        theirs.update(label for labels in directive["Dimensions"] for label in labels)
    return {k: v for k, v in written.items() if k not in theirs or k in _KEPT_LABELS}


def _timestamp(timestamp: object) -> int:
    """Return Powertools' ``2026-11-29 20:49:09,647+0000`` in milliseconds; 0 for another form."""
    try:
        read = datetime.strptime(str(timestamp), "%Y-%m-%d %H:%M:%S,%f%z")
    except ValueError:
        return 0
    return round(read.astimezone(UTC).timestamp() * 1000)
