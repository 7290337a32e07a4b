"""The restore drill: a backup restored into a scratch database, looked at as any restore is, and dropped.

The address names any database of the scratch server; the drill makes one of its own there. One drill at a
time has the server: what another one has left there was killed, and is dropped.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from core.backups.manifest import Manifest
from core.backups.restore import Restored, restore_backup
from core.backups.shelf import Shelf
from core.checkpoints import passed
from core.ledger import Ledger

PREFIX = "sightline_drill_"
_LOCK = 7_268_118_414
_CREATE = sql.SQL("create database {} template template0 encoding 'UTF8'")
_DROP = sql.SQL("drop database if exists {} with (force)")
_LEFT = "select datname from pg_database where datname like 'sightline\\_drill\\_%'"


def drill(
    url: str,
    shelf: Shelf,
    manifest: Manifest,
    ledger: Ledger,
    *,
    step: Callable[[], None] = lambda: None,
) -> Restored:
    """Restores a backup on the scratch server at `url`, lets nobody in, and drops it again.

    `step` is called between steps; what it raises ends the drill. Raises what `restore_backup` raises.
    """
    with _scratch_database(url) as scratch:
        return restore_backup(scratch, shelf, manifest, ledger, let_in=False, tell=lambda _: step())


@contextmanager
def _scratch_database(url: str) -> Iterator[str]:
    name = f"{PREFIX}{secrets.token_hex(6)}"
    connection = psycopg2.connect(url, application_name="sightline drill", connect_timeout=10)
    with closing(connection), connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("select pg_advisory_lock(%s)", (_LOCK,))
        cursor.execute(_LEFT)
        for (left,) in cursor.fetchall():
            cursor.execute(_DROP.format(sql.Identifier(left)))
        cursor.execute(_CREATE.format(sql.Identifier(name)))
        passed("database made")
        try:
            yield psycopg2.extensions.make_dsn(url, dbname=name)
        finally:
            cursor.execute(_DROP.format(sql.Identifier(name)))
            passed("database dropped")
