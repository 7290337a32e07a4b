"""The text after `~`: words that must all occur, phrases, wildcards, exclusions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from demo.issues.text import words

_TERM = re.compile(r'([-+!]?)(?:"([^"]*)"|(\S+))')
_SUFFIX = re.compile(r"(~[\d.]*|\^[\d.]+)$")


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row, or one pattern; `excluded` must not occur, `alternative` may replace the one before."""

    words: tuple[str, ...]
    pattern: str | None = None
    excluded: bool = False
    alternative: bool = False


def terms(query: str) -> Iterator[Term]:
    """Reads a text query; AND is what stands between terms anyway."""
    excluded = alternative = False
    for sign, phrase, word in _TERM.findall(query.replace("(", " ").replace(")", " ")):
        if word in {"AND", "&&"}:
            continue
        if word in {"OR", "||"}:
            alternative = True
            continue
        if word in {"NOT", "!"}:
            excluded = True
            continue
        bare = _SUFFIX.sub("", word)
        out = excluded or sign in {"-", "!"}
        if "*" in bare or "?" in bare:
            yield Term((), bare, out, alternative)
        elif found := tuple(words(phrase or bare)):
            yield Term(found, None, out, alternative)
        excluded = alternative = False


def wildcard(pattern: str) -> re.Pattern[str]:
    """A pattern with `*` and `?` as it meets one word of the index."""
    folded = "".join(
        ".*" if part == "*" else "." if part == "?" else re.escape("".join(words(part)))
        for part in re.split(r"([*?])", pattern)
    )
    return re.compile(folded)


def in_a_row(found: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words of a text hold the phrase."""
    size = len(phrase)
    return any(tuple(found[start : start + size]) == phrase for start in range(len(found) - size + 1))


def combined(query: str, rows_of: Callable[[Term], int], everything: int) -> int:
    """Rows that meet the whole query, given those that meet each term."""
    found, last = everything, everything
    for term in terms(query):
        rows = rows_of(term)
        if term.excluded:
            found &= ~rows
        elif term.alternative:
            found |= last & rows
        else:
            last, found = found, found & rows
    return found
