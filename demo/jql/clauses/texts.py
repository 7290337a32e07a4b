"""Clauses on words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.issues.fields import FieldDef
from demo.issues.index import ValueIndex
from demo.issues.values import values_of
from demo.jql.clauses.history import filtered
from demo.jql.operators import NEGATIVE
from demo.jql.syntax import Clause, JqlError, Value
from demo.jql.text import Term, combined, in_a_row, wildcard

if TYPE_CHECKING:
    from demo.jql.evaluate import Evaluation


def rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Rows that meet the clause. Raises JqlError."""
    index, name = evaluation.index(field), clause.field.name
    if clause.operator in {"is", "is not"}:
        return index.empty if clause.operator == "is" else evaluation.store.alive & ~index.empty
    if not isinstance(clause.operand, Value):
        raise JqlError(f"The operator '{clause.operator}' does not support EMPTY or functions for '{name}'.")
    query = clause.operand.text.strip()
    if not query:
        raise JqlError(f"The field '{name}' does not support searching for an empty string.")
    if query[0] in "*?":
        message = f"The text query '{query}' for field '{name}' is not allowed to start with character"
        raise JqlError(f"{message} '{query[0]}'.")
    held = combined(query, lambda term: _term(evaluation, term, field, index), evaluation.store.alive)
    return evaluation.store.alive & ~held & ~index.empty if clause.operator in NEGATIVE else held


def _term(evaluation: Evaluation, term: Term, field: FieldDef, index: ValueIndex) -> int:
    if term.pattern:
        pattern = wildcard(term.pattern)
        return index.any_of([word for word in index.values() if pattern.fullmatch(str(word))])
    held = evaluation.store.alive
    for word in term.words:
        held &= index.rows(word)
    if len(term.words) == 1:
        return held
    read = values_of(field, evaluation.site.catalogue)
    return filtered(evaluation.store, held, lambda issue: in_a_row(list(map(str, read(issue))), term.words))
