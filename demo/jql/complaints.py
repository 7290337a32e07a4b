"""Why a query does not parse, said the way Jira says it."""

from __future__ import annotations

import re

from lark import Token, UnexpectedCharacters, UnexpectedToken

from demo.jql.syntax import JqlSyntaxError
from demo.jql.words import RESERVED_CHARACTERS

_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
_ILLEGAL_ESCAPE = re.compile(r"\\(?!u[0-9a-fA-F]{4}|[tnr\\\"' ])(u|[\s\S])")
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\s\S])")


def _error(message: str, line: int, column: int) -> JqlSyntaxError:
    return JqlSyntaxError(f"Error in the JQL Query: {message} (line {line}, character {column})")


def _where(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def reserved_word(token: Token) -> JqlSyntaxError:
    """A reserved word that no grammar rule uses, written without quotes."""
    return _error(
        f"'{token}' is a reserved JQL word. You must surround it in quotation marks to use it in a query.",
        token.line or 1,
        token.column or 1,
    )


def check_escapes(token: Token) -> None:
    """Refuses a backslash before anything that Jira knows no escape for."""
    for escape in _ESCAPED.finditer(str(token)):
        if illegal := _ILLEGAL_ESCAPE.fullmatch(escape[0]):
            raise _error(
                f"'{illegal[0]}' is an illegal JQL escape sequence. The valid escape sequences are "
                "\\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX.",
                token.line or 1,
                (token.column or 1) + escape.start(),
            )


def bad_character(text: str, error: UnexpectedCharacters) -> JqlSyntaxError:
    """A character that starts no token: an unfinished quote, a reserved or a control character."""
    character, line, column = error.char, error.line, error.column
    if character in "\"'":
        rest = "\n".join(text.split("\n")[line - 1 :])[column:]
        return _error(f"The quoted string '{rest}' has not been completed.", line, column)
    escape = f"\\u{ord(character):04x}"
    if character in RESERVED_CHARACTERS:
        return _error(
            f"The character '{character}' is a reserved JQL character. "
            f"You must enclose it in a string or use the escape '{escape}' instead.",
            line,
            column,
        )
    if character == "\\":
        return _error("Illegal JQL escape sequence at the end of the query.", line, column)
    return _error(
        f"The character '{escape}' is not allowed in a query. Use the escape '{escape}' instead.",
        line,
        column,
    )


def bad_token(text: str, error: UnexpectedToken) -> JqlSyntaxError:
    """A token where the grammar allows none."""
    expected = set(error.accepts or error.expected)
    what, hint = _expectation(expected)
    token = error.token
    if token.type == "$END":
        ending = f"Expecting {what} before the end of the query.{hint}"
        return JqlSyntaxError(f"Error in the JQL Query: {ending}")
    line, column = _where(text, token.start_pos or 0)
    if "EMPTY" in expected and token.isalpha():
        hint = f" You must surround '{token}' in quotation marks to use it as a value."
    return _error(f"Expecting {what} but got '{token}'.{hint}", line, column)


def _expectation(expected: set[str]) -> tuple[str, str]:
    """What could have stood there, from the tokens that the grammar would have taken."""
    cases = (
        ("COMPARE", "operator", f" The valid operators are {_OPERATORS}."),
        ("EMPTY", "either a value, list or function", ""),
        ("_AND", "either 'OR' or 'AND'" if "_CLOSE" not in expected else "')'", ""),
        ("_OR", "either 'OR' or 'AND'" if "_CLOSE" not in expected else "')'", ""),
        ("_COMMA", "either ',' or ')'" if "_CLOSE" in expected else "','", ""),
        ("CF", "a field name", ""),
        ("BY", "'BY'", ""),
        ("_RIGHT", "']'", ""),
        ("_LEFT", "'['", ""),
        ("_CLOSE", "')'", ""),
        ("$END", "either 'OR' or 'AND'", ""),
    )
    for token, what, hint in cases:
        if token in expected:
            return what, hint
    return "a value", ""
