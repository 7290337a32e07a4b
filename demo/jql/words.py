"""Words of JQL: what is reserved, what escapes mean, how a value is written so that it reads back.

Source of the lists: Jira's help pages on reserved words and characters of advanced search.
"""

from __future__ import annotations

import re

from demo.jql.syntax import JqlSyntaxError

_KEYWORDS = """
after and asc before by cf changed desc during empty from in is not null on or order to was
"""
KEYWORDS = frozenset(_KEYWORDS.split())

_RESERVED = """
abort access add after alias all alter and any as asc audit avg before begin between boolean break by
byte catch cf changed char character check checkpoint collate collation column commit connect continue
count create current date decimal declare decrement default defaults define delete delimiter desc
difference distinct divide do double drop else empty encoding end equals escape exclusive exec execute
exists explain false fetch field file first float for from function go goto grant greater group having
identified if immediate in increment index initial inner inout input insert int integer intersect
intersection into is isempty isnull join last left less like limit lock long max min minus mode modify
modulo more multiply next noaudit not notin nowait null number object of on option or order outer output
power previous prior privileges public raise raw remainder rename resource return returns revoke right
row rowid rownum rows select session set share size sqrt start strict string subtract sum synonym table
then to trans transaction trigger true uid union unique update user validate values view was when
whenever where while with
"""
RESERVED = tuple(_RESERVED.split())
_RESERVED_SET = frozenset(RESERVED)

RESERVED_CHARACTERS = "{}*/%+^$#@?;"

_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\", '"': '"', "'": "'", " ": " "}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[\s\S])")
_PLAIN = re.compile(r"""[^\s"'=!<>()~,|&\[\]{}*/%+^$#@?;\\\x00-\x1f]+""")


def is_reserved(word: str) -> bool:
    """Whether Jira wants `word` in quotes, in whatever case it is written."""
    return word.lower() in _RESERVED_SET


def unescape(text: str) -> str:
    """What a word or the inside of a quoted string means. Raises JqlSyntaxError on an unknown escape."""

    def replaced(match: re.Match[str]) -> str:
        escape = match[1]
        if escape[0] == "u":
            return chr(int(escape[1:], 16))
        if escape not in _ESCAPES:
            raise JqlSyntaxError(escape)
        return _ESCAPES[escape]

    return _ESCAPE.sub(replaced, text) if "\\" in text else text


def quoted(text: str) -> str:
    """`text` as JQL writes it: bare where that reads back, else in quotes with escapes."""
    if _PLAIN.fullmatch(text) and not is_reserved(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'
