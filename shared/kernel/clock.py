"""Time is an input: whoever needs it is given a clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            msg = "a clock needs a timezone-aware moment"
            raise ValueError(msg)
        self._now = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward (or, with a negative *by*, back)."""
        self._now += by


def to_iso(moment: datetime) -> str:
    """Return RFC 3339 in UTC with milliseconds and ``Z``, which sorts as text."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def from_iso(text: str) -> datetime:
    """Return the moment that :func:`to_iso` wrote; ``ValueError`` for what names no moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = "no isoformat moment in UTC: the time zone is missing"
        raise ValueError(msg)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        msg = "no moment that UTC can name: the year is out of range"
        raise ValueError(msg) from None
