"""What shows that tenants are kept apart: all rows of one, and a wire that others trip over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from uuid import UUID

import psycopg2
import psycopg2.extensions

from tests.databases import DatabaseUrls

ROLES = ("api", "worker")
TRIPPED = "SL999"
# The tenant's own table has its tenant in another column than all others.
_TENANT_COLUMN = "case c.relname when 'tenants' then 'id' else 'tenant_id' end"
_TABLES = f"""
    select c.relname, {_TENANT_COLUMN} from pg_class c
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      and c.relname <> 'schema_migrations'
    order by c.relname
"""
# Cheap, so that it is asked before any other condition that is not already an index's. Rows that the index
# over the tenant keeps away never come to it.
_TRIPWIRE = f"""
    create function tripwire(of_row uuid) returns boolean language plpgsql stable cost 0.0001 as $$
    begin
        if of_row is distinct from nullif(current_setting('sightline.tenant', true), '')::uuid then
            raise exception 'a row of another tenant was read' using errcode = '{TRIPPED}';
        end if;
        return true;
    end
    $$;
    grant execute on function tripwire(uuid) to sightline_api, sightline_worker;
"""


@contextmanager
def session(url: str) -> Iterator[psycopg2.extensions.cursor]:
    """One transaction on a connection of its own."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        yield cursor


@cache
def tenant_tables(urls: DatabaseUrls) -> dict[str, str]:
    """Every table of tenants' data, with the column that names the tenant."""
    with session(urls.owner) as cursor:
        cursor.execute(_TABLES)
        return {str(table): str(column) for table, column in cursor.fetchall()}


def stretch_tripwire(urls: DatabaseUrls) -> None:
    """From now on a query fails that so much as looks at a row of another tenant than its transaction's.

    Tables of a test are small enough to be read whole, where those of life are read by their indexes; here
    they are too.
    """
    name = urls.owner.rpartition("/")[2]
    with session(urls.owner) as cursor:
        cursor.execute(f"alter database {name} set enable_seqscan = off; {_TRIPWIRE}")
        for table, column in tenant_tables(urls).items():
            cursor.execute(
                f"create policy tripwire on {table} as restrictive to sightline_api, sightline_worker"
                f" using (tripwire({column}))"
            )


def rows_of(urls: DatabaseUrls, tenant_id: UUID) -> dict[str, list[str]]:
    """Every row of a tenant in every table, to the byte, with the transaction that last wrote it."""
    with session(urls.backup) as cursor:
        found = {}
        for table, column in tenant_tables(urls).items():
            cursor.execute(
                f"select t.xmin::text || ' ' || t::text from {table} t where {column} = %s order by 1",
                (str(tenant_id),),
            )
            found[table] = [str(row) for (row,) in cursor.fetchall()]
        return found


def breaches(urls: DatabaseUrls, here: UUID, there: UUID) -> list[str]:
    """What is wrong with the fence, as sentences: each role in each table, in transactions of `here` and of
    nobody; `there` must have a row in every table, as else nothing would be shown."""
    empty = [f"{table} has no row to look for" for table, rows in rows_of(urls, there).items() if not rows]
    return empty + _unforced(urls) + _misruled(urls) + list(_seen(urls, here, there))


def _unforced(urls: DatabaseUrls) -> list[str]:
    with session(urls.owner) as cursor:
        cursor.execute(
            "select relname from pg_class where relname = any (%s)"
            " and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)",
            (list(tenant_tables(urls)),),
        )
        return [f"{table} does not force row security" for (table,) in cursor.fetchall()]


def _misruled(urls: DatabaseUrls) -> list[str]:
    """Tables whose policies let our roles in by anything but the transaction's tenant."""
    with session(urls.owner) as cursor:
        cursor.execute(
            "select tablename, policyname, qual, with_check from pg_policies where permissive = 'PERMISSIVE'"
            " and roles && '{public,sightline_api,sightline_worker}'"
        )
        found = sorted(cursor.fetchall())
    rule = "({} = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)"
    wanted = [
        (table, "own_tenant", rule.format(column), rule.format(column))
        for table, column in tenant_tables(urls).items()
    ]
    return [f"{row[0]} has not the one policy {row[1]}" for row in {*found} ^ {*wanted}]


def _seen(urls: DatabaseUrls, here: UUID, there: UUID) -> Iterator[str]:
    tables = tenant_tables(urls)
    for role in ROLES:
        with closing(psycopg2.connect(getattr(urls, role))) as connection:
            for table, column in tables.items():
                if any(_sees(connection, table, column, tenant_id, there) for tenant_id in (here, None)):
                    yield f"{role} sees rows of another tenant in {table}"
                if not _sees(connection, table, column, there, there):
                    yield f"{role} does not see a tenant's own rows in {table}"


def _sees(
    connection: psycopg2.extensions.connection, table: str, column: str, tenant_id: UUID | None, there: UUID
) -> bool:
    """Whether a query without any condition of its own finds a row of `there`, or looks at one."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select set_config('sightline.tenant', %s, true)", (str(tenant_id or ""),))
            cursor.execute(f"select bool_or({column} = %s) from {table}", (str(there),))
            row = cursor.fetchone()
            return bool(row and row[0])
    except psycopg2.errors.InsufficientPrivilege:
        return tenant_id == there  # a table that is none of the role's business is fenced off well enough
    except psycopg2.Error as error:
        if error.pgcode != TRIPPED:
            raise
        return True
