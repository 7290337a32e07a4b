from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail_templates import (
    LONGEST_FIELD,
    NAMES,
    Unfit,
    as_html,
    as_plain,
    fields_of,
    fill,
)

SITE = "https://acme.atlassian.net"
SAFE_TAGS = {"html", "head", "meta", "title", "body", "h2", "p", "br"}
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=80).filter(
    str.strip
)


def values(name: str, **changed: str) -> dict[str, str]:
    return dict.fromkeys(fields_of(name), "Something.") | changed


class Tags(HTMLParser):
    """What a reader of mail would see of a page: its tags and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert all(name in {"lang", "charset", "style"} for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("name", NAMES)
def test_a_notice_says_what_happened_since_when_which_data_what_we_did_what_to_do_and_whom_to_ask(
    name: str,
) -> None:
    since = {"maintenance": "when"}.get(name, "since")

    assert set(fields_of(name)) == {"what", since, "data", "done", "advice", "contact"}


@pytest.mark.parametrize("name", NAMES)
@given(text=texts)
def test_what_a_field_says_is_read_as_it_was_written(name: str, text: str) -> None:
    notice = fill(name, values(name, what=text))

    parts = notice.parts_for(SITE)

    words = "".join(text.split())
    assert words in "".join(as_plain(parts).split())
    page = Tags(as_html(notice.subject, parts))
    assert page.tags <= SAFE_TAGS
    assert words in "".join(page.words.split())


def test_neither_markup_nor_headings_nor_placeholders_of_a_field_mean_anything() -> None:
    notice = fill("breach", values("breach", what="<b>$site</b>\n## Since when\n$$ ${data}", done="a\n\nb"))

    parts = notice.parts_for(SITE)

    assert len(parts) == 7
    assert "<b>$site</b>\n## Since when\n$$ ${data}" in as_plain(parts)
    page = as_html(notice.subject, parts)
    assert html.escape("<b>$site</b>") in page
    assert "<p>a</p>\n<p>b</p>" in page


def test_the_site_is_the_one_that_is_written_to() -> None:
    notice = fill("breach", values("breach"))

    assert SITE in as_plain(notice.parts_for(SITE))
    assert SITE not in as_plain(notice.parts_for("https://bell.atlassian.net"))


def test_no_line_of_the_plain_text_is_longer_than_a_reader_of_mail_shows() -> None:
    notice = fill("breach", values("breach", what="word " * 200, advice="https://example.com/" + "x" * 100))

    lines = as_plain(notice.parts_for(SITE)).splitlines()

    assert {line for line in lines if len(line) > 76} == {"https://example.com/" + "x" * 100}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"what": " "}, "what is missing: What happened"),
        ({"whom": "x"}, "whom is no field of this template"),
        ({"what": "x" * (LONGEST_FIELD + 1)}, "what is longer than 4000 characters"),
        ({"what": "a\x00b"}, "what holds control characters"),
        ({"what": "a\rb"}, "what holds control characters"),
        ({"what": "a\u2028b"}, "what holds control characters"),
    ],
)
def test_a_field_that_does_not_fit_is_refused(changed: dict[str, str], problem: str) -> None:
    with pytest.raises(Unfit, match=re.escape(problem)):
        fill("breach", values("breach", **changed))


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(Unfit) as caught:
        fill("breach", {})

    assert str(caught.value).count("is missing") == 6


@pytest.mark.parametrize(
    "subject", ["", " ", "x" * 201, "Hello\nBcc: eve@example.com", "Hello\r\n\r\nbody", "a\x0bb", "a\u2029b"]
)
def test_a_subject_that_would_be_more_than_a_subject_is_refused(subject: str) -> None:
    with pytest.raises(Unfit, match="the subject must"):
        fill("breach", values("breach"), subject)
