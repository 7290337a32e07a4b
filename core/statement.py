"""The public statement on what is stored and how it is kept: one source for the served page and the docs.

`statement.md` has a sentence a line, with the tests that hold it in brackets at the end. An empty line ends a
paragraph, `## ` begins a section, and `{tables}` is where the list of tables (`core.stored_data`) belongs.
"""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

TITLE = "What Sightline stores"
TABLES = "{tables}"
_SENTENCE = re.compile(r"(?P<text>[^\[\]]+) \[(?P<tests>[^\[\]]+)\]")


class Sentence(NamedTuple):
    """What we say, and the tests (file::name) that fail where it is not so."""

    text: str
    tests: tuple[str, ...]


class Section(NamedTuple):
    """Paragraphs under a heading. An empty paragraph stands for the list of tables."""

    title: str
    paragraphs: tuple[tuple[Sentence, ...], ...]


@cache
def statement() -> tuple[Section, ...]:
    """All of it. Raises ValueError where a sentence names no test."""
    text = resources.files("core").joinpath("statement.md").read_text(encoding="utf-8")
    return tuple(_section(part) for part in text.split("## ")[1:])


def _section(text: str) -> Section:
    title, _, rest = text.partition("\n")
    return Section(title, tuple(_paragraph(block) for block in rest.strip().split("\n\n")))


def _paragraph(block: str) -> tuple[Sentence, ...]:
    return () if block == TABLES else tuple(_sentence(line) for line in block.split("\n"))


def _sentence(line: str) -> Sentence:
    found = _SENTENCE.fullmatch(line)
    if found is None:
        raise ValueError(f"a sentence that no test holds: {line}")
    return Sentence(found["text"], tuple(found["tests"].split("; ")))
