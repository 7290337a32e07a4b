"""Filters: which operators fit which kinds of fields, and which values fit which operators."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from core.definition.fields import DATES, NUMBERS, Field, described
from core.durations import parse_duration
from core.shapes import Problem, pointer_of, quoted_choices

Path = tuple[str | int, ...]
_Expected = tuple[Callable[[object], bool], str]

_EMPTINESS = {"is empty", "is not empty"}
_CHOICE = {"any of", "none of", "equals", "differs", *_EMPTINESS}
_WORDS = {*_CHOICE, "contains", "does not contain"}
_NUMERIC = {*_CHOICE, "less", "at most", "greater", "at least", "between"}
_TEMPORAL = {"equals", "differs", "between", "before", "after", "in the last", "in the next", *_EMPTINESS}
_VALUE_COUNTS = {
    "between": (2, 2, "two values"),
    **dict.fromkeys(_EMPTINESS, (0, 0, "no values")),
    **dict.fromkeys(("any of", "none of", "all of"), (1, 1000, "at least one value")),
}
_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII
)


def check_filter(path: Path, body: dict[str, Any], subject: Field) -> Iterator[Problem]:
    """What is wrong with a filter on a field."""
    operator = body["operator"]
    allowed = operators_of(subject)
    if operator not in allowed:
        detail = f'"{operator}" does not fit {described(subject)}; {quoted_choices(sorted(allowed))} do'
        yield Problem(pointer_of([*path, "operator"]), detail)
        return
    values = body.get("values", [])
    least, most, wanted = _VALUE_COUNTS.get(operator, (1, 1, "one value"))
    if not least <= len(values) <= most:
        yield Problem(pointer_of([*path, "values"]), f'"{operator}" takes {wanted}')
        return
    is_right, detail = _expected(operator, subject)
    wrong = [
        Problem(pointer_of([*path, "values", n]), detail) for n, v in enumerate(values) if not is_right(v)
    ]
    yield from wrong or _range(path, body, values)


@cache
def operators_of(subject: Field) -> frozenset[str]:
    """The filter operators that fit a field."""
    if subject.kind == "unknown":
        return frozenset({*_WORDS, *_NUMERIC, *_TEMPORAL, "all of"})
    if subject.kind in NUMBERS:
        return frozenset(_NUMERIC)
    if subject.kind in DATES:
        return frozenset(_TEMPORAL)
    words = _WORDS if subject.kind in {"text", "key", "label"} else _CHOICE
    return frozenset({*words, *({"all of"} if subject.multiple else set())})


def _expected(operator: str, subject: Field) -> _Expected:
    """What a value must be for this operator and field, and how to say so."""
    expected: _Expected
    if operator in {"in the last", "in the next"}:
        expected = _is_duration, "must be an ISO 8601 duration such as P30D"
    elif operator in {"before", "after"} or subject.kind in DATES:
        expected = _is_date, "must be a date such as 2026-01-31, or a date and time by RFC 3339"
    elif operator in {"contains", "does not contain"}:
        expected = _is_written, "must be a text that is not empty"
    elif subject.kind in NUMBERS:
        expected = _is_number, "must be a number"
    elif subject.kind == "boolean":
        expected = _is_boolean, "must be true or false"
    elif subject.kind != "unknown":
        expected = _is_text, "must be a text"
    elif operator in _NUMERIC - _CHOICE:
        expected = _is_measure, "must be a number or a date"
    else:
        expected = _is_anything, ""
    return expected


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_written(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_measure(value: object) -> bool:
    return _is_number(value) or _is_date(value)


def _is_anything(_value: object) -> bool:
    return True


def _is_duration(value: object) -> bool:
    try:
        return isinstance(value, str) and parse_duration(value).total_seconds() > 0
    except (ValueError, OverflowError):
        return False


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10])
        datetime.fromisoformat(value[:19])
    except ValueError:
        return False
    return True


def _range(path: Path, body: dict[str, Any], values: list[Any]) -> Iterator[Problem]:
    if body["operator"] != "between":
        return
    first, second = values
    at = pointer_of([*path, "values"])
    if isinstance(first, str) != isinstance(second, str):
        yield Problem(at, "must be two values of one kind")
    elif first > second and (not isinstance(first, str) or (_is_date(first) and first[:10] > second[:10])):
        yield Problem(at, "must name the smaller value first")
