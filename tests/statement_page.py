"""`python -m tests.statement_page`: writes `docs/data-storage.md`, the public statement with its tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from core.statement import TITLE, Section, statement
from core.stored_data import STORED

FILE = Path(__file__).resolve().parents[1] / "docs" / "data-storage.md"
_HEAD = f"""\
<!-- Written by `make statement` from core/statement.md and core/stored_data.py. -->

# {TITLE}

Our public statement on scope, retention, removal, portability, backups, security, disclosure and privacy, as
it is served at `/data-storage`. Every sentence has a note that names the tests which fail where it is not so.
"""


def page() -> str:
    """The whole file."""
    notes: list[str] = []
    sections = ["\n".join(_section(section, notes)) for section in statement()]
    return "\n".join([_HEAD, *sections, *notes, ""])


def _section(section: Section, notes: list[str]) -> Iterator[str]:
    yield f"## {section.title}\n"
    for paragraph in section.paragraphs:
        if not paragraph:
            yield "| Table | What it holds | Personal data | Kept |\n|---|---|---|---|"
            yield from (f"| `{e.table}` | {e.what} | {e.personal} | {e.kept} |" for e in STORED)
        for sentence in paragraph:
            notes.append(f"[^{len(notes) + 1}]: {', '.join(map(_link, sentence.tests))}")
            yield f"{sentence.text}[^{len(notes)}]"
        yield ""


def _link(test: str) -> str:
    path, _, name = test.partition("::")
    return f"[{name}](../{path})"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"Wrote {FILE.relative_to(FILE.parents[1])}\n")
