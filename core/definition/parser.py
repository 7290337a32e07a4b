"""A formula's text as an expression.

Precedence, from loose to tight: `or`, `and`, `not`, comparison (one only), `+ -`, `* / %`, sign, `^` (which
binds to the right). Words and names of functions are written in small letters.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast

from core.definition.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Constant,
    Expression,
    ExpressionInvalid,
    FieldName,
    Name,
    Number,
    Text,
    Unary,
    UnaryOperator,
)

DEEPEST = 40
MOST_OPERATIONS = 150
LONGEST = 4000
_LARGEST = 1e300
_LEFT_POWER = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "^": 8}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_COMPARISON = 4
_PREFIXES = {"not": 3, "-": 7, "+": 7}
WORDS = {"and", "or", "not", "true", "false", "null"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      |(?P<field>\[[A-Za-z][A-Za-z0-9_.-]{0,127}\])
      |(?P<sign><=|>=|!=|[-+*/%^=<>(),])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_INSTEAD = {"==": "=", "<>": "!=", "&&": "and", "||": "or", "**": "^", "!": "not"}

Kind = Literal["number", "name", "text", "field", "sign", "word", "end"]


@dataclass(frozen=True)
class Token:
    """A word of an expression."""

    kind: Kind
    text: str
    at: int


def parse(text: str) -> Expression:
    """The expression that a text is. Raises ExpressionInvalid."""
    if len(text) > LONGEST:
        raise ExpressionInvalid(LONGEST, f"the expression is longer than {LONGEST} characters")
    parser = _Parser(_tokens(text))
    expression = parser.expression(0)
    left_over = parser.next()
    if left_over.kind != "end":
        raise ExpressionInvalid(left_over.at, f"an operator is missing before {_shown(left_over)}")
    return expression


def _tokens(text: str) -> list[Token]:
    tokens = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionInvalid(at, _unreadable(text, at))
        kind, word = match.lastgroup, match[0]
        if kind == "name" and word.lower() in WORDS:
            if word not in WORDS:
                raise ExpressionInvalid(at, f"write {word.lower()} in small letters")
            kind = "word"
        if kind != "space":
            tokens.append(Token(cast("Kind", kind), word, at))
        at = match.end()
        if kind == "sign" and (other := _INSTEAD.get(text[match.start() : match.start() + 2])):
            raise ExpressionInvalid(match.start(), f"write {other} instead of {text[match.start() : at + 1]}")
    return [*tokens, Token("end", "", len(text))]


def _unreadable(text: str, at: int) -> str:
    for wrong, right in _INSTEAD.items():
        if text.startswith(wrong, at):
            return f"write {right} instead of {wrong}"
    if text[at] in "\"'":
        return "the text is not closed"
    if text[at] == "[":
        return "a field's id in brackets is expected, such as [customfield_10016]"
    return f"{text[at]} has no meaning here"


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else token.text[:40]


class _Parser:
    """A Pratt parser.

    Nesting and the number of operations are bounded, so that neither this nor whoever walks through the
    result runs out of stack.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._operations = 0

    def next(self) -> Token:
        token = self._tokens[self._place]
        self._place += 1
        return token

    def _peek(self) -> Token:
        return self._tokens[self._place]

    def expression(self, power: int) -> Expression:
        """Operands and the operators between them that bind tighter than `power`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionInvalid(self._peek().at, "the expression is nested too deeply")
        left = self._operand()
        while (found := self._power(self._peek())) > power:
            left = self._binary(left, self.next(), found)
        self._depth -= 1
        return left

    @staticmethod
    def _power(token: Token) -> int:
        if token.kind not in {"sign", "word"}:
            return 0
        return _COMPARISON if token.text in _COMPARISONS else _LEFT_POWER.get(token.text, 0)

    def _binary(self, left: Expression, token: Token, power: int) -> Expression:
        self._count(token)
        # Binds to the right: 2^3^2 is 2^(3^2).
        right = self.expression(power - 1 if token.text == "^" else power)
        if power == _COMPARISON and self._power(self._peek()) == _COMPARISON:
            raise ExpressionInvalid(self._peek().at, "compare two values at a time and join them with and")
        return Binary(token.at, cast("BinaryOperator", token.text), left, right)

    def _operand(self) -> Expression:
        token = self.next()
        if token.kind == "number":
            return _number(token)
        if token.kind == "text":
            return Text(token.at, re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL))
        if token.kind == "field":
            return FieldName(token.at, token.text[1:-1])
        if token.kind == "word" and token.text in _CONSTANTS:
            return Constant(token.at, _CONSTANTS[token.text])
        if token.kind == "name":
            return self._call(token) if self._peek().text == "(" else Name(token.at, token.text)
        return self._prefixed(token)

    def _prefixed(self, token: Token) -> Expression:
        if token.text == "(":
            inner = self.expression(0)
            self._close(token)
            return inner
        power = _PREFIXES.get(token.text)
        if power is None:
            raise ExpressionInvalid(token.at, f"a value is expected, not {_shown(token)}")
        self._count(token)
        return Unary(token.at, cast("UnaryOperator", token.text), self.expression(power))

    def _call(self, name: Token) -> Expression:
        self._count(name)
        opening = self.next()
        arguments = []
        if self._peek().text != ")":
            arguments.append(self.expression(0))
            while self._peek().text == ",":
                self.next()
                arguments.append(self.expression(0))
        self._close(opening)
        return Call(name.at, name.text, tuple(arguments))

    def _count(self, token: Token) -> None:
        self._operations += 1
        if self._operations > MOST_OPERATIONS:
            raise ExpressionInvalid(
                token.at, "the expression is too long; make a formula of its own of a part"
            )

    def _close(self, opening: Token) -> None:
        token = self.next()
        if token.text != ")":
            raise ExpressionInvalid(
                token.at, f"a closing bracket is missing for the one at character {opening.at + 1}"
            )


def _number(token: Token) -> Number:
    value = float(token.text)
    if value > _LARGEST:
        raise ExpressionInvalid(token.at, "the number is too large")
    return Number(token.at, value)
