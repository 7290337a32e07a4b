"""What an operator may see of the tenants: their connections and numbers, no secret and nothing of a report.

Read as the owner in the role `sightline_definer`, as the owner itself sees no tenant. Nothing is changed
here; `acting_for_all` is for the modules whose commands do change something.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from core.database import Cursor, Row
from core.migrate import pending_migrations

LIFECYCLE = ("installed", "reinstalled", "moved", "uninstalled", "enabled", "disabled")
STATES = ("active", "disabled", "uninstalled")

_LISTED = """
    select t.id, t.client_key, t.base_url, t.state, t.installed_at, t.uninstalled_at,
           (select count(*) from reports r where r.tenant_id = t.id and r.deleted_at is null) as reports
    from tenants t
"""
_CONNECTION = """
    select id, client_key, base_url, state, installed_at, uninstalled_at, last_event_at,
           secret_key_id, secret_version
    from tenants where id = %s
"""
_TABLES = """
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and a.attname = 'tenant_id' and not a.attisdropped
    order by c.relname
"""
_EVENTS = """
    select at, event, details from audit
    where tenant_id = %s and event = any (%s) order by at desc, id desc limit %s
"""
_TASKS = """
    select id, kind, subject, state, due_at, attempts, attempts_allowed, error from tasks
    where tenant_id = %s and state in ('waiting', 'queued', 'running') order by due_at, id
"""


class OverviewImpossible(Exception):
    """The database is not what this release expects, or the role may not look; the text says which."""


@contextmanager
def overview(url: str) -> Iterator[Cursor]:
    """A read-only transaction that sees every tenant; `url` is the owner's.

    Raises OverviewImpossible, and psycopg2.Error where the database gives no answer.
    """
    with acting_for_all(url, readonly=True) as cursor:
        yield cursor


@contextmanager
def acting_for_all(url: str, *, readonly: bool = False) -> Iterator[Cursor]:
    """As `overview`, and what was changed is committed at the end, unless an exception leaves it."""
    connection = psycopg2.connect(
        url,
        application_name="sightline overview",
        connect_timeout=10,
        options="-c timezone=UTC -c statement_timeout=60000",
    )
    level = "REPEATABLE READ" if readonly else "READ COMMITTED"
    connection.set_session(isolation_level=level, readonly=readonly)
    with closing(connection), connection, connection.cursor(cursor_factory=Cursor) as cursor:
        _require_migrated(cursor)
        try:
            cursor.execute("set local role sightline_definer")
        except psycopg2.errors.InsufficientPrivilege as error:
            raise OverviewImpossible(
                "OWNER_DATABASE_URL must name the role that owns the tables: "
                "this one may not act as sightline_definer"
            ) from error
        yield cursor


def list_tenants(cursor: Cursor, *, state: str | None, limit: int) -> tuple[Sequence[Row], int]:
    """So many tenants by address, each with its number of reports; and how many there are in all."""
    condition = "where %(state)s::text is null or state = %(state)s"
    cursor.execute(f"select count(*) as number from tenants {condition}", {"state": state})  # noqa: S608 - constants
    (row,) = cursor.fetchall()
    cursor.execute(
        f"{_LISTED} {condition} order by t.base_url, t.installed_at, t.id limit %(limit)s",
        {"state": state, "limit": limit},
    )
    return cursor.fetchall(), int(row["number"])


def find_tenants(cursor: Cursor, name: str) -> Sequence[Row]:
    """The tenants of an id, a client key or a base URL, whose scheme may be left out."""
    address = name.rstrip("/").lower()
    cursor.execute(
        f"{_LISTED} where t.id = %(id)s or t.client_key = %(key)s"
        " or lower(t.base_url) in (%(address)s, 'https://' || %(address)s)"
        " order by t.installed_at, t.id",
        {"id": _id_or_none(name), "key": name, "address": address},
    )
    return cursor.fetchall()


def describe_tenant(cursor: Cursor, tenant_id: UUID, *, events: int) -> dict[str, Any]:
    """A tenant's connection, its rows by table, its last lifecycle events and its unfinished tasks."""
    cursor.execute(_CONNECTION, (tenant_id,))
    (connection,) = cursor.fetchall()
    cursor.execute(_EVENTS, (tenant_id, list(LIFECYCLE), events))
    last_events = cursor.fetchall()
    cursor.execute(_TASKS, (tenant_id,))
    tasks = cursor.fetchall()
    return {
        "connection": dict(connection),
        "rows": _rows_by_table(cursor, tenant_id),
        "events": [dict(row) for row in last_events],
        "tasks": [dict(row) for row in tasks],
    }


def _rows_by_table(cursor: Cursor, tenant_id: UUID) -> dict[str, int]:
    cursor.execute(_TABLES)
    names = [row["name"] for row in cursor.fetchall()]
    return {name: _rows_of(cursor, name, tenant_id) for name in names}


def _rows_of(cursor: Cursor, table: str, tenant_id: UUID) -> int:
    query = sql.SQL("select count(*) as number from {} where tenant_id = %s")
    cursor.execute(query.format(sql.Identifier(table)), (tenant_id,))
    (row,) = cursor.fetchall()
    return int(row["number"])


def _require_migrated(cursor: Cursor) -> None:
    cursor.execute("select to_regclass('public.schema_migrations') is not null as known")
    (row,) = cursor.fetchall()
    applied: Sequence[Row] = []
    if row["known"]:
        cursor.execute("select name from schema_migrations")
        applied = cursor.fetchall()
    if pending_migrations({migration["name"] for migration in applied}):
        raise OverviewImpossible("the database is older than this release; run `sightline migrate` first")


def _id_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
