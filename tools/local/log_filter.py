"""Which lines of the log a person wants to see."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tools.entry.guard import ToolError
from tools.entry.names import known
from tools.local.log_record import LEVELS, Record

_AGO = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """What a line has to have; empty for no matter.

    *correlation* is the whole id of a story. *order* is the id of an order, or of anything else,
    that the line names. *level* is the least.
    """

    correlation: str = ""
    order: str = ""
    level: str = "DEBUG"
    everything: bool = False

    def __post_init__(self) -> None:
        known(self.level, LEVELS, "level")

    def takes(self, record: Record) -> bool:
        """Tell whether *record* is to be shown: never what only machines read."""
        if record.kind in ("metrics", "platform") and not self.everything:
            return False
        if self.correlation and record.fields.get("correlation_id") != self.correlation:
            return False
        if self.order and self.order not in record.raw:
            return False
        return _rank(record.level) >= _rank(self.level)


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("INFO")


def since(text: str, now: datetime) -> int:
    """Return what ``15m`` or an RFC 3339 time means, in milliseconds since the epoch."""
    if ago := _AGO.fullmatch(text):
        moment = now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ToolError(
                f"{text} is no time: write 30s, 15m, 2h or 1d for so long ago, or a time such as "
                "2026-11-29T20:41:03Z."
            ) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)
