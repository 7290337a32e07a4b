"""How dates, numbers and durations are written, in the English of two countries."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNITS = (("w", 5 * 8 * 60), ("d", 8 * 60), ("h", 60), ("m", 1))


def month_text(day: date, locale: str) -> str:
    """`Sept 2024` in Britain."""
    return f"{_month(day, locale)} {day.year}"


def long_day(day: date, locale: str) -> str:
    """`5 Sept 2024` in Britain, `Sep 5, 2024` in the United States."""
    if locale == "en-US":
        return f"{_month(day, locale)} {day.day}, {day.year}"
    return f"{day.day} {_month(day, locale)} {day.year}"


def _month(day: date, locale: str) -> str:
    name = _MONTHS[day.month - 1]
    return "Sept" if name == "Sep" and locale == "en-GB" else name


def number_text(number: float, _locale: str) -> str:
    """At most two digits after the point, thousands apart."""
    rounded = Decimal(repr(number)).quantize(
        Decimal("0.01"), ROUND_HALF_EVEN if number == 0 else ROUND_HALF_UP
    )
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration_text(seconds: float) -> str:
    """Jira's own: days of eight hours, weeks of five days."""
    minutes = int(Decimal(repr(seconds / 60)).quantize(Decimal(1), ROUND_HALF_UP))
    parts = []
    for unit, length in _UNITS:
        count, minutes = divmod(minutes, length)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"
