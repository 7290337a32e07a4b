"""Indexes over a site's issues, built when first asked for and kept up to date by every edit after that."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from demo.issues.bitmap import bits_of
from demo.issues.model import Issue

Number: TypeAlias = float
Key: TypeAlias = tuple[Any, ...]  # built of numbers, texts and tuples of them, so that any two compare


class Index(Protocol):
    """What the store asks of each."""

    def replace(self, row: int, old: Issue | None, new: Issue | None) -> None:
        """Takes an edit over; None before creation and after deletion."""


class ValueIndex:
    """Rows by value, several values an issue. Bits are made on first use: many values are never asked for."""

    def __init__(
        self, values_of: Callable[[Issue], Iterable[Hashable]], issues: Iterable[Issue], capacity: int
    ) -> None:
        self._values_of = values_of
        self._capacity = capacity
        lists: dict[Hashable, list[int]] = {}
        empty: list[int] = []
        for issue in issues:
            values = set(values_of(issue))
            for value in values:
                lists.setdefault(value, []).append(issue.row)
            if not values:
                empty.append(issue.row)
        self._rows: dict[Hashable, int | list[int]] = dict(lists)
        self.empty = bits_of(empty, capacity)

    def rows(self, value: Hashable) -> int:
        """Rows that hold `value`."""
        held = self._rows.get(value, 0)
        if isinstance(held, list):
            held = self._rows[value] = bits_of(held, self._capacity)
        return held

    def any_of(self, values: Iterable[Hashable]) -> int:
        """Rows that hold any of `values`."""
        found = 0
        for value in values:
            found |= self.rows(value)
        return found

    def values(self) -> Iterator[Hashable]:
        """Every value ever held."""
        return iter(self._rows)

    def replace(self, row: int, old: Issue | None, new: Issue | None) -> None:
        """See Index."""
        self._capacity = max(self._capacity, row + 1)
        before = set(self._values_of(old)) if old else set()
        after = set(self._values_of(new)) if new else set()
        for value in before - after:
            self._rows[value] = self.rows(value) & ~(1 << row)
        for value in after - before:
            self._rows[value] = self.rows(value) | 1 << row
        self.empty = self.empty | 1 << row if new and not after else self.empty & ~(1 << row)


class RangeIndex:
    """Rows ordered by a number. Sets of prefixes are kept at steps, so that a range costs two look-ups."""

    STEP = 512

    def __init__(
        self, value_of: Callable[[Issue], Number | None], issues: Iterable[Issue], capacity: int
    ) -> None:
        self._value_of = value_of
        self._capacity = capacity
        self._entries: list[tuple[Number, int]] = []
        empty = []
        for issue in issues:
            value = value_of(issue)
            if value is None:
                empty.append(issue.row)
            else:
                self._entries.append((value, issue.row))
        self._entries.sort()
        self._prefixes = [0]
        self.empty = bits_of(empty, capacity)

    def compare(self, operator: str, value: Number) -> int:
        """Rows whose number is `=`, `<`, `<=`, `>` or `>=` the value."""
        before, through = self._prefix((value,)), self._prefix((value, float("inf")))
        everything = self._prefix((float("inf"),))
        return {
            "=": through & ~before,
            "<": before,
            "<=": through,
            ">": everything & ~through,
            ">=": everything & ~before,
        }[operator]

    def _prefix(self, bound: tuple[float, ...]) -> int:
        position = bisect_left(self._entries, bound)
        step, rest = divmod(position, self.STEP)
        while len(self._prefixes) <= step:
            start = (len(self._prefixes) - 1) * self.STEP
            self._prefixes.append(self._prefixes[-1] | self._slice(start, start + self.STEP))
        return self._prefixes[step] | self._slice(position - rest, position)

    def _slice(self, start: int, end: int) -> int:
        return bits_of((row for _, row in self._entries[start:end]), self._capacity)

    def replace(self, row: int, old: Issue | None, new: Issue | None) -> None:
        """See Index."""
        self._capacity = max(self._capacity, row + 1)
        before = self._value_of(old) if old else None
        after = self._value_of(new) if new else None
        if before is not None and before != after:
            self._changed_from(position := bisect_left(self._entries, (before, row)))
            del self._entries[position]
        if after is not None and before != after:
            self._changed_from(bisect_left(self._entries, (after, row)))
            insort(self._entries, (after, row))
        self.empty = self.empty | 1 << row if new and after is None else self.empty & ~(1 << row)

    def _changed_from(self, position: int) -> None:
        del self._prefixes[position // self.STEP + 1 :]


class Ordering:
    """All rows in the order of one ORDER BY; a page starts after a key, wherever that key stands now."""

    def __init__(self, key_of: Callable[[Issue], Key], issues: Iterable[Issue]) -> None:
        self.key_of = key_of
        self._entries = sorted((key_of(issue), issue.row) for issue in issues)

    def after(self, key: Key | None, members: bytes) -> Iterator[int]:
        """Rows of the set `members` (see `bytes_of`) that stand after `key`, or all."""
        start = 0 if key is None else bisect_right(self._entries, (key, float("inf")))
        size = len(members)
        for position in range(start, len(self._entries)):
            row = self._entries[position][1]
            if (byte := row >> 3) < size and members[byte] >> (row & 7) & 1:
                yield row

    def replace(self, row: int, old: Issue | None, new: Issue | None) -> None:
        """See Index."""
        if old:
            del self._entries[bisect_left(self._entries, (self.key_of(old), row))]
        if new:
            insort(self._entries, (self.key_of(new), row))


def inverted(part: Any) -> Any:  # noqa: ANN401  a part of a Key
    """A key part that sorts the other way round; tuples must be of one length."""
    if isinstance(part, str):
        return (*(-ord(character) for character in part), 1)
    if isinstance(part, tuple):
        return tuple(inverted(inner) for inner in part)
    return -part


def ordered_key(
    terms: Sequence[tuple[Callable[[Issue], Any], bool]],
) -> Callable[[Issue], Key]:
    """The key of (value, descending) terms: empties last ascending and first descending, then the id."""

    def key_of(issue: Issue) -> Key:
        key: list[Any] = []
        for value_of, descending in terms:
            value = value_of(issue)
            if value is None:
                key.append((0,) if descending else (1,))
            else:
                key.append((1, inverted(value)) if descending else (0, value))
        return (*key, issue.id)

    return key_of
