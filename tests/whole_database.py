"""All that a database holds, to see that something left it as it was."""

from __future__ import annotations

from contextlib import closing

import psycopg2
from psycopg2 import sql

from tests.databases import DatabaseUrls

# Entries of the audit trail that tell of an authenticated caller's refusal are meant to be written.
KEPT = {"audit": sql.SQL("where event <> 'refused'")}


def dump(urls: DatabaseUrls) -> dict[str, list[str]]:
    """Every row of every table, with the transaction that last wrote it."""
    with closing(psycopg2.connect(urls.owner)) as connection, connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            condition = KEPT.get(table, sql.SQL(""))
            query = sql.SQL("select t.xmin::text || ' ' || t::text from {} t {} order by 1").format(
                sql.Identifier(table), condition
            )
            cursor.execute(query)
            rows[table] = [row for (row,) in cursor.fetchall()]
        return rows


def assert_nothing_changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    assert sum(len(rows) for rows in before.values()) > 8
    assert set(before) == set(after)
    for table, rows in before.items():
        assert after[table] == rows, table
