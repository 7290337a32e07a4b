"""The issues of a site: rows that never move, indexes over them, one lock. Reads see one moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import RLock
from typing import TypeVar

from demo.issues.index import Index, Key, Ordering
from demo.issues.model import Issue

AnyIndex = TypeVar("AnyIndex", bound=Index)


class Store:
    """Thread safe; hold `lock` over several calls that must see the same moment."""

    ORDERINGS = 12  # each costs a few megabytes on a large site

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self.lock = RLock()
        self.rows: list[Issue | None] = []
        self.alive = 0
        self._by_id: dict[int, int] = {}
        self._by_key: dict[str, int] = {}
        self._indexes: dict[str, Index] = {}
        self._orderings: OrderedDict[str, Ordering] = OrderedDict()
        for issue in issues:
            self._append(issue)
        self.alive = (1 << len(self.rows)) - 1

    def _append(self, issue: Issue) -> Issue:
        placed = issue if issue.row == len(self.rows) else replace(issue, row=len(self.rows))
        self.rows.append(placed)
        self._by_id[placed.id] = self._by_key[placed.key] = placed.row
        return placed

    def issues(self) -> Iterable[Issue]:
        """Those that exist now."""
        return (issue for issue in self.rows if issue is not None)

    def get(self, id_or_key: str | int) -> Issue | None:
        """An issue by id or by key, in any case."""
        text = str(id_or_key)
        row = self._by_id.get(int(text)) if text.isdecimal() else self._by_key.get(text.upper())
        return None if row is None else self.rows[row]

    def index(self, name: str, build: Callable[[Iterable[Issue], int], AnyIndex]) -> AnyIndex:
        """The index of that name, built of all issues on first use."""
        with self.lock:
            found = self._indexes.get(name)
            if found is None:
                found = self._indexes[name] = build(self.issues(), len(self.rows))
            return found  # type: ignore[return-value]  # a name always goes with one kind of index

    def ordering(self, name: str, key_of: Callable[[Issue], Key]) -> Ordering:
        """All issues in the order of `key_of`; the latest used are kept."""
        with self.lock:
            found = self._orderings.get(name)
            if found is None:
                found = self._orderings[name] = Ordering(key_of, self.issues())
                if len(self._orderings) > self.ORDERINGS:
                    self._orderings.popitem(last=False)
            self._orderings.move_to_end(name)
            return found

    def put(self, issue: Issue) -> Issue:
        """Creates the issue, or replaces the one of its id; returns what is stored."""
        with self.lock:
            row = self._by_id.get(issue.id)
            old = None if row is None else self.rows[row]
            if row is None or old is None:
                new = self._append(issue)
            else:
                new = self.rows[row] = replace(issue, row=row)
                self._by_key[new.key] = row
            self.alive |= 1 << new.row
            self._changed(new.row, old, new)
            return new

    def remove(self, issue: Issue) -> None:
        """Deletes it; its row stays empty."""
        with self.lock:
            self.rows[issue.row] = None
            self.alive &= ~(1 << issue.row)
            del self._by_id[issue.id]
            del self._by_key[issue.key]
            self._changed(issue.row, issue, None)

    def _changed(self, row: int, old: Issue | None, new: Issue | None) -> None:
        for index in (*self._indexes.values(), *self._orderings.values()):
            index.replace(row, old, new)
