"""A parsed query as `/jql/parse` answers it."""

from __future__ import annotations

from demo.issues.model import Json
from demo.jql.syntax import Clause, Empty, Field, Function, ListOf, Node, Operand, Query, Value
from demo.jql.words import quoted


def structure(query: Query) -> Json:
    """The tree as JSON; absent parts are left out."""
    shown: Json = {}
    if query.where is not None:
        shown["where"] = _node(query.where)
    if query.order:
        terms = []
        for sort in query.order:
            term = {"field": _field(sort.field)}
            terms.append({**term, "direction": sort.direction} if sort.direction else term)
        shown["orderBy"] = {"fields": terms}
    return shown


def _node(node: Node) -> Json:
    if not isinstance(node, Clause):
        return {"operator": node.operator, "clauses": [_node(clause) for clause in node.clauses]}
    shown: Json = {"field": _field(node.field), "operator": node.operator}
    if node.operand is not None:
        shown["operand"] = _operand(node.operand)
    if node.operator.startswith("was") or node.operator == "changed":
        shown["predicates"] = [
            {"operator": predicate.operator, "operand": _operand(predicate.operand)}
            for predicate in node.predicates
        ]
    return shown


def _field(field: Field) -> Json:
    shown: Json = {"name": field.name, "encodedName": field.source}
    if field.properties:
        entity = field.name.partition(".")[0]
        shown["property"] = [{"entity": entity, "key": p.key, "path": p.path} for p in field.properties]
    return shown


def _operand(operand: Operand) -> Json:
    match operand:
        case Value():
            return {"value": operand.text, "encodedValue": quoted(operand.text)}
        case Function():
            return {
                "function": operand.name,
                "arguments": list(operand.arguments),
                "encodedOperand": f"{quoted(operand.name)}({', '.join(map(quoted, operand.arguments))})",
            }
        case Empty():
            return {"keyword": "empty"}
        case ListOf():
            return {"values": [_operand(value) for value in operand.values], "encodedOperand": operand.source}
