"""The tree that a JQL query is parsed into; positions are gone, sources stay as the author wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class JqlError(Exception):
    """A query that Jira would refuse; `messages` are in Jira's words."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


class JqlSyntaxError(JqlError):
    """A query that does not parse."""


@dataclass(frozen=True, slots=True)
class Value:
    """A literal. `source` keeps quotes and escapes, `text` is what they mean."""

    text: str
    source: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A call such as `membersOf("jira-administrators")`."""

    name: str
    arguments: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Empty:
    """`EMPTY` or `NULL`."""

    source: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list in parentheses."""

    values: tuple[Single, ...]
    source: str


Single: TypeAlias = Value | Function | Empty
Operand: TypeAlias = Single | ListOf


@dataclass(frozen=True, slots=True)
class Property:
    """The entity property of a field: `issue.property[key].path`."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field by any of its names, or by id as `cf[10016]`."""

    name: str
    source: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """`AFTER`, `BEFORE`, `BY`, `DURING`, `ON`, `FROM` or `TO` of a history clause."""

    operator: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Clause:
    """One restriction. `operator` is in lower case; `changed` has no operand."""

    field: Field
    operator: str
    operand: Operand | None
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Compound:
    """`and`, `or` over two or more, `not` over one."""

    operator: str
    clauses: tuple[Node, ...]


Node: TypeAlias = Clause | Compound


@dataclass(frozen=True, slots=True)
class Sort:
    """One term of `ORDER BY`; without a direction the field's own default holds."""

    field: Field
    direction: str | None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `where` is None when nothing restricts it."""

    where: Node | None
    order: tuple[Sort, ...]


def singles(operand: Operand | None) -> tuple[Single, ...]:
    """The operands of a list, or the one."""
    if operand is None:
        return ()
    return operand.values if isinstance(operand, ListOf) else (operand,)
