"""A database with odd values in it, and the shelf of a folder, for tests of backups."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from uuid import UUID

import psycopg2
from psycopg2 import sql

from core.backups.shelf import Shelf
from core.ids import uuid7
from core.ledger import Ledger
from core.setting_types import new_secret_key, secret_keys
from core.store import Store
from tests.databases import DatabaseUrls

ODD = 'tab\there, line\nbreak, back\\slash \\. \\N, \'quotes", {NULL,""}, %s, Zoë 𝄞 عربى \u202e, trailing '
_TENANT = """
    insert into tenants (id, client_key, base_url, state, secret, secret_key_id, last_event_at, installed_at)
    values (%s, %s, %s, 'active', %s, 'key', '1999-12-31 23:59:59.999999+00', '4713-01-01 00:00:00+00 BC')
"""
_REPORT = """
    insert into reports (tenant_id, id, name, name_key, description, definition, administrators, visibility,
                         shared_accounts, shared_groups, created_by, updated_by, deleted_at)
    values (%s, %s, %s, %s, %s, %s, %s, 'limited', %s, %s, 'ann', 'ann', %s)
"""
_REST = """
    update reports set name = name || '!', version = 2 where tenant_id = %(tenant)s and deleted_at is null;
    insert into stars values (%(tenant)s, %(odd)s, %(report)s);
    insert into gadgets (tenant_id, dashboard, item, report_id, set_by)
    values (%(tenant)s, '1', '2', %(report)s, 'ann');
    insert into site_settings (tenant_id, contact_addresses, updated_by)
    values (%(tenant)s, array[%(odd)s, '', 'NULL'], 'ann');
    insert into audit (tenant_id, event, details)
    values (%(tenant)s, 'refused', jsonb_build_object('x', %(odd)s));
    insert into accepted_callbacks values (%(tenant)s, '\\x00ff', '\\x', 'infinity');
    insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed, due_at, params)
    values (%(tenant)s, gen_random_uuid(), 'export', 5, 'waiting', 5, 'infinity', '{"a": 1e400, "b": [{}]}');
"""


def shelf_in(folder: Path, keys: str | None = None) -> Shelf:
    """The backups in a folder, under keys of their own."""
    return Shelf(store_in(folder, keys))


def store_in(folder: Path, keys: str | None = None) -> Store:
    """A store in a folder."""
    return Store((folder / "store").as_uri(), secret_keys(keys or new_secret_key()))


def ledger_in(folder: Path) -> Ledger:
    """A ledger of its own, without entries."""
    return Ledger(store_in(folder / "ledger"))


def fill(urls: DatabaseUrls, *, tenants: int = 3) -> list[UUID]:
    """Tenants with a row in each older table, and values in them that a careless copy spoils."""
    with closing(psycopg2.connect(urls.owner)) as connection, connection, connection.cursor() as cursor:
        return [_fill_one(cursor, number) for number in range(tenants)]


def _fill_one(cursor: psycopg2.extensions.cursor, number: int) -> UUID:
    tenant = uuid7()
    cursor.execute(
        _TENANT, (tenant, f"key {number} {tenant}", f"https://site{number}.atlassian.net", bytes(range(256)))
    )
    definition = json.dumps({"jql": ODD, "n": 0.1, "deep": [[[{}]]], "": None})
    groups = json.dumps([{"id": "g", "name": ODD}])
    reports = [uuid7() for _ in range(4)]
    for place, report in enumerate(reports):
        deleted = "-infinity" if place == 3 else None
        name = (ODD * 10)[: 60 * (place + 1)]
        accounts = ["ann", "", "NULL", ODD]
        cursor.execute(
            _REPORT, (tenant, report, name, name, ODD * 20, definition, accounts, accounts, groups, deleted)
        )
    cursor.execute(_REST, {"tenant": tenant, "report": reports[0], "odd": ODD[:100]})
    return tenant


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table and where every sequence stands, as its owner's address sees it."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("set timezone to 'UTC'")
        return {name: _rows(cursor, name, "t::text") for name in _names(cursor, "r")} | {
            name: _rows(cursor, name, "row(last_value, is_called)::text") for name in _names(cursor, "S")
        }


def _names(cursor: psycopg2.extensions.cursor, kind: str) -> list[str]:
    cursor.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = %s", (kind,)
    )
    return [str(name) for (name,) in cursor.fetchall()]


def _rows(cursor: psycopg2.extensions.cursor, name: str, what: str) -> list[str]:
    cursor.execute(sql.SQL("select {} from {} t order by 1").format(sql.SQL(what), sql.Identifier(name)))
    return [str(row) for (row,) in cursor.fetchall()]
