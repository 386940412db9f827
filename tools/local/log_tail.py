"""The end of the running stack's log, and what is added to it."""

import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import TextIO

from tools.entry.guard import coloured
from tools.entry.names import UnknownName, known, nearest
from tools.local.access import StackAccess
from tools.local.log_filter import LogFilter
from tools.local.log_record import Record, crashes_whole, read_record
from tools.local.log_view import shown
from tools.local.logs import LogLine

FOLLOW_SECONDS = 1.0
Names = Mapping[str, str]
"""``service/use_case`` by the functions' physical names."""


def named(stack: StackAccess, *, service: str = "", function: str = "") -> Names:
    """Return the functions that are asked for; `UnknownName` names the nearest that there is."""
    services = stack.description.services
    if service:
        known(service, services, "service")
    everybody = {
        physical: f"{name}/{use_case}"
        for name, deployed in services.items()
        for use_case, physical in deployed.functions.items()
        if service in ("", name)
    }
    found = {
        physical: name
        for physical, name in everybody.items()
        if function in ("", name, name.partition("/")[2])
    }
    if not found:
        names = sorted(everybody.values())
        raise UnknownName(f"There is no function named {function}.{nearest(function, names)}")
    return found


def show_log(
    stack: StackAccess,
    names: Names,
    wanted: LogFilter,
    *,
    lines: int = 0,
    since: int = 0,
    follow: bool = False,
    raw: bool = False,
    out: TextIO | None = None,
) -> None:
    """Write the last *lines* (0: all) that are *wanted*, then those that come if *follow*."""
    out = out or sys.stdout
    write = _writer(names, out, raw=raw)
    looks = _looks(lambda moment: stack.logs(moment, names), since)
    first = [record for record in _records(next(looks), names) if wanted.takes(record)]
    for record in first[-lines:]:
        write(record)
    out.flush()
    with suppress(KeyboardInterrupt):  # how one leaves off following
        while follow:
            time.sleep(FOLLOW_SECONDS)
            for record in _records(next(looks), names):
                if wanted.takes(record):
                    write(record)
            out.flush()


def _writer(names: Names, out: TextIO, *, raw: bool) -> Callable[[Record], None]:
    colours, width = coloured(out.isatty()), max(map(len, names.values()))

    def write(record: Record) -> None:
        text = record.raw if raw else shown(record, colours=colours, width=width)
        out.write(f"{text}\n")

    return write


def _looks(
    read: Callable[[int], Collection[LogLine]], since: int
) -> Iterator[Collection[LogLine]]:
    """Yield the new lines of each look. Those of one millisecond may come in two."""
    seen: set[LogLine] = set()
    while True:
        found = [line for line in read(since) if line not in seen]
        since = max([since, *(line.timestamp for line in found)])
        seen = {line for line in {*seen, *found} if line.timestamp >= since}
        yield found


def _records(lines: Collection[LogLine], names: Names) -> list[Record]:
    by_function: dict[str, list[Record]] = {}
    for line in lines:
        name = names[line.function]
        by_function.setdefault(name, []).append(read_record(line, name))
    records = [each for found in by_function.values() for each in crashes_whole(found)]
    return sorted(records, key=lambda record: record.when)
