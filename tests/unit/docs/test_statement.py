from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from core.statement import Sentence, statement
from core.stored_data import STORED
from tests.statement_page import FILE, page

ROOT = Path(__file__).resolve().parents[3]
SENTENCES = [
    sentence for section in statement() for paragraph in section.paragraphs for sentence in paragraph
]


@cache
def names_in(path: str) -> set[str]:
    """The tests of a file: functions of Python that pytest collects."""
    return set(re.findall(r"^(?:async )?def (test_\w+)\(", (ROOT / path).read_text(), re.MULTILINE))


def test_the_statement_speaks_of_everything_that_it_has_to() -> None:
    titles = [section.title for section in statement()]

    assert titles == [
        "Scope", "Retention", "Removal", "Portability", "Backups", "Security", "Disclosure", "Privacy",
    ]  # fmt: skip
    assert all(section.paragraphs for section in statement())


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.text[:40])
def test_every_sentence_is_held_by_tests_that_there_are(sentence: Sentence) -> None:
    assert re.fullmatch(r"[A-Z].*[.:]", sentence.text)
    assert sentence.tests
    for test in sentence.tests:
        path, _, name = test.partition("::")
        assert re.fullmatch(r"tests/[\w/]+/test_\w+\.py", path), test
        assert name in names_in(path), test


def test_a_sentence_without_a_test_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "statement.md").write_text("## Scope\n\nWe are very careful.\n")
    monkeypatch.setattr("core.statement.resources.files", lambda _: tmp_path)

    with pytest.raises(ValueError, match="no test holds: We are very careful"):
        statement.__wrapped__()


def test_the_list_of_tables_stands_in_it_once() -> None:
    tables = [paragraph for section in statement() for paragraph in section.paragraphs if not paragraph]

    assert tables == [()]
    assert len(STORED) == len({entry.table for entry in STORED})


def test_the_documentation_is_what_is_generated() -> None:
    assert FILE.read_text() == page(), "run `make statement`"


def test_every_link_of_the_documentation_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)]+)\)", FILE.read_text())

    assert len(links) >= len(SENTENCES)
    assert [link for link in links if not (FILE.parent / link).is_file()] == []
