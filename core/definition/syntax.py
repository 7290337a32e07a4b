"""The parts of a formula's expression. `at` is the position of a part's first character, from 0."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


class ExpressionInvalid(Exception):
    """The expression does not make sense; `at` is where, from 0, and `reason` why, in words."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(f"at character {at + 1}: {reason}")
        self.at = at
        self.reason = reason


BinaryOperator = Literal["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^"]
UnaryOperator = Literal["not", "-", "+"]


@dataclass(frozen=True)
class Number:
    """A number as written."""

    at: int
    value: float


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    at: int
    value: str


@dataclass(frozen=True)
class Constant:
    """`true`, `false` or `null`."""

    at: int
    value: bool | None


@dataclass(frozen=True)
class FieldName:
    """A field by its id, in brackets."""

    at: int
    id: str


@dataclass(frozen=True)
class Name:
    """A bare name: a formula's id or a field's."""

    at: int
    id: str


@dataclass(frozen=True)
class Unary:
    """A sign or a negation."""

    at: int
    operator: UnaryOperator
    operand: "Expression"


@dataclass(frozen=True)
class Binary:
    """Two operands; `at` is the operator's position."""

    at: int
    operator: BinaryOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    at: int
    name: str
    arguments: "tuple[Expression, ...]"


Expression = Number | Text | Constant | FieldName | Name | Unary | Binary | Call


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it."""
    pending: list[Expression] = [expression]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, Unary):
            pending.append(part.operand)
        elif isinstance(part, Binary):
            pending += [part.left, part.right]
        elif isinstance(part, Call):
            pending += part.arguments


def names_in(expression: Expression) -> set[str]:
    """All bare names of an expression."""
    return {part.id for part in parts_of(expression) if isinstance(part, Name)}
