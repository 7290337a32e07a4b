"""Clauses on numbers, durations and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.issues.fields import FieldDef
from demo.jql.operators import NEGATIVE, ORDER, holds
from demo.jql.syntax import Clause, Empty, singles

if TYPE_CHECKING:
    from demo.jql.evaluate import Evaluation


def rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Rows that meet the clause. Raises JqlError."""
    index = evaluation.ranges(field)
    given = singles(clause.operand)
    numbers = [evaluation.number(clause, field, single) for single in given if not isinstance(single, Empty)]
    empty = index.empty if len(numbers) < len(given) else 0
    if clause.operator in ORDER:
        return index.compare(clause.operator, numbers[0]) if numbers else 0
    held = empty
    for number in numbers:
        held |= index.compare("=", number)
    return evaluation.store.alive & ~held & ~index.empty if clause.operator in NEGATIVE else held


def worklog_rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Whether any worklog started on such a day; days are the caller's."""
    index = evaluation.index(field)
    given = singles(clause.operand)
    days = [
        evaluation.clock.day(int(evaluation.number(clause, field, s)))
        for s in given
        if not isinstance(s, Empty)
    ]
    empty = index.empty if len(days) < len(given) else 0
    operator = {"in": "=", "is": "=", "not in": "!=", "is not": "!="}.get(clause.operator, clause.operator)
    test = "=" if operator == "!=" else operator
    started = ((value, evaluation.clock.day(int(str(value)))) for value in list(index.values()))
    held = empty | index.any_of([v for v, day in started if any(holds(day, test, d) for d in days)])
    return evaluation.store.alive & ~held & ~index.empty if clause.operator in NEGATIVE else held
