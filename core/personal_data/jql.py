"""Accounts in JQL: taken apart into words, quoted strings and the rest, as Jira's parser does.

Works on every text, also on one that is no valid query: what is not understood stays as it is.
"""

import re
from collections.abc import Callable

Replace = Callable[[str], str]

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)"""
    r"""|(?P<word>(?:[^\s"'()\[\],=!<>~&|\\]|\\.)+)"""
    r"""|(?P<space>\s+)|(?P<sign>.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_MEANINGS = {"t": "\t", "n": "\n", "r": "\r"}
_SPELLINGS = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_AFTER_FIELD = {"=", "!", "<", ">", "~", "(", "[", "in", "is", "was", "not", "changed"}
_KEYWORDS = {
    *("and", "or", "not", "in", "is", "was", "changed", "empty", "null", "order", "by", "asc", "desc", "cf"),
    *("after", "before", "during", "from", "on", "to"),
}


def replaced_in_jql(jql: str, replace: Replace) -> str:
    """A query in which `replace` has changed what values say; names of fields and keywords stay.

    `replace` gives letters, digits, dashes and colons only, so that what it gives needs no quotes.
    """
    tokens = list(_TOKEN.finditer(jql))
    after = _following(tokens)
    written: list[str] = []
    ordering = False
    for token, following in zip(tokens, after, strict=True):
        text = token.group()
        if token["quoted"]:
            text = _in_quotes(text, replace)
        elif token["word"]:
            ordering = ordering or (text.lower() == "order" and following == "by")
            if not _is_name(text, following, ordering=ordering):
                text = _in_word(text, replace)
        written.append(text)
    return "".join(written)


def _following(tokens: list[re.Match[str]]) -> list[str]:
    """The next word, quoted string or sign after each token, in lower case."""
    found: list[str] = []
    following = ""
    for token in reversed(tokens):
        found.append(following)
        if not token["space"]:
            following = token.group().lower()
    return found[::-1]


def _is_name(word: str, following: str, *, ordering: bool) -> bool:
    """Whether a word names a field or function or is a keyword, as what is of letters alone may be."""
    if not word.isalpha():
        return False
    return ordering or word.lower() in _KEYWORDS or following in _AFTER_FIELD


def _in_quotes(text: str, replace: Replace) -> str:
    mark = text[0]
    is_ended = len(text) > 1 and text.endswith(mark)
    inner = text[1:-1] if is_ended else text[1:]
    meaning = _meaning(inner)
    new = replace(meaning)
    if new == meaning:
        return text
    if "\\" in inner:
        new = "".join(_SPELLINGS.get(c, f"\\{mark}" if c == mark else c) for c in new)
    return mark + new + (mark if is_ended else "")


def _in_word(text: str, replace: Replace) -> str:
    meaning = _meaning(text)
    new = replace(meaning)
    # A word whose escapes said something else than letters goes back into quotes.
    return text if new == meaning else new if "\\" not in text else _in_quotes(f'"{text}"', replace)


def _meaning(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _MEANINGS.get(escape, escape)
