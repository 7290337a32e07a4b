"""Filters as SQL over the facts: conditions on `issue`, by the words of the definition's schema."""

from __future__ import annotations

import re
from typing import Any

from tests.oracle.case import Case, Json, quoted
from tests.oracle.fields import Field, field_of

Values = list[Any]

_NEGATIONS: dict[str, str] = {
    "none of": "any of",
    "differs": "equals",
    "does not contain": "contains",
    "is not empty": "is empty",
}
_COMPARISONS = {
    "less": "<", "before": "<", "at most": "<=", "greater": ">", "after": ">", "at least": ">=",
}  # fmt: skip
_BY_NAME = {"text", "label", "key"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")


def conditions(case: Case) -> str:
    """All filters of a definition; an empty value passes what is negated and no comparison."""
    filters = case.definition.get("filters", [])
    return " AND ".join([_condition(one, case) for one in filters]) or "true"


def _condition(rule: Json, case: Case) -> str:
    operator: str = rule["operator"]
    positive = _NEGATIONS.get(operator, operator)
    found = _issues(field_of(rule["of"]), positive, rule.get("values", []), case)
    return f"issue {'NOT IN' if operator in _NEGATIONS else 'IN'} ({found})"


def _issues(of: Field, operator: str, values: Values, case: Case) -> str:
    if of.named:
        return _named(of, operator, values)
    test = _empty(of) if operator == "is empty" else _numeric(of, operator, values, case)
    return f"SELECT issue FROM numbers WHERE coalesce({test}, false)"


def _empty(of: Field) -> str:
    return f"{of.id} IS NULL"


def _named(of: Field, operator: str, values: Values) -> str:
    table = f"v_{of.id}"
    if operator == "is empty":
        return f"SELECT issue FROM issues EXCEPT SELECT issue FROM {table}"
    if operator == "all of":
        return " INTERSECT ".join(f"SELECT issue FROM {table} WHERE {_is(of, value)}" for value in values)
    if operator in {"any of", "equals"}:
        test = " OR ".join(_is(of, value) for value in values)
    elif operator == "contains":
        test = " OR ".join(f"contains(lower(name), lower({quoted(str(value))}))" for value in values)
    else:
        test = _by_order(of, operator, values)
    return f"SELECT issue FROM {table} WHERE {test}"


def _is(of: Field, value: Any) -> str:
    literal = quoted(str(value))
    by_name = f" OR name = {literal}" if of.kind in _BY_NAME else ""
    return f"(id = {literal} OR alias = {literal}{by_name})"


def _by_order(of: Field, operator: str, values: Values) -> str:
    ranks = [f"(SELECT min(rank) FROM v_{of.id} WHERE {_is(of, value)})" for value in values]
    if operator == "between":
        return f"rank >= {ranks[0]} AND rank <= {ranks[1]}"
    return f"rank {_COMPARISONS[operator]} {ranks[0]}"


def _numeric(of: Field, operator: str, values: Values, case: Case) -> str:
    if operator in {"in the last", "in the next"}:
        return _near(of, operator, str(values[0]), case)
    sides = [_sides(of, value, case) for value in values]
    if operator in {"any of", "equals"}:
        return " OR ".join(f"{left} = {right}" for left, right in sides)
    if operator == "all of":
        return " AND ".join(f"{left} = {right}" for left, right in sides)
    if operator == "between":
        return f"{sides[0][0]} >= {sides[0][1]} AND {sides[1][0]} <= {sides[1][1]}"
    left, right = sides[0]
    return f"{left} {_COMPARISONS[operator]} {right}"


def _sides(of: Field, value: Any, case: Case) -> tuple[str, str]:
    """What is compared with what: a literal without a time stands for the whole day in the report's zone."""
    if of.kind == "date":
        return of.id, f"DATE {quoted(str(value))}"
    if of.kind == "datetime" and _DAY.match(str(value)):
        return local_day(of, case), f"DATE {quoted(str(value))}"
    if of.kind == "datetime":
        return of.id, f"TIMESTAMPTZ {quoted(str(value))}"
    if isinstance(value, str):
        return of.id, f"epoch(INTERVAL {quoted(_interval(value))})"
    return of.id, repr(value)


def local_day(of: Field, case: Case) -> str:
    """The day of a field's value in the report's zone."""
    if of.kind == "date":
        return of.id
    return f"CAST(timezone({quoted(case.zone)}, {of.id}) AS DATE)"


def _near(of: Field, operator: str, duration: str, case: Case) -> str:
    """Calendar units by the local calendar, hours and less exactly."""
    sign = "-" if operator == "in the last" else "+"
    days, _, exact = duration.partition("T")
    now = f"make_timestamptz({case.now * 1000})"
    local = f"timezone({quoted(case.zone)}, {now})"
    for part in re.findall(r"\d+[YMWD]", days):
        local = f"({local} {sign} INTERVAL {quoted(_interval('P' + part))})"
    if of.kind == "date":
        near, far = f"CAST(timezone({quoted(case.zone)}, {now}) AS DATE)", f"CAST({local} AS DATE)"
    else:
        near = now
        far = f"timezone({quoted(case.zone)}, {local})"
        if exact:
            far = f"make_timestamptz(epoch_us({far}) {sign} {_seconds(exact) * 1_000_000}::BIGINT)"
    low, high = (far, near) if sign == "-" else (near, far)
    return f"{of.id} >= {low} AND {of.id} <= {high}"


_UNITS = {"Y": "years", "M": "months", "W": "weeks", "D": "days"}


def _interval(duration: str) -> str:
    days, _, exact = duration.removeprefix("P").partition("T")
    parts = [f"{count} {_UNITS[unit]}" for count, unit in re.findall(r"(\d+)([YMWD])", days)]
    return " ".join([*parts, f"{_seconds(exact)} seconds"] if exact else parts)


def _seconds(exact: str) -> int:
    return sum(
        int(count) * {"H": 3600, "M": 60, "S": 1}[unit] for count, unit in re.findall(r"(\d+)([HMS])", exact)
    )
