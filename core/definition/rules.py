"""Rules of a definition that refer to a field or formula: does what they say fit what it is?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core.definition.fields import (
    DATES,
    NUMBERS,
    Field,
    described,
    field_of,
    is_worklog_field,
    worklog_refusal,
)
from core.definition.filters import Path, check_filter
from core.definition.functions import Type
from core.shapes import Problem, pointer_of

_FORMULA_KINDS: dict[Type, Field] = {
    "number": Field("number"),
    "text": Field("text"),
    "date": Field("date"),
    "datetime": Field("datetime"),
    "boolean": Field("boolean"),
    "list": Field("label", multiple=True),
    "any": Field("unknown"),
}
_SUMS = {"sum", "standard deviation"}
_SCALES = {"average", "minimum", "maximum", "range", "median"}
_CALENDAR = {"day", "week", "month", "quarter", "year", "fiscal quarter", "fiscal year"}


class Rule(NamedTuple):
    """A part of a definition with a reference, and where it stands."""

    path: Path
    body: dict[str, Any]


def rules_of(definition: dict[str, Any]) -> Iterator[Rule]:
    """Every column, filter, group, sort rule, measure and formatting of a definition that fits the schema."""
    pending: list[tuple[Path, object]] = [((), definition)]
    while pending:
        path, part = pending.pop()
        if isinstance(part, dict):
            if "of" in part:
                yield Rule(path, part)
            pending.extend(((*path, name), member) for name, member in part.items())
        elif isinstance(part, list):
            pending.extend(((*path, place), item) for place, item in enumerate(part))


def check_rule(rule: Rule, formulas: dict[str, Type], *, worklogs: bool) -> Iterator[Problem]:
    """What is wrong with one rule, with the types of the definition's formulas."""
    reference: dict[str, str] = rule.body["of"]
    if "formula" in reference:
        if reference["formula"] not in formulas:
            at = pointer_of([*rule.path, "of", "formula"])
            yield Problem(at, f'there is no formula "{reference["formula"]}" in this definition')
            return
        subject = _FORMULA_KINDS[formulas[reference["formula"]]]
    else:
        field_id = reference["field"]
        refusal = worklog_refusal(field_id, worklogs=worklogs) if is_worklog_field(field_id) else None
        if refusal:
            yield Problem(pointer_of([*rule.path, "of", "field"]), refusal)
            return
        subject = field_of(field_id)
    yield from _fitting(rule, subject)


def _fitting(rule: Rule, subject: Field) -> Iterator[Problem]:
    if "operator" in rule.body:
        yield from check_filter(rule.path, rule.body, subject)
    if "aggregate" in rule.body:
        yield from _aggregate((*rule.path, "aggregate"), rule.body["aggregate"], subject)
    if "by" in rule.body or "step" in rule.body:
        yield from _grouping(rule, subject)


def check_rollups(formulas: Sequence[dict[str, Any]], types: Mapping[str, Type]) -> Iterator[Problem]:
    """What is wrong with the roll-ups of formulas, with their types."""
    for place, formula in enumerate(formulas):
        rollup = formula.get("rollup", "evaluate")
        if rollup != "evaluate":
            subject = _FORMULA_KINDS[types.get(formula["id"], "any")]
            yield from _aggregate(("formulas", place, "rollup"), rollup, subject)


def _aggregate(path: Path, aggregate: Any, subject: Field) -> Iterator[Problem]:  # noqa: ANN401 - it fits the schema
    name = aggregate if isinstance(aggregate, str) else next(iter(aggregate))
    fits = NUMBERS | {"unknown"}
    if name in _SCALES | {"percentile"}:
        fits |= DATES
    elif name not in _SUMS | {"share"}:
        return
    if subject.kind not in fits or subject.multiple:
        having = "numbers and dates" if fits >= DATES else "numbers"
        detail = f'"{name}" does not fit {described(subject)}; only {having} have it'
        yield Problem(pointer_of(path), detail)


def _grouping(rule: Rule, subject: Field) -> Iterator[Problem]:
    by = rule.body.get("by", "value")
    if subject.kind != "unknown":
        if by in _CALENDAR and subject.kind not in DATES:
            yield Problem(
                pointer_of([*rule.path, "by"]), f'"{by}" needs a date, and this is {described(subject)}'
            )
        if by == "range" and subject.kind not in NUMBERS:
            yield Problem(
                pointer_of([*rule.path, "by"]), f'"range" needs a number, and this is {described(subject)}'
            )
    if by == "range" and "step" not in rule.body:
        yield Problem(pointer_of([*rule.path, "step"]), "is missing: how wide is a range?")
    if by != "range" and "step" in rule.body:
        yield Problem(pointer_of([*rule.path, "step"]), 'is only for groups by "range"')
