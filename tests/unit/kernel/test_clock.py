"""Time is UTC, aware, given from outside, and written so that text sorts as time does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.clock import FixedClock, SystemClock, from_iso, to_iso

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - Hypothesis adds the time zone
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_fixed_clock_moves_when_told() -> None:
    clock = FixedClock(NOON.astimezone(timezone(timedelta(hours=2))))
    assert clock.now() == clock.now() == NOON
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(minutes=1))
    clock.advance(-timedelta(seconds=1))
    assert clock.now() == NOON + timedelta(seconds=59)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone-aware"):
        FixedClock(NOON.replace(tzinfo=None))


def test_iso_is_utc_with_milliseconds() -> None:
    assert to_iso(NOON) == "2026-01-01T12:00:00.000Z"
    assert to_iso(NOON.replace(microsecond=1999)) == "2026-01-01T12:00:00.001Z"


@given(moments)
def test_iso_is_read_back_to_the_millisecond(moment: datetime) -> None:
    read = from_iso(to_iso(moment))
    assert timedelta(0) <= moment - read < timedelta(milliseconds=1)
    assert to_iso(read) == to_iso(moment)


@given(moments, moments)
def test_iso_sorts_as_time_does(one: datetime, other: datetime) -> None:
    if to_iso(one) < to_iso(other):
        assert one < other


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01T00:00:00.000Z", "2026-01-01T00:00:00", "2026-01-01"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        from_iso(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_outside_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        from_iso(text)


def test_early_years_sort_too() -> None:
    assert to_iso(NOON.replace(year=5)) == "0005-01-01T12:00:00.000Z"
