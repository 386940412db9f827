"""One line for an event of the log, as a person reads it; a traceback unfolded below."""

from datetime import UTC, datetime
from typing import Any

from tools.local.log_record import Record

_LEVEL_COLOURS = {"DEBUG": "2", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}
_NAMES = {"correlation_id": "corr", "user_id": "user", "order_id": "order"}
_LAST = ("correlation_id",)
_HIDDEN = frozenset(
    {"service", "location", "environment", "function_name", "release", "request_id"}
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
    lines += [paint(f"    {line}", style) for line in record.traceback.rstrip().splitlines()]
    return "\n".join(lines)


def _clock(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%H:%M:%S}.{milliseconds % 1000:03d}"


def _details(fields: dict[str, Any]) -> list[str]:
    """Return the fields that tell lines apart: how long it took first, the story's id last."""
    told = []
    if "duration_ms" in fields:
        told.append(f"{fields['duration_ms']} ms")
    if fields.get("cold_start") is True:
        told.append(f"cold({fields['init_ms']:.0f} ms)" if "init_ms" in fields else "cold")
    names = [name for name in fields if name not in _HIDDEN and name not in _LAST]
    names += [name for name in _LAST if name in fields]
    return told + [f"{_NAMES.get(name, name)}={_value(fields[name])}" for name in names]


def _value(value: Any) -> str:
    text = str(value)
    return repr(text) if " " in text and isinstance(value, str) else text
