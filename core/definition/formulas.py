"""The formulas of a definition together: each parses, none goes round in a circle, their types fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from core.definition.fields import is_worklog_field, worklog_refusal
from core.definition.functions import Type
from core.definition.parser import WORDS, parse
from core.definition.syntax import Expression, ExpressionInvalid, FieldName, Name, names_in, parts_of
from core.definition.types import type_of
from core.shapes import Problem


@dataclass
class Formulas:
    """What the check of all formulas found: their types, as far as they make sense, and what is wrong."""

    types: dict[str, Type] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check_formulas(formulas: Sequence[dict[str, Any]], *, worklogs: bool) -> Formulas:
    """Checks formulas that fit the schema. `worklogs` says that a row is a worklog."""
    found = Formulas()
    places: dict[str, int] = {}
    expressions: dict[str, Expression] = {}
    for place, formula in enumerate(formulas):
        name = formula["id"]
        if name in places or name in WORDS:
            reason = "is the id of two formulas" if name in places else "has a meaning of its own in formulas"
            found.problems.append(Problem(f"/formulas/{place}/id", f'"{name}" {reason}'))
            continue
        places[name] = place
        # Until more is known, and where it makes no sense, it fits everywhere: a problem is told once.
        found.types[name] = "any"
        try:
            expressions[name] = parse(formula["expression"])
        except ExpressionInvalid as error:
            found.problems.append(_at(place, error))
    for name in _order(expressions, places, found.problems):
        try:
            found.types[name] = _checked(expressions[name], found.types, worklogs=worklogs)
        except ExpressionInvalid as error:
            found.problems.append(_at(places[name], error))
    return found


def _at(place: int, error: ExpressionInvalid) -> Problem:
    return Problem(f"/formulas/{place}/expression", str(error))


def _order(expressions: dict[str, Expression], places: dict[str, int], problems: list[Problem]) -> list[str]:
    """The formulas, each after those that it names; each circle is told and then cut open."""
    uses = {name: names_in(expression) & expressions.keys() for name, expression in expressions.items()}
    while True:
        try:
            return list(TopologicalSorter(uses).static_order())
        except CycleError as error:
            # From the used one to its user, the first and the last the same.
            circle: list[str] = error.args[1][:0:-1]
            turn = circle.index(min(circle, key=places.__getitem__))
            path = [*circle[turn:], *circle[: turn + 1]]
            detail = f"goes round in a circle: {' → '.join(path)}"
            problems.append(Problem(f"/formulas/{places[path[0]]}/expression", detail))
            uses[path[0]] = set()


def _checked(expression: Expression, types: dict[str, Type], *, worklogs: bool) -> Type:
    for part in parts_of(expression):
        if isinstance(part, FieldName | Name) and is_worklog_field(part.id):
            refusal = worklog_refusal(part.id, worklogs=worklogs)
            if refusal:
                raise ExpressionInvalid(part.at, refusal)
    return type_of(expression, types)
