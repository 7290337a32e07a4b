"""The JSON of a document, read as a stream: entry by entry of its lists, in memory of a few of them.

Any JSON (RFC 8259) will do, however it is laid out and in whatever order its members come; no member may come
twice. A value that is read at once, which is an entry of a list or any other member, may have a million
characters.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from core.shapes import pointer_of

LARGEST_VALUE = 1_048_576
_SPACE = re.compile(r"[ \t\n\r]*")


class DocumentBroken(Exception):
    """It cannot be read on from this place: a JSON Pointer and the end of a sentence about it."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(pointer, detail)
        self.pointer = pointer
        self.detail = detail


class Entry(NamedTuple):
    """A value of the document: an entry of the list `member` at `position`, or all of `member` (None)."""

    member: str
    position: int | None
    value: object

    @property
    def pointer(self) -> str:
        """Where it stands."""
        return pointer_of([self.member] if self.position is None else [self.member, self.position])


class _Twice(Exception):
    """A member came twice in an object."""


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Twice
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_constant)


def entries(content: Iterable[bytes], lists: Collection[str], others: Collection[str]) -> Iterator[Entry]:
    """The entries of these lists one by one, and the other members, in the order of the document.

    A list that is none is given whole, for whoever checks it to say so. Raises DocumentBroken at the first
    place that cannot be read: it is no JSON, a member is unknown or comes twice, a value is too long.
    """
    source = _Source(content)
    if source.next() != "{":
        raise DocumentBroken("", "must be a JSON object")
    source.pass_over()
    seen: set[str] = set()
    while True:
        name = _name(source, seen, {*lists, *others})
        if name in lists and source.next() == "[":
            yield from _listed(source, name)
        else:
            yield Entry(name, None, source.value([name]))
        if source.one_of(",}", []) == "}":
            break
    if source.next():
        raise DocumentBroken("", "goes on after its end")


def _name(source: "_Source", seen: set[str], known: Collection[str]) -> str:
    """The name of the next member; the source stands before its value."""
    if source.next() != '"':
        raise DocumentBroken("", "must have a member here")
    name = str(source.value([]))
    where = pointer_of([name.encode("utf-8", "replace").decode()])
    if name not in known:
        raise DocumentBroken(where[:200], "is not known here")
    if name in seen:
        raise DocumentBroken(where, "is given twice")
    seen.add(name)
    source.one_of(":", [name])
    return name


def _listed(source: "_Source", name: str) -> Iterator[Entry]:
    source.pass_over()
    # An empty list says that the member is there.
    yield Entry(name, None, [])
    if source.next() == "]":
        source.pass_over()
        return
    position = 0
    while True:
        yield Entry(name, position, source.value([name, position]))
        if source.one_of(",]", [name, position]) == "]":
            return
        position += 1


class _Source:
    """Text that comes in pieces; what was read is dropped."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._content = iter(content)
        self._text = ""
        self._at = 0
        self._ended = False

    def next(self) -> str:
        """The next character that is no space, which is not passed over; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def pass_over(self) -> None:
        """Goes on by a character."""
        self._at += 1

    def one_of(self, characters: str, path: list[str | int]) -> str:
        """Goes on over one of these characters, which has to be the next."""
        found = self.next()
        if not found or found not in characters:
            raise DocumentBroken(pointer_of(path), "is not followed by what JSON needs there")
        self._at += 1
        return found

    def value(self, path: list[str | int]) -> object:
        """The value that begins here; `path` says where that is."""
        self.next()
        while True:
            try:
                value, end = _JSON.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._room() and self._more():
                    continue
                reason = "is too long" if not self._room() else "is no JSON"
                raise DocumentBroken(pointer_of(path), reason) from error
            except _Twice as error:
                raise DocumentBroken(pointer_of(path), "has a member that is given twice") from error
            except RecursionError as error:
                raise DocumentBroken(pointer_of(path), "is nested too deeply") from error
            except ValueError as error:
                raise DocumentBroken(pointer_of(path), "has a number that is no JSON or too long") from error
            # A number may go on in the next piece.
            if end == len(self._text) and self._room() and self._more():
                continue
            if end - self._at > LARGEST_VALUE:
                raise DocumentBroken(pointer_of(path), "is too long")
            self._at = end
            return value

    def _room(self) -> bool:
        return len(self._text) - self._at < LARGEST_VALUE

    def _more(self) -> bool:
        """Whether there is more text, which is then at hand."""
        if self._ended:
            return False
        piece = next(self._content, None)
        self._ended = piece is None
        try:
            added = self._decoder.decode(piece or b"", final=self._ended)
        except UnicodeDecodeError as error:
            raise DocumentBroken("", "is not all UTF-8") from error
        self._text = self._text[self._at :] + added
        self._at = 0
        return True
