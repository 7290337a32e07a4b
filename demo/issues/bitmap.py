"""Sets of rows as the bits of one integer: a few kilobytes for a large site, and/or/not in microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SET_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def bits_of(rows: Iterable[int], capacity: int) -> int:
    """The set of `rows`, all below `capacity`."""
    buffer = bytearray(capacity // 8 + 1)
    for row in rows:
        buffer[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(buffer, "little")


def bytes_of(bits: int) -> bytes:
    """The set as bytes, for asking about single rows: row r is bit r % 8 of byte r // 8."""
    return bits.to_bytes(bits.bit_length() // 8 + 1, "little")


def rows_of(bits: int) -> Iterator[int]:
    """The rows of the set, ascending."""
    for index, byte in enumerate(bytes_of(bits)):
        if byte:
            base = index << 3
            for bit in _SET_BITS[byte]:
                yield base + bit
