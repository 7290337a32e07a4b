"""Group rules as SQL: to which groups each issue belongs, and what the groups are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.oracle.case import Case, Json, quoted
from tests.oracle.conditions import local_day
from tests.oracle.fields import Field, field_of
from tests.oracle.texts import duration_text, long_day, month_text, number_text

Label = list[str]


@dataclass(frozen=True)
class Coding:
    """`query` gives `(issue, code)`, no row for issues without a value; codes ascend as groups do."""

    query: str
    label: Callable[[Any], Label]


def coding_of(rule: Json, case: Case, names: Callable[[str], dict[int, str]]) -> Coding:
    """The coding of a rule; `names` gives a field's names by rank."""
    of = field_of(rule["of"])
    if of.dated:
        return _dates(of, rule.get("by", "day"), case)
    if of.numeric:
        return _numbers(of, rule, case)
    if rule.get("by") == "first letter":
        return _letters(of, rule)
    return _values(of, rule, names(of.id))


def _values(of: Field, rule: Json, names: dict[int, str]) -> Coding:
    mode = rule.get("values", "each")
    if mode == "combined" and of.multiple:
        query = f"SELECT issue, list_sort(list_distinct(list(rank))) AS code FROM v_{of.id} GROUP BY issue"
        return Coding(query, lambda code: [names[rank] for rank in code])
    if mode == "first":
        query = f"SELECT issue, arg_min(rank, place) AS code FROM v_{of.id} GROUP BY issue"
    else:
        query = f"SELECT DISTINCT issue, rank AS code FROM v_{of.id}"
    return Coding(query, lambda code: [names[code]])


def _letters(of: Field, rule: Json) -> Coding:
    letter = "upper(regexp_replace(name, '^\\s+', '')[1])"
    if rule.get("values") == "first":
        found = f"SELECT issue, arg_min({letter}, place) AS letter FROM v_{of.id} GROUP BY issue"
    else:
        found = f"SELECT DISTINCT issue, {letter} AS letter FROM v_{of.id}"
    query = f"SELECT issue, {{'order': icu_sort_key(letter, 'en'), 'letter': letter}} AS code FROM ({found})"
    return Coding(query, lambda code: [code["letter"]])


def _numbers(of: Field, rule: Json, case: Case) -> Coding:
    def text(number: float) -> str:
        return duration_text(number) if of.kind == "duration" else number_text(number, case.locale)

    if rule.get("by") != "range":
        query = f"SELECT issue, {of.id} AS code FROM numbers WHERE {of.id} IS NOT NULL"
        return Coding(query, lambda code: [text(code)])
    step = rule.get("step", 1)
    # Thousandths as whole numbers, in which 0.3 / 0.1 is 3.
    bucket = f"CAST(round({of.id} * 1000) AS BIGINT) // CAST(round({step} * 1000) AS BIGINT)"
    query = f"SELECT issue, {bucket} AS code FROM numbers WHERE {of.id} IS NOT NULL"
    return Coding(query, lambda code: [f"{text(code * step)} to {text((code + 1) * step)}"])


def _dates(of: Field, by: str, case: Case) -> Coding:
    day = local_day(of, case)
    options = case.definition.get("options", {})
    shift = options.get("fiscalYearStart", 1) - 1 if by.startswith("fiscal") else 0
    first = _first_day(by, day, options.get("weekStart", "iso"), case.locale, shift)
    query = f"SELECT issue, CAST({first} AS DATE) AS code FROM numbers WHERE {of.id} IS NOT NULL"

    def label(code: date) -> Label:
        return [f"{_period_text(by, code, options.get('weekStart', 'iso'), shift, case.locale)} ({code})"]

    return Coding(query, label)


# How many days after a week's first day its Monday comes.
_TO_MONDAY = {"iso": 0, "monday": 0, "sunday": 1, "saturday": 2}


def _first_day(by: str, day: str, week_start: str, locale: str, shift: int) -> str:
    if by == "week":
        start = {"en-US": "sunday"}.get(locale, "monday") if week_start == "locale" else week_start
        days = _TO_MONDAY[start]
        return f"CAST(date_trunc('week', {day} + {days}) AS DATE) - {days}"
    unit = by.removeprefix("fiscal ")
    return f"date_trunc({quoted(unit)}, {day} - INTERVAL {shift} MONTH) + INTERVAL {shift} MONTH"


def _period_text(by: str, first: date, week_start: str, shift: int, locale: str) -> str:
    if by == "day":
        return long_day(first, locale)
    if by == "week":
        return first.strftime("%G-W%V") if week_start == "iso" else f"Week of {long_day(first, locale)}"
    if by == "month":
        return month_text(first, locale)
    return _year_text(by, first, shift)


def _year_text(by: str, first: date, shift: int) -> str:
    """A fiscal year is named after the calendar year that holds its last day."""
    quarter = (first.month - 1 - shift) % 12 // 3 + 1
    year = first.year
    if by.startswith("fiscal"):
        begins = first.year if first.month > shift else first.year - 1
        year = (date(begins + 1, shift + 1, 1) - timedelta(days=1)).year
    text = f"FY{year}" if by.startswith("fiscal") else str(year)
    return f"{text} Q{quarter}" if by.endswith("quarter") else text
