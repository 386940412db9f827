"""What the functions wrote: the emulator keeps it in CloudWatch Logs, as AWS does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True, slots=True, order=True)
class LogLine:
    """One line; *timestamp* in milliseconds since the epoch (UTC)."""

    timestamp: int
    function: str
    message: str


def read_logs(
    client: "CloudWatchLogsClient", groups: Mapping[str, str], since: int = 0
) -> list[LogLine]:
    """Return the lines of *groups*, function by log group, oldest first.

    Only lines at or after *since*, in milliseconds since the epoch.
    """
    lines = [
        line
        for group, function in groups.items()
        for line in _read(client, group, function, since)
    ]
    return sorted(lines, key=lambda line: line.timestamp)


def _read(
    client: "CloudWatchLogsClient", group: str, function: str, since: int
) -> Iterator[LogLine]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    for page in pages:
        for event in page["events"]:
            yield LogLine(event["timestamp"], function, event["message"])
