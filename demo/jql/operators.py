"""Which operators go with which kind of field, and how NOT is pushed down to single clauses."""

from __future__ import annotations

from dataclasses import replace

from demo.issues.fields import FieldDef
from demo.jql.syntax import Clause, Compound, Node

EQUALITY = ("=", "!=", "in", "not in", "is", "is not")
ORDER = ("<", "<=", ">", ">=")
HISTORY = ("was", "was not", "was in", "was not in", "changed")
TEXT = ("~", "!~", "is", "is not")
HISTORY_FIELDS = frozenset({"status", "assignee", "reporter", "priority", "resolution", "fixVersions"})
_COMPARABLE = frozenset(
    {"number", "duration", "date", "datetime", "priority", "version", "key", "worklog date"}
)

_OPPOSITE = {
    "=": "!=", "~": "!~", "<": ">=", "<=": ">", "in": "not in", "is": "is not", "was": "was not", "was in": "was not in"
}  # fmt: skip
_OPPOSITE |= {opposite: operator for operator, opposite in _OPPOSITE.items()}


def operators_of(field: FieldDef) -> tuple[str, ...]:
    """The operators that Jira offers for a field, in its order."""
    if field.kind == "text":
        return TEXT
    if field.kind == "attachment":
        return ("is", "is not")
    ordered = ORDER if field.kind in _COMPARABLE else ()
    like = ("~", "!~") if field.kind == "version" else ()
    history = HISTORY if field.id in HISTORY_FIELDS else ()
    return EQUALITY[:4] + ordered + like + EQUALITY[4:] + history


def normal(node: Node, negated: bool = False) -> Node:
    """The same query with NOT at single clauses only, where Jira turns the operator round: empties stay out."""
    if isinstance(node, Clause):
        if not negated:
            return node
        opposite = _OPPOSITE.get(node.operator)
        return replace(node, operator=opposite) if opposite else Compound("not", (node,))
    if node.operator == "not":
        return normal(node.clauses[0], not negated)
    turned = {"and": "or", "or": "and"}[node.operator] if negated else node.operator
    return Compound(turned, tuple(normal(clause, negated) for clause in node.clauses))
