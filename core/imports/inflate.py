"""A file's content from its parts: one gzip member (RFC 1952), whole, and no larger than it may be."""

import zlib
from collections.abc import Iterable, Iterator

from core.imports import LARGEST_DOCUMENT
from core.imports.document import DocumentBroken

_GZIP = 16 + zlib.MAX_WBITS
# So much is inflated at once, whatever a few bytes claim to stand for.
_AT_ONCE = 128 * 1024


def inflated(parts: Iterable[bytes], *, largest: int = LARGEST_DOCUMENT) -> Iterator[bytes]:
    """The content in pieces of 128 KiB at most. Raises DocumentBroken.

    It is counted as it comes, so that a file which stands for more than `largest` bytes is left there.
    """
    member = zlib.decompressobj(wbits=_GZIP)
    total = 0
    for part in parts:
        for piece in _pieces(member, part):
            total += len(piece)
            if total > largest:
                raise DocumentBroken("", f"is longer than {largest // 1_048_576} MiB when decompressed")
            yield piece
        if member.unused_data:
            raise DocumentBroken("", "goes on after the end of its gzip member")
    if not member.eof:
        raise DocumentBroken("", "ends in the middle of its gzip member; is a part missing?")


def _pieces(member: "zlib._Decompress", part: bytes) -> Iterator[bytes]:
    """What a part adds to the content."""
    rest = part
    while True:
        if member.eof:
            if rest and not member.unused_data:
                raise DocumentBroken("", "goes on after the end of its gzip member")
            return
        try:
            piece = member.decompress(rest, _AT_ONCE)
        except zlib.error as error:
            raise DocumentBroken("", "is no sound gzip file") from error
        rest = member.unconsumed_tail
        if piece:
            yield piece
        if not rest and len(piece) < _AT_ONCE:
            return
