"""Queries that a connection prepares when it is first asked them, and afterwards only runs.

Reading and planning a query of ours costs PostgreSQL several times what running it does. One plan serves
every tenant: row security is part of it, and each run looks up anew which tenant that lets through, as
`current_setting` is no constant to the planner.

Prepared statements belong to a session, so that a pooler between us and the server must keep sessions apart.
"""

import re
import select
from collections import OrderedDict
from functools import lru_cache

import psycopg2.extensions

# Each plan takes memory of the server, in every connection; what is asked most stays.
MOST_PREPARED = 100
_PLACE = re.compile(r"%(?:\((\w+)\)s|%)")


class Connection(psycopg2.extensions.connection):
    """A connection that knows what it has prepared; names by SQL, the one used last at the end."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self._names: OrderedDict[str, str] = OrderedDict()
        self._number = 0
        self._incoming = select.poll()
        self._incoming.register(self.fileno(), select.POLLIN)

    def is_quiet(self) -> bool:
        """Whether nothing has come in over a connection at rest: what would is the server's farewell."""
        return not self._incoming.poll(0)

    def prepared(self, sql: str) -> str:
        """What runs a query, with its `%(name)s` still in it for psycopg2; prepares it where it is new.

        What is prepared stays so when its transaction is rolled back.
        """
        name = self._names.get(sql) or self._prepare(sql)
        self._names.move_to_end(sql)
        return _execution(sql, name)

    def _prepare(self, sql: str) -> str:
        with self.cursor() as cursor:
            if len(self._names) >= MOST_PREPARED:
                _, oldest = self._names.popitem(last=False)
                cursor.execute(f"deallocate {oldest}")
            self._number += 1
            name = f"query_{self._number}"
            cursor.execute(f"prepare {name} as {_numbered(sql)[0]}")
        self._names[sql] = name
        return name


@lru_cache(maxsize=1000)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """A query with `$1`, `$2` in the places of `%(name)s`, and the names in that order."""
    numbers: dict[str, int] = {}

    def number(place: re.Match[str]) -> str:
        return f"${numbers.setdefault(place[1], len(numbers) + 1)}" if place[1] else "%"

    return _PLACE.sub(number, sql), tuple(numbers)


@lru_cache(maxsize=10_000)
def _execution(sql: str, name: str) -> str:
    values = ", ".join(f"%({value})s" for value in _numbered(sql)[1])
    return f"execute {name} ({values})" if values else f"execute {name}"
