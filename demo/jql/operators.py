"""Which operators go with which kind of field, and how NOT is pushed down to single clauses."""

from __future__ import annotations

from dataclasses import replace

from demo.issues.fields import FieldDef
from demo.jql.syntax import Clause, Compound, Empty, Function, JqlError, ListOf, Node

EQUALITY = ("=", "!=", "in", "not in", "is", "is not")
ORDER = ("<", "<=", ">", ">=")
NEGATIVE = frozenset({"!=", "not in", "is not", "!~"})
HISTORY = ("was", "was not", "was in", "was not in", "changed")
TEXT = ("~", "!~", "is", "is not")
HISTORY_FIELDS = frozenset({"status", "assignee", "reporter", "priority", "resolution", "fixVersions"})
_COMPARABLE = frozenset(
    {"number", "duration", "date", "datetime", "priority", "version", "key", "worklog date"}
)

_OPPOSITE = {
    "=": "!=",
    "~": "!~",
    "<": ">=",
    "<=": ">",
    "in": "not in",
    "is": "is not",
    "was": "was not",
    "was in": "was not in",
}
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
    """The same query without NOT: Jira turns the operators of the clauses round, so empties stay out."""
    if isinstance(node, Clause):
        if not negated:
            return node
        opposite = _OPPOSITE.get(node.operator)
        return replace(node, operator=opposite) if opposite else Compound("not", (node,))
    if node.operator == "not":
        return normal(node.clauses[0], not negated)
    turned = {"and": "or", "or": "and"}[node.operator] if negated else node.operator
    return Compound(turned, tuple(normal(clause, negated) for clause in node.clauses))


def holds(left: int, operator: str, right: int) -> bool:
    """Compares two ranks or days."""
    return {
        "=": left == right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def check_shape(clause: Clause) -> None:
    """Lists go with `in`, EMPTY with `is`, nothing empty with an order. Raises JqlError."""
    operand, operator, name = clause.operand, clause.operator, clause.field.name
    if operand is None:
        return
    wants_list = operator.endswith("in")
    if wants_list != isinstance(operand, ListOf) and not (wants_list and isinstance(operand, Function)):
        wrong = "non-list" if wants_list else "list"
        raise JqlError(
            f"Operator '{operator}' does not support the {wrong} value '{operand.source}' for field '{name}'."
        )
    if operator in {"is", "is not"} and not isinstance(operand, Empty):
        raise JqlError(f"The operator '{operator}' for field '{name}' only supports EMPTY or NULL.")
    if operator in ORDER and isinstance(operand, Empty):
        raise JqlError(f"The operator '{operator}' does not support EMPTY for field '{name}'.")
