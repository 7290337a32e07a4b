"""The public statement as a page of its own: no script, no other file, light or dark as the reader has it."""

import base64
import hashlib
import html
from collections.abc import Iterator
from functools import cache

from core.statement import TITLE, Section, statement
from core.stored_data import STORED

STYLE = """
:root { color-scheme: light dark; --text: #1d2125; --quiet: #44546f; --line: #dcdfe4; --ground: #ffffff;
  --raised: #f7f8f9; --link: #0c66e4; }
@media (prefers-color-scheme: dark) { :root { --text: #c7d1db; --quiet: #9fadbc; --line: #38414a;
  --ground: #161a1d; --raised: #22272b; --link: #85b8ff; } }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; color: var(--text);
  background: var(--ground); font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
p { margin: .75rem 0; max-width: 42rem; }
a { color: var(--link); }
nav a { margin-right: 1rem; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.45; }
caption { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
th { text-align: left; color: var(--quiet); font-weight: 600; background: var(--raised); }
th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem; vertical-align: top; min-width: 7rem; }
td:first-child { min-width: 16rem; }
.quiet { color: var(--quiet); }
"""
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""How the Content-Security-Policy of this page names its style, the only one that it may have."""

_INTRODUCTION = (
    "Sightline is a reporting app for Jira Cloud. This page says what it stores about a site, for how long, "
    "and how to get it or have it removed. Every sentence below is held by a test of the program, which "
    "fails where it is not so."
)


@cache
def statement_page() -> str:
    """The page as HTML."""
    links = " ".join(f'<a href="#{_anchor(s)}">{html.escape(s.title)}</a>' for s in statement())
    body = "\n".join(line for section in statement() for line in _section(section))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{TITLE}</h1>\n"
        f'<p class="quiet">{_INTRODUCTION}</p>\n<nav aria-label="Sections">{links}</nav>\n{body}\n'
        "</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> Iterator[str]:
    yield f'<h2 id="{_anchor(section)}">{html.escape(section.title)}</h2>'
    for paragraph in section.paragraphs:
        if paragraph:
            yield f"<p>{' '.join(html.escape(sentence.text) for sentence in paragraph)}</p>"
        else:
            yield from _tables()


def _tables() -> Iterator[str]:
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Tables of the database"><table>'
    yield "<caption>Tables of the database</caption>"
    heads = ("What it holds", "Personal data", "Kept")
    yield "<tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr>"
    for entry in STORED:
        cells = (entry.what, entry.personal, entry.kept)
        yield f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</table></div>"


def _anchor(section: Section) -> str:
    return section.title.lower()
