"""From a query's text to its tree, by an LALR grammar; refusals in Jira's words with line and character."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken
from lark.exceptions import VisitError

from demo.jql import complaints
from demo.jql.syntax import (
    Clause,
    Compound,
    Empty,
    Field,
    Function,
    JqlSyntaxError,
    ListOf,
    Node,
    Operand,
    Predicate,
    Property,
    Query,
    Single,
    Sort,
    Value,
)
from demo.jql.words import KEYWORDS, is_reserved, quoted, unescape

_TYPES = {"and": "_AND", "or": "_OR", "null": "EMPTY"}


def _classified(token: Token) -> Token:
    """Tells keywords from words and refuses the rest of the reserved ones."""
    word = token.lower()
    if word in KEYWORDS:
        return Token.new_borrow_pos(_TYPES.get(word, word.upper()), token.value, token)
    if is_reserved(word):
        raise complaints.reserved_word(token)
    return _checked(token)


def _checked(token: Token) -> Token:
    complaints.check_escapes(token)
    return token


def _text(token: Token) -> str:
    source = str(token)
    return unescape(source[1:-1] if token.type == "STRING" else source)


class _Tree(Transformer[Token, Query]):
    """Builds the tree bottom up; every method's arguments are what the grammar rule of its name holds."""

    def start(self, parts: list[object]) -> Query:
        where = next((part for part in parts if isinstance(part, Clause | Compound)), None)
        order = next((part for part in parts if isinstance(part, tuple)), ())
        return Query(where, order)

    def disjunction(self, parts: list[Node]) -> Compound:
        return Compound("or", tuple(parts))

    def conjunction(self, parts: list[Node]) -> Compound:
        return Compound("and", tuple(parts))

    def negated(self, parts: list[Node]) -> Compound:
        return Compound("not", (parts[-1],))

    def compared(self, parts: list[object]) -> Clause:
        field, operator, operand = parts
        return _clause(field, str(operator), operand)

    def within(self, parts: list[object]) -> Clause:
        return _clause(parts[0], "in", parts[-1])

    def not_within(self, parts: list[object]) -> Clause:
        return _clause(parts[0], "not in", parts[-1])

    def is_(self, parts: list[object]) -> Clause:
        return _clause(parts[0], "is", parts[-1])

    def is_not(self, parts: list[object]) -> Clause:
        return _clause(parts[0], "is not", parts[-1])

    def was(self, parts: list[object]) -> Clause:
        return _history("was", parts[0], parts[2:])

    def was_not(self, parts: list[object]) -> Clause:
        return _history("was not", parts[0], parts[3:])

    def was_in(self, parts: list[object]) -> Clause:
        return _history("was in", parts[0], parts[3:])

    def was_not_in(self, parts: list[object]) -> Clause:
        return _history("was not in", parts[0], parts[4:])

    def changed(self, parts: list[object]) -> Clause:
        return _history("changed", parts[0], [None, *parts[2:]])

    def named(self, parts: list[object]) -> Field:
        token, *properties = parts
        assert isinstance(token, Token)  # noqa: S101  the grammar's first child is the name
        found = tuple(part for part in properties if isinstance(part, Property))
        source = str(token) + "".join(f"[{quoted(p.key)}]{p.path and '.' + p.path}" for p in found)
        return Field(_text(token), source, found)

    def numbered(self, parts: list[Token]) -> Field:
        number = _text(parts[-1])
        return Field(f"cf[{number}]", f"cf[{number}]")

    def property(self, parts: list[Token | None]) -> Property:
        key, path = parts
        return Property(_text(key) if key else "", _text(path).removeprefix(".") if path else "")

    def value(self, parts: list[Token]) -> Value:
        return Value(_text(parts[0]), str(parts[0]), parts[0].type == "STRING")

    def empty(self, parts: list[Token]) -> Empty:
        return Empty(str(parts[0]))

    def values(self, parts: list[Single]) -> ListOf:
        return ListOf(tuple(parts), f"({', '.join(part.source for part in parts)})")

    def argument(self, parts: list[Token]) -> Value:
        return self.value(parts)

    def function(self, parts: list[object]) -> Function:
        name, *arguments = parts
        assert isinstance(name, Token)  # noqa: S101  the grammar's first child is the name
        given = [part for part in arguments if isinstance(part, Value)]
        source = f"{name}({', '.join(part.source for part in given)})"
        return Function(_text(name), tuple(part.text for part in given), source)

    def predicate(self, parts: list[object]) -> Predicate:
        return Predicate(str(parts[0]).lower(), _operand(parts[1]))

    def order(self, parts: list[object]) -> tuple[Sort, ...]:
        return tuple(part for part in parts if isinstance(part, Sort))

    def sort(self, parts: list[object]) -> Sort:
        field, direction = parts
        assert isinstance(field, Field)  # noqa: S101  the grammar's first child is the field
        return Sort(field, str(direction).lower() if direction else None)


def _operand(part: object) -> Operand:
    assert isinstance(part, Value | Function | Empty | ListOf)  # noqa: S101  the grammar allows no other
    return part


def _clause(field: object, operator: str, operand: object) -> Clause:
    assert isinstance(field, Field)  # noqa: S101  the grammar's first child is the field
    return Clause(field, operator, _operand(operand))


def _history(operator: str, field: object, rest: list[object]) -> Clause:
    assert isinstance(field, Field)  # noqa: S101  the grammar's first child is the field
    operand, *predicates = rest
    found = tuple(part for part in predicates if isinstance(part, Predicate))
    return Clause(field, operator, None if operand is None else _operand(operand), found)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files("demo.jql").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        maybe_placeholders=True,
        lexer_callbacks={"WORD": _classified, "STRING": _checked},
    )


@lru_cache(maxsize=2048)
def parse(text: str) -> Query:
    """The tree of a query; an empty text restricts nothing. Raises JqlSyntaxError in Jira's words."""
    try:
        return _Tree().transform(_parser().parse(text))
    except UnexpectedCharacters as error:
        raise complaints.bad_character(text, error) from None
    except UnexpectedToken as error:
        raise complaints.bad_token(text, error) from None
    except VisitError as error:
        if isinstance(error.orig_exc, JqlSyntaxError):
            raise error.orig_exc from None
        raise
