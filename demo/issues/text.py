"""Text as Jira's search sees it: folded words, each ideograph a word of its own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from demo.issues.model import Json

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MARKS = re.compile(r"[\u0300-\u036f\u200b-\u200f\ufeff]")


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()


def words(text: str) -> list[str]:
    """The words of `text` in order, without case, accents and zero-width marks."""
    if not text.isascii():
        text = _folded(text)
        return _WORD.findall(text)
    return _WORD.findall(text.casefold())


def plain(value: Json) -> str:
    """A text field's text: as it is, or the text nodes of a document, blocks apart."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if value.get("type") == "text":
        return str(value["text"])
    glue = " " if value.get("type") in {"doc", "bulletList", "orderedList", "table", "tableRow"} else ""
    return glue.join(plain(part) for part in value.get("content", ()))


def document(*paragraphs: str) -> Json:
    """Paragraphs as an Atlassian document; None for no text at all."""
    content = [
        {"type": "paragraph", "content": [{"type": "text", "text": paragraph}]}
        for paragraph in paragraphs
        if paragraph
    ]
    return {"type": "doc", "version": 1, "content": content} if content else None
