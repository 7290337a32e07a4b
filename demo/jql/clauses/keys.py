"""Clauses on the issue itself, by key or id."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from demo.issues.fields import FieldDef
from demo.issues.index import RangeIndex
from demo.jql import functions
from demo.jql.operators import NEGATIVE, ORDER
from demo.jql.syntax import Clause, Empty, Function, JqlError, Value, singles

if TYPE_CHECKING:
    from demo.jql.evaluate import Evaluation


def rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Rows that meet the clause. Raises JqlError."""
    if clause.operator in ORDER:
        return _key_range(evaluation, clause)
    found: set[Hashable] = set()
    for single in singles(clause.operand):
        if isinstance(single, Empty):
            continue
        if isinstance(single, Function):
            found.update(functions.call(evaluation.setting, field, clause.field.name, single, True))
        else:
            found |= evaluation.lookup.issue_ids(clause.field.name, single.text)
    held = 0
    for id_ in found:
        issue = evaluation.store.get(str(id_))
        held |= 1 << issue.row if issue else 0
    return evaluation.store.alive & ~held if clause.operator in NEGATIVE else held


def _key_range(evaluation: Evaluation, clause: Clause) -> int:
    text = clause.operand.text if isinstance(clause.operand, Value) else ""
    issue = evaluation.site.issue(text, evaluation.account) if text.isdecimal() else None
    key, _, number = (issue.key if issue else text).upper().rpartition("-")
    if not number.isdecimal() or key not in evaluation.site.catalogue.projects:
        raise JqlError(f"The issue key '{text}' for field '{clause.field.name}' is invalid.")
    numbers = evaluation.store.index(
        "issue number", lambda issues, capacity: RangeIndex(lambda i: i.number, issues, capacity)
    )
    project = evaluation.index(evaluation.site.fields.by_id["project"]).rows(key)
    return project & numbers.compare(clause.operator, int(number))
