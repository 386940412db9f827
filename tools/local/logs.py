"""What the functions wrote: the emulator keeps it in CloudWatch Logs, as AWS does."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

GROUP_PREFIX = "/aws/lambda/"


@dataclass(frozen=True, slots=True, order=True)
class LogLine:
    """One line; *timestamp* in milliseconds since the epoch (UTC)."""

    timestamp: int
    function: str
    message: str


def read_logs(
    client: "CloudWatchLogsClient", functions: Collection[str] | None = None, since: int = 0
) -> list[LogLine]:
    """Return the lines of *functions* (physical names; all by default), oldest first.

    Only lines at or after *since*, in milliseconds since the epoch.
    """
    groups = _groups(client)
    if functions is not None:
        groups = [group for group in groups if group.removeprefix(GROUP_PREFIX) in functions]
    lines = [line for group in groups for line in _read(client, group, since)]
    return sorted(lines, key=lambda line: line.timestamp)


def _groups(client: "CloudWatchLogsClient") -> list[str]:
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=GROUP_PREFIX)
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def _read(client: "CloudWatchLogsClient", group: str, since: int) -> Iterator[LogLine]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    for page in pages:
        for event in page["events"]:
            yield LogLine(event["timestamp"], group.removeprefix(GROUP_PREFIX), event["message"])
