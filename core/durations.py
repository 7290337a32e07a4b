"""ISO 8601 durations, as settings and filters write them."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
_DAYS_A_YEAR = 365
_DAYS_A_MONTH = 30


def parse_duration(text: str) -> timedelta:
    """The length of an ISO 8601 duration such as `P7D`, `PT12H` or `P1Y`; a year is 365 days, a month 30.

    Raises ValueError for anything else, fractions and signs included.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("is not an ISO 8601 duration such as P7D or PT12H")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(
        days=years * _DAYS_A_YEAR + months * _DAYS_A_MONTH + weeks * 7 + days,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
    )
