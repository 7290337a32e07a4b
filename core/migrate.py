"""Numbered SQL migrations, forward only.

1. One session takes an advisory lock of its database, so that any number of migrators may start at once.
2. Files `NNNN_name.sql` that are not in `schema_migrations` run in order of their numbers.
3. Each file and its record are one transaction: a failed file leaves nothing behind. One that waits too long
   for a lock fails, as whoever comes after it waits as well.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from importlib import resources

import psycopg2
import psycopg2.errors
import psycopg2.extensions

from core.checkpoints import passed
from core.database import Database

LOCK = 7_268_118_413
"""The advisory lock that a migration holds; who shares it keeps migrations from starting."""

_LOCK_TIMEOUT = "10s"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql", re.ASCII)
_RECORDS = """
    create table if not exists schema_migrations (
        name text primary key,
        applied_at timestamptz not null default now()
    )
"""


def migration_names() -> list[str]:
    """The names of all migrations of this release, in order. Raises ValueError where two share a number."""
    names = sorted(
        entry.name for entry in resources.files("core.migrations").iterdir() if _NAME.fullmatch(entry.name)
    )
    if len({name[:4] for name in names}) < len(names):
        raise ValueError(f"two migrations share a number: {names}")
    return names


def migrate(url: str) -> list[str]:
    """Brings the database at `url` up to this release and returns the names of the migrations applied.

    The role must own the database's tables (or be about to), and may be a superuser or have CREATEROLE.
    Raises psycopg2.Error where a migration fails; the ones before it stay.
    """
    with closing(psycopg2.connect(url, application_name="sightline migrate")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            cursor.execute(_RECORDS)
            cursor.execute("set lock_timeout to %s", (_LOCK_TIMEOUT,))
        return list(_apply_missing(connection))


def role_statements() -> str:
    """The blocks of the first migration that make our roles where the cluster lacks them."""
    first = _text_of(migration_names()[0])
    return "\n\n".join(re.findall(r"^do \$\$.*?^\$\$;", first, re.MULTILINE | re.DOTALL))


def pending_migrations(applied: set[str]) -> list[str]:
    """The migrations of this release that are not among those applied."""
    return [name for name in migration_names() if name not in applied]


def missing_migrations(database: Database) -> list[str]:
    """The migrations that this release needs and the database lacks. Raises DatabaseUnavailable."""
    try:
        rows = database.read_system("select name from schema_migrations")
    except (psycopg2.errors.UndefinedTable, psycopg2.errors.InsufficientPrivilege):
        return migration_names()  # not even the first
    return pending_migrations({row["name"] for row in rows})


def _text_of(name: str) -> str:
    return resources.files("core.migrations").joinpath(name).read_text(encoding="utf-8")


def _apply_missing(connection: psycopg2.extensions.connection) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("select name from schema_migrations")
        applied = {row[0] for row in cursor.fetchall()}
        for name in pending_migrations(applied):
            cursor.execute("begin")
            # Without parameters psycopg2 sends the text as it is, percent signs included.
            cursor.execute(_text_of(name))
            cursor.execute("insert into schema_migrations (name) values (%s)", (name,))
            cursor.execute("commit")
            passed("committed")
            yield name
