from __future__ import annotations

import pytest

from demo.issues.text import document, plain, words
from demo.jql.text import Term, combined, in_a_row, terms, wildcard

TEXTS = (
    "the quick brown fox",
    "a brown quick fox",
    "the lazy dog",
    "Élan vital, naïve café",
    "foxes and dogs",
)


def found(query: str) -> set[int]:
    def rows_of(term: Term) -> int:
        rows = 0
        for row, text in enumerate(TEXTS):
            held = words(text)
            pattern = wildcard(term.pattern) if term.pattern else None
            hit = any(map(pattern.fullmatch, held)) if pattern else in_a_row(held, term.words)
            rows |= hit << row
        return rows

    rows = combined(query, rows_of, (1 << len(TEXTS)) - 1)
    return {row for row in range(len(TEXTS)) if rows >> row & 1}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("fox", {0, 1}),
        ("quick brown", {0, 1}),
        ("quick AND brown", {0, 1}),
        ('"quick brown"', {0}),
        ("fox*", {0, 1, 4}),
        ("d?g", {2}),
        ("fox -the", {1}),
        ("fox NOT the", {1}),
        ("lazy OR foxes", {2, 4}),
        ("brown a OR the", {0, 1}),
        ("CAFE", {3}),
        ("ÉLAN", {3}),
        ("fox~ dog^4", set()),
        ("wolf", set()),
    ],
)
def test_a_text_query_means_its_words_phrases_and_signs(query: str, rows: set[int]) -> None:
    assert found(query) == rows


def test_zero_width_marks_and_ideographs_do_not_hide_words() -> None:
    assert words("Zero\u200bwidth") == ["zerowidth"]
    assert words("結帳 ok") == ["結", "帳", "ok"]


def test_documents_read_as_their_text_with_blocks_apart() -> None:
    assert words(plain(document("First part.", "Second"))) == ["first", "part", "second"]
    assert plain(None) == ""


def test_signs_and_words_become_terms() -> None:
    assert list(terms("+a !b (c)")) == [Term(("a",)), Term(("b",), None, True), Term(("c",))]
