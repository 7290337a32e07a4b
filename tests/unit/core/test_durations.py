from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "days", "seconds"),
    [("P7D", 7, 0), ("P1Y", 365, 0), ("P2M", 60, 0), ("P1W", 7, 0), ("PT1H", 0, 3600), ("PT90M", 0, 5400),
     ("P1DT2H3M4S", 1, 7384), ("PT0S", 0, 0)],
)  # fmt: skip
def test_a_duration_is_as_long_as_it_says(text: str, days: int, seconds: int) -> None:
    assert parse_duration(text) == timedelta(days=days, seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1",
        "7D",
        "P1D ",
        " P1D",
        "P-1D",
        "P1.5D",
        "p1d",
        "P1H",
        "PT1D",
        "P1DT",
        "P\u0661D",
        "P1D2Y",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_duration(text)


@given(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_parts_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    expected = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == expected
