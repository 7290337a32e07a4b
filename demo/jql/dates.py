"""Dates of JQL: literals and periods in the caller's zone, functions that start or end a period."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LITERAL = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?")
_PERIOD = re.compile(r"([+-]?)((?:\d+[wdhm]\s*)+)")
_PART = re.compile(r"(\d+)([wdhm])")
_INCREMENT = re.compile(r"([+-]?)(\d+)([yMwdhm]?)")
_UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000}
_NATURAL = {"day": "d", "week": "w", "month": "M", "year": "y"}
FORMATS = (
    "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', "
    "or a period format e.g. '-5d', '4w 2d'"
)


class Clock:
    """The moment of a search and the zone of its caller; all results in milliseconds since 1970."""

    def __init__(self, now: int, zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)

    def moment(self, text: str) -> int | None:
        """What a literal, a period from now or plain milliseconds mean; None for anything else."""
        text = text.strip()
        if found := _LITERAL.fullmatch(text):
            parts = [int(part or 0) for part in found.groups()]
            try:
                return self._milliseconds(datetime(*parts, tzinfo=self.zone))  # type: ignore[arg-type, misc]  # five ints
            except ValueError:
                return None
        if found := _PERIOD.fullmatch(text):
            length = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(found[2]))
            return self.now - length if found[1] == "-" else self.now + length
        return int(text) if re.fullmatch(r"-?\d{1,15}", text) else None

    def day(self, moment: int) -> int:
        """The ordinal of the caller's day that holds the moment."""
        return self._local(moment).toordinal()

    def bound(self, name: str, increment: str | None) -> int | None:
        """`startOfDay` to `endOfYear`; None for an increment that Jira does not know.

        An increment in the period's own unit picks another period, any other moves the result.
        """
        edge, period = ("start", name[7:]) if name.startswith("startof") else ("end", name[5:])
        found = _INCREMENT.fullmatch((increment or "0").strip())
        if found is None:
            return None
        count = int(found[2]) * (-1 if found[1] == "-" else 1)
        unit = found[3] or _NATURAL[period]
        here = self._local(self.now)
        own = unit == _NATURAL[period]
        start = _start(_moved(here, count, unit) if own else here, period)
        result = start if edge == "start" else _moved(start, 1, _NATURAL[period]) - timedelta(milliseconds=1)
        return self._milliseconds(result if own else _moved(result, count, unit))

    def _local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment / 1000, self.zone)

    @staticmethod
    def _milliseconds(at: datetime) -> int:
        return round(at.astimezone(UTC).timestamp() * 1000)


def _start(at: datetime, period: str) -> datetime:
    day = datetime.combine(at.date(), time.min, at.tzinfo)
    match period:
        case "week":
            return day - timedelta(days=at.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _moved(at: datetime, count: int, unit: str) -> datetime:
    """Moves on the caller's calendar; a month's end stays within the month."""
    if unit in "yM":
        months = at.year * 12 + at.month - 1 + count * (12 if unit == "y" else 1)
        first = at.replace(year=months // 12, month=months % 12 + 1, day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return first.replace(day=min(at.day, last.day))
    if unit in "hm":
        moved = at.astimezone(UTC) + timedelta(**{"hours" if unit == "h" else "minutes": count})
        return moved.astimezone(at.tzinfo)
    return at + timedelta(**{"weeks" if unit == "w" else "days": count})


_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[wdhm]\s*)+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)([wdhm])")


def duration(text: str, seconds: dict[str, float]) -> float | None:
    """Seconds of `1w 2d`; a bare number counts minutes. `seconds`: of each unit. None where it is neither."""
    text = text.strip().lower()
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) * 60
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(count) * seconds[unit] for count, unit in _DURATION_PART.findall(text))
