"""Making a backup of the whole database with `pg_dump`, streamed and encrypted into the store.

1. A transaction of the role that reads everything freezes a snapshot. It shares the lock of migrations, so
   that none changes the schema under the dump.
2. What the manifest tells is read in it: rows per table, the fence, the migrations. A role that would not see
   every row is refused, as its dump would be a part that looks like the whole.
3. `pg_dump` reads the same snapshot; what it prints passes a checksum and encryption on its way into the
   store, a few MiB at a time.
4. The manifest is written last. Before that there is no backup, and what was written is removed again.
"""

import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from core.backups import BackupError, fence
from core.backups.manifest import Manifest, product_version
from core.backups.programs import ProgramMissing, client_program, output_of
from core.backups.shelf import Shelf, begun_at, new_id
from core.database import Cursor
from core.export import Measured
from core.migrate import LOCK
from core.tasks import Task

_LOCK_WAIT = "20s"
_DUMP = (
    "--format=custom",
    f"--lock-wait-timeout={_LOCK_WAIT}",
    "--no-publications",  # replication is the server's own affair
    "--no-subscriptions",
    "--no-tablespaces",
    "--no-password",
)
_TABLES = """
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""
_DEFINERS = """
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = 'sightline_definer'::regrole order by 1
"""
_FROZEN = """
    select pg_export_snapshot() as snapshot, now() as taken_at, current_setting('server_version') as version,
           current_setting('server_version_num')::integer / 10000 as major, me.rolbypassrls as sees_all
    from pg_roles me where me.rolname = current_user
"""
_WRITES = """
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and has_table_privilege(c.oid, 'insert, update, delete, truncate') order by 1
"""
# Where a server's owner could not let the role bypass row security, policies give it the same reach.
_HIDDEN = """
    select c.relname as name from pg_class c join pg_roles me on me.rolname = current_user
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and (not exists (
              select from pg_policy p
              where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('r', '*')
                and p.polroles && array[0::oid, me.oid] and pg_get_expr(p.polqual, p.polrelid) = 'true')
           or exists (
              select from pg_policy p
              where p.polrelid = c.oid and not p.polpermissive and p.polroles && array[0::oid, me.oid]))
    order by 1
"""


class BackupImpossible(BackupError):
    """The database's role must not or cannot make backups; the text says why."""


@dataclass(frozen=True)
class _Frozen:
    snapshot: str
    taken_at: datetime
    version: str
    major: int
    sees_all: bool


def make_backup(
    url: str, shelf: Shelf, *, task: str | None = None, step: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Makes a backup of the database at `url`, the address for the role that reads everything.

    `step` hears how many bytes the dump has so far; what it raises ends the backup and leaves nothing.
    Raises BackupImpossible, ProgramMissing, ProgramFailed, psycopg2.Error, and what the store raises.
    """
    with _frozen(url) as (cursor, frozen):
        backup_id = new_id(frozen.taken_at, secrets.token_hex(4))
        about = _about(cursor)
        stream = Measured(_watched(_dump(url, frozen), step))
        try:
            shelf.put_dump(backup_id, stream)
            step(stream.bytes)
            manifest = Manifest(
                id=backup_id,
                task=task,
                taken_at=frozen.taken_at,
                ended_at=datetime.now(UTC),
                product=product_version(),
                server_version=frozen.version,
                server_major=frozen.major,
                size=stream.bytes,
                sha256=stream.sha256,
                **about,
            )
            shelf.put_manifest(manifest)
        except BaseException:
            with suppress(Exception):  # the store may be what failed; a sweep finds what is left
                shelf.remove(backup_id)
            raise
    return manifest


def made_before(shelf: Shelf, task: Task) -> Manifest | None:
    """The backup that an earlier attempt at a task has finished, where it died before it could say so."""
    for backup_id in shelf.ids():
        if begun_at(backup_id) < task.created_at.replace(microsecond=0):
            break
        manifest = shelf.manifest(backup_id)
        if manifest.task == str(task.id):
            return manifest
    return None


def obstacle(url: str) -> str | None:
    """Why backups of the database at `url` cannot be made, if a look tells; None where it is away."""
    try:
        with closing(psycopg2.connect(url, connect_timeout=3)) as connection:
            client_program("pg_dump", least=connection.info.server_version // 10000)
    except psycopg2.OperationalError:
        return None
    except ProgramMissing as error:
        return str(error)
    return None


@contextmanager
def _frozen(url: str) -> Iterator[tuple[Cursor, _Frozen]]:
    """A read-only transaction in which the whole database stands still."""
    connection = psycopg2.connect(
        url,
        application_name="sightline backup",
        connect_timeout=10,
        keepalives_idle=30,
        options=f"-c timezone=UTC -c lock_timeout={_LOCK_WAIT} -c tcp_keepalives_idle=30",
    )
    with closing(connection), connection.cursor(cursor_factory=Cursor) as cursor:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        try:
            cursor.execute("select pg_advisory_lock_shared(%s)", (LOCK,))
        except psycopg2.errors.LockNotAvailable as error:
            raise BackupImpossible("A migration is under way; try again when it is done.") from error
        connection.rollback()  # the connection keeps the lock; the snapshot is to be of now
        cursor.execute(_FROZEN)
        (row,) = cursor.fetchall()
        frozen = _Frozen(**row)
        _require_reader(cursor, frozen)
        yield cursor, frozen


def _require_reader(cursor: Cursor, frozen: _Frozen) -> None:
    """Raises BackupImpossible unless the role reads every row and writes none."""
    if writes := _names(cursor, _WRITES):
        raise BackupImpossible(
            f"BACKUP_DATABASE_URL must name a role that only reads; this one may write {', '.join(writes)}."
        )
    hidden = [] if frozen.sees_all else _names(cursor, _HIDDEN)
    if hidden:
        raise BackupImpossible(
            f"The role of BACKUP_DATABASE_URL does not see all rows of {', '.join(hidden)}."
        )


def _about(cursor: Cursor) -> dict[str, Any]:
    cursor.execute("select name from schema_migrations order by name")
    migrations = [row["name"] for row in cursor.fetchall()]
    return {
        "migrations": migrations,
        "rows": count_rows(cursor),
        "fence": fence.describe(cursor),
        "definers": _names(cursor, _DEFINERS),
    }


def count_rows(cursor: Cursor) -> dict[str, int]:
    """The rows that the role sees, by table."""
    return {name: _rows_of(cursor, name) for name in _names(cursor, _TABLES)}


def _rows_of(cursor: Cursor, table: str) -> int:
    cursor.execute(sql.SQL("select count(*) as number from public.{}").format(sql.Identifier(table)))
    (row,) = cursor.fetchall()
    return int(row["number"])


def _names(cursor: Cursor, query: str) -> list[str]:
    cursor.execute(query)
    return [str(row["name"]) for row in cursor.fetchall()]


def _dump(url: str, frozen: _Frozen) -> Generator[bytes]:
    arguments = [*_DUMP, f"--snapshot={frozen.snapshot}"]
    if not frozen.sees_all:
        # Without it pg_dump stops at the first policy, not knowing that ours hide nothing from the role.
        arguments.append("--enable-row-security")
    return output_of("pg_dump", arguments, url, least=frozen.major)


def _watched(parts: Generator[bytes], step: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    with closing(parts):
        for part in parts:
            step(done)
            yield part
            done += len(part)
