"""The texts of our notices, each a file beside this one, and what they become as plain text and as HTML.

A file has its subject on the first line, then paragraphs. A line that begins with `## ` heads those after it.
`$name` is a field that whoever sends the notice has to fill; `$site` is filled for each site. A field's text
stays text: neither a heading nor markup in it means anything.
"""

import html
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import NamedTuple

from core.mail_message import breaks_lines

NAMES = ("breach", "vulnerability", "maintenance")
LONGEST_FIELD = 4000
LONGEST_SUBJECT = 200
_HEADING = "## "
_SITE = "site"
# Of no use to a site that the app is gone from; the others concern data that is kept (or was lost) anyway.
_LAPSING = frozenset({"maintenance"})
_WIDTH = 76
_STYLE = "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;max-width:40em"


class Unfit(ValueError):
    """What was given does not fill the template; the text says what is wrong with it."""


class Part(NamedTuple):
    """Paragraphs under a heading, which the first part has none of."""

    heading: str
    text: str


@dataclass(frozen=True)
class Notice:
    """A notice with its fields filled. `lapses` says that it is of no use to a site without the app."""

    template: str
    subject: str
    parts: tuple[Part, ...]
    lapses: bool

    def parts_for(self, site: str) -> list[Part]:
        """What one site is told."""
        return [Part(part.heading, _filled(part.text, {_SITE: site})) for part in self.parts]


def fields_of(name: str) -> Mapping[str, str]:
    """The fields of a template, each with the heading that it stands under."""
    _, parts = _read(name)
    return {
        field: part.heading
        for part in parts
        for field in Template(part.text).get_identifiers()
        if field != _SITE
    }


def fill(name: str, values: Mapping[str, str], subject: str | None = None) -> Notice:
    """A template with every field filled. Raises Unfit, with everything that is wrong."""
    own_subject, parts = _read(name)
    subject = own_subject if subject is None else subject.strip()
    problems = [*_problems(fields_of(name), values), *_subject_problems(subject)]
    if problems:
        raise Unfit("\n".join(problems))
    # A dollar sign of a field's text must survive the second filling, for the site.
    kept = {field: text.strip().replace("$", "$$") for field, text in values.items()} | {_SITE: "$" + _SITE}
    filled = tuple(Part(part.heading, _filled(part.text, kept)) for part in parts)
    return Notice(name, subject, filled, name in _LAPSING)


def as_plain(parts: list[Part]) -> str:
    """The parts as plain text, no line longer than one word forces it to be."""
    blocks = []
    for part in parts:
        if part.heading:
            blocks.append(f"{part.heading}\n{'-' * len(part.heading)}")
        blocks += ["\n".join(map(_wrapped, block.split("\n"))) for block in _paragraphs(part.text)]
    return "\n\n".join(blocks) + "\n"


def as_html(subject: str, parts: list[Part]) -> str:
    """The parts as a page that needs nothing but itself."""
    body = []
    for part in parts:
        if part.heading:
            body.append(f"<h2>{html.escape(part.heading)}</h2>")
        body += [f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>" for block in _paragraphs(part.text)]
    lines = "\n".join(body)
    head = f'<meta charset="utf-8"><title>{html.escape(subject)}</title>'
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body style="{_STYLE}">\n'
        f"{lines}\n</body>\n</html>\n"
    )


@cache
def _read(name: str) -> tuple[str, tuple[Part, ...]]:
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    subject, _, rest = text.partition("\n")
    parts = []
    for block in re.split(rf"\n(?={_HEADING})", rest):
        heading, _, below = block.partition("\n") if block.startswith(_HEADING) else ("", "", block)
        parts.append(Part(heading.removeprefix(_HEADING), below.strip()))
    return subject, tuple(parts)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return Template(text).substitute(values)


def _problems(wanted: Mapping[str, str], values: Mapping[str, str]) -> list[str]:
    problems = [f"{field} is no field of this template" for field in values if field not in wanted]
    for field, heading in wanted.items():
        text = values.get(field, "").strip()
        if not text:
            problems.append(f"{field} is missing: {heading}")
        elif len(text) > LONGEST_FIELD:
            problems.append(f"{field} is longer than {LONGEST_FIELD} characters")
        elif breaks_lines(text.replace("\n", "").replace("\t", "")):
            problems.append(f"{field} holds control characters")
    return problems


def _subject_problems(subject: str) -> list[str]:
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        return [f"the subject must have 1 to {LONGEST_SUBJECT} characters"]
    return ["the subject must be one line without control characters"] if breaks_lines(subject) else []


def _paragraphs(text: str) -> list[str]:
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
