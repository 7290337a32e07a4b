from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.jql.dates import Clock, duration

UNITS = {"m": 60.0, "h": 3600.0, "d": 28800.0, "w": 144000.0}


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


NOW = at("2026-11-18T09:46:40+00:00")  # a Wednesday


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Europe/Berlin", "2026-01-01T10:30:00+01:00"),
        ("America/St_Johns", "2026-01-01T10:30:00-03:30"),
        ("Asia/Kolkata", "2026-01-01T10:30:00+05:30"),
    ],
)
def test_literals_are_read_in_the_callers_zone(zone: str, instant: str) -> None:
    clock = Clock(NOW, zone)
    assert clock.moment("2026-01-01 10:30") == clock.moment("2026/1/1 10:30") == at(instant)


def test_a_bare_date_is_the_start_of_the_callers_day() -> None:
    assert Clock(NOW, "Asia/Kolkata").moment("2026-07-01") == at("2026-07-01T00:00:00+05:30")


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "1.1.2026", "2026-01-01 25:00", "", "tomorrow", "2026-01-01 10"]
)
def test_other_texts_are_no_moments(text: str) -> None:
    assert Clock(NOW, "UTC").moment(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("-2h 10m", -2 - 1 / 6),
        ("1w 10d", 17 * 24),
        ("4w 2d", 30 * 24),
        ("-13m", -13 / 60),
        ("+1d", 24),
        ("2d 2m", 48 + 1 / 30),
    ],
)
def test_periods_count_from_now(text: str, hours: float) -> None:
    assert Clock(NOW, "UTC").moment(text) == round(NOW + hours * 3_600_000)


@pytest.mark.parametrize(
    ("function", "increment", "instant"),
    [
        ("startofday", None, "2026-11-18T00:00:00+01:00"),
        ("startofday", "-1", "2026-11-17T00:00:00+01:00"),
        ("endofday", None, "2026-11-18T23:59:59.999+01:00"),
        ("startofweek", None, "2026-11-16T00:00:00+01:00"),
        ("startofmonth", "-1", "2026-10-01T00:00:00+02:00"),
        ("startofmonth", "+14d", "2026-11-15T00:00:00+01:00"),
        ("endofmonth", "+1", "2026-12-31T23:59:59.999+01:00"),
        ("endofmonth", "+3M", "2027-02-28T23:59:59.999+01:00"),
        ("startofyear", "-1y", "2025-01-01T00:00:00+01:00"),
        ("endofyear", None, "2026-12-31T23:59:59.999+01:00"),
        ("startofday", "+90m", "2026-11-18T01:30:00+01:00"),
    ],
)
def test_periods_start_and_end_in_the_callers_zone(
    function: str, increment: str | None, instant: str
) -> None:
    assert Clock(NOW, "Europe/Berlin").bound(function, increment) == at(instant)


def test_a_spoilt_increment_is_none() -> None:
    assert Clock(NOW, "UTC").bound("startofday", "a week") is None


@given(
    st.integers(980_000_000_000, 2_050_000_000_000),
    st.sampled_from(["Europe/Berlin", "America/St_Johns"]),
)
def test_the_start_of_a_day_is_never_after_any_moment_of_it(now: int, zone: str) -> None:
    clock = Clock(now, zone)
    start, end = clock.bound("startofday", None), clock.bound("endofday", None)
    assert start is not None
    assert end is not None
    assert start <= now <= end
    assert clock.day(start) == clock.day(now) == clock.day(end)


def test_working_durations_use_the_sites_hours_a_day() -> None:
    assert duration("1w 2d", UNITS) == 7 * 28800
    assert duration("90", UNITS) == 5400
    assert duration("1.5h", UNITS) == 5400
    assert duration("soon", UNITS) is None
