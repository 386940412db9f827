"""One line for an event of the log, as a person reads it; a traceback unfolded below."""

import re
from datetime import UTC, datetime
from typing import Any

from tools.local.log_record import Record

_LEVEL_COLOURS = {"DEBUG": "2", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}
_UNPACKED = re.compile(r'"[^"]*/\.local/cache/[0-9a-f]+/(?:python/)?')
"""Where the local stack unpacks the code: without it a file is that of the repository."""
_NAMES = {"correlation_id": "corr", "user_id": "user", "order_id": "order"}
_FIRST = ("event_type", "route", "status", "order_id")
_LAST = ("correlation_id",)
_ORDERED = (*_FIRST, *_LAST)
_ID_LENGTH = 20
_HIDDEN = frozenset(
    {"service", "consumer", "location", "environment", "function_name", "release", "request_id"}
    | {"trace_id", "xray_trace_id", "cold_start", "init_ms", "duration_ms"}
)
"""What every line has and few ask for: ``--raw`` shows it."""


def shown(record: Record, *, colours: bool, width: int = 0) -> str:
    """Return *record* as text; *width* is that of the column of functions' names."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if colours and style and text else text

    style = _LEVEL_COLOURS.get(record.level, "")
    parts = [
        paint(_clock(record.when), "2"),
        paint(f"{record.level:<7}", style or "32"),
        paint(f"{record.function:<{width}}", "36"),
        paint(record.message, style or "1"),
        paint(" ".join(_details(record.fields)), "2"),
    ]
    lines = [" ".join(part for part in parts if part).rstrip()]
    unfolded = _UNPACKED.sub('"', record.traceback.rstrip()).splitlines()
    lines += [paint(f"    {line}", style) for line in unfolded]
    return "\n".join(lines)


def _clock(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%H:%M:%S}.{milliseconds % 1000:03d}"


def _details(fields: dict[str, Any]) -> list[str]:
    """Return the fields that tell lines apart: how long it took first, the story's id last."""
    parts = []
    if "duration_ms" in fields:
        parts.append(f"{fields['duration_ms']} ms")
    if fields.get("cold_start") is True:
        parts.append(f"cold({fields['init_ms']:.0f} ms)" if "init_ms" in fields else "cold")
    names = [name for name in fields if name not in _HIDDEN and name not in _ORDERED]
    names = [*(n for n in _FIRST if n in fields), *names, *(n for n in _LAST if n in fields)]
    by_value: dict[str, str] = {}
    for name in names:
        # An id is said once: a reservation and a payment have their order's.
        value = _value(fields[name])
        by_value.setdefault(value if len(value) >= _ID_LENGTH else f"{name}={value}", name)
    kept = [name for name in names if name in by_value.values()]
    return parts + [f"{_NAMES.get(name, name)}={_value(fields[name])}" for name in kept]


def _value(value: Any) -> str:
    text = str(value)
    return repr(text) if " " in text and isinstance(value, str) else text
