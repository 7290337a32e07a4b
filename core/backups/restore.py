"""Restoring a backup into an empty database, and looking whether it is what it was.

1. The whole backup is read once, against its checksum, before anything is touched.
2. The database must be empty. The roles are made where the server lacks them; nobody but the owner can see
   anything in the schema until the end: api and worker that are running meanwhile find no table.
3. `pg_restore` does it in one transaction. Owners are not restored, as another server's owner has another
   name: everything belongs to whoever restores, and the functions that see all tenants are handed over again.
4. Rows are counted and the fence between tenants is compared with the manifest.
5. The migrations that came after the backup are applied, and the fence is looked at once more.
6. The ledger is replayed: what was to be forgotten since the backup is forgotten again. E-mail that waited
   then may have been sent since: it is marked as unknown, and nobody gets it twice. A purge that waited then
   may have been aborted since: it waits for another week, in which the site's admins see and can abort it.
7. Only then do the roles get to see the schema. What fails before leaves a database that nobody can use.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from core.backups import BackupError, fence
from core.backups.make import count_rows
from core.backups.manifest import Manifest
from core.backups.programs import fed
from core.backups.shelf import Shelf
from core.checkpoints import passed
from core.database import Cursor
from core.ledger import Ledger
from core.migrate import migrate, migration_names, role_statements
from core.notifications import doubt_restored
from core.replay import replay

# Named in them is the owner that the other server had; the schema's own are the gate that opens last.
_LEFT_OUT = re.compile(r"^\d+; \d+ \d+ (DEFAULT ACL|ACL - SCHEMA|SCHEMA) ")
_FOREIGN = """
    select format('%s.%s', n.nspname, o.name) as name
    from (select oid, relname as name, relnamespace as space, 'pg_class'::regclass as kind from pg_class
          union all select oid, proname, pronamespace, 'pg_proc'::regclass from pg_proc) o
    join pg_namespace n on n.oid = o.space
    where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and not exists (
        select from pg_depend d where d.classid = o.kind and d.objid = o.oid and d.deptype = 'e')
    order by 1 limit 5
"""
_CLOSE = """
    revoke all on schema public
        from public, sightline_api, sightline_worker, sightline_backup, sightline_definer;
    alter default privileges revoke execute on functions from public;
"""
_POSTPONE = """
    update tasks
    set state = 'waiting', due_at = greatest(due_at, now() + interval '7 days'), lease_token = null,
        leased_until = null
    where kind = 'purge' and state in ('waiting', 'queued', 'running')
"""
# Data migrations and the replay act as this role, which nobody can log in as.
_LET_DEFINER_IN = "grant usage on schema public to sightline_definer"
_OPEN = "grant usage on schema public to sightline_api, sightline_worker, sightline_backup, sightline_definer"


class RestoreImpossible(BackupError):
    """Nothing was restored and nothing changed; the text says why."""


class RestoreDamaged(BackupError):
    """What was restored is not what it should be; `faults` are sentences, and nobody was let in."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["The restored database is not what it should be:", *faults]))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A restored database: rows by table as counted in it, migrations applied on top, what was replayed."""

    backup: str
    rows: dict[str, int]
    migrated: list[str]
    replayed: dict[str, int]
    seconds: float


def restore_backup(
    url: str,
    shelf: Shelf,
    manifest: Manifest,
    ledger: Ledger,
    *,
    let_in: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Restored:
    """Restores a backup into the empty database at `url`, the address for the role that is to own it.

    Without `let_in` nobody but the owner can use it afterwards. `tell` hears what is being done.
    Raises RestoreImpossible, RestoreDamaged, BackupUnusable, ProgramMissing, ProgramFailed, psycopg2.Error,
    and LedgerUnreadable or SealBroken where the ledger cannot be read.
    """
    begun = time.monotonic()
    tell(f"Reading the backup {manifest.id} ...")
    contents = _contents(shelf, manifest)
    with _owner(url) as cursor:
        _require_room(cursor, manifest)
        cursor.execute(role_statements())
        cursor.execute(_CLOSE)
        tell("Restoring ...")
        _load(url, shelf, manifest, contents)
        for function in manifest.definers:
            cursor.execute("call give_to_definer(%s::regprocedure)", (function,))
        cursor.execute(_LET_DEFINER_IN)
        tell("Looking at what was restored ...")
        rows = _counted(cursor)
        _require(_missing(manifest.rows, rows) + fence.differences(manifest.fence, fence.describe(cursor)))
        migrated = migrate(url)
        _require(fence.breaches(cursor))
        tell("Forgetting what was forgotten since ...")
        replayed = _settled(cursor, manifest, ledger)
        if let_in:
            cursor.execute(_OPEN)
    return Restored(
        backup=manifest.id,
        rows=rows,
        migrated=migrated,
        replayed=replayed,
        seconds=round(time.monotonic() - begun, 3),
    )


def verify_backup(shelf: Shelf, manifest: Manifest) -> None:
    """Reads a backup from end to end, as a restore would. Raises BackupUnusable, ProgramFailed."""
    content = shelf.content(manifest)
    fed("pg_restore", ["--file=/dev/null"], None, content, least=manifest.server_major)


def _contents(shelf: Shelf, manifest: Manifest) -> str:
    """The archive's list of contents, when all of it was read."""
    unknown = sorted(set(manifest.migrations) - set(migration_names()))
    if unknown:
        raise RestoreImpossible(
            f"The backup {manifest.id} is of a later release than this one, which does not know "
            f"{', '.join(unknown)}. Restore it with that release ({manifest.product})."
        )
    return fed("pg_restore", ["--list"], None, shelf.content(manifest), least=manifest.server_major)


@contextmanager
def _owner(url: str) -> Iterator[Cursor]:
    connection = psycopg2.connect(url, application_name="sightline restore", connect_timeout=10)
    with closing(connection), connection.cursor(cursor_factory=Cursor) as cursor:
        connection.autocommit = True
        yield cursor


def _require_room(cursor: Cursor, manifest: Manifest) -> None:
    server = cursor.connection.info.server_version // 10000
    if server < manifest.server_major:
        raise RestoreImpossible(
            f"The backup is of PostgreSQL {manifest.server_version}, and this server is older ({server})."
        )
    cursor.execute(_FOREIGN)
    found = [row["name"] for row in cursor.fetchall()]
    if found:
        raise RestoreImpossible(
            f"The database is not empty: it holds {', '.join(found)}. A backup is restored into a new "
            "database only, so that nothing is overwritten. Make one (create database ...) and name that."
        )


def _load(url: str, shelf: Shelf, manifest: Manifest, contents: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "contents"
        lines = [line for line in contents.splitlines() if not _LEFT_OUT.match(line)]
        wanted.write_text("\n".join(lines) + "\n", encoding="utf-8")
        arguments = [
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-password",
            f"--use-list={wanted}",
        ]
        fed("pg_restore", arguments, url, shelf.content(manifest), least=manifest.server_major)


def _counted(cursor: Cursor) -> dict[str, int]:
    """The rows by table. Row security is not forced meanwhile, as it would hide them from the owner too."""
    cursor.execute("begin")
    try:
        cursor.execute("select oid::regclass::text as name from pg_class where relforcerowsecurity")
        for row in cursor.fetchall():
            cursor.execute(f"alter table {row['name']} no force row level security")
        return count_rows(cursor)
    finally:
        cursor.execute("rollback")


def _missing(wanted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    return [
        f"The table {name} has {found.get(name, 0)} rows where the backup had {number}."
        for name, number in wanted.items()
        if found.get(name) != number
    ] + [f"There is a table that the backup did not know: {name}." for name in found.keys() - wanted.keys()]


def _settled(cursor: Cursor, manifest: Manifest, ledger: Ledger) -> dict[str, int]:
    """Has the database forget what it should have, and do nothing that was done or called off since."""
    cursor.execute("begin")
    try:
        counts = replay(cursor, ledger, manifest.taken_at).counts
        cursor.execute("set local role sightline_definer")
        counts["messages"] = doubt_restored(cursor)
        cursor.execute(_POSTPONE)
        counts["postponed"] = cursor.rowcount
        cursor.execute("commit")
        passed("committed")
    except BaseException:
        cursor.execute("rollback")
        raise
    return counts


def _require(faults: list[str]) -> None:
    if faults:
        raise RestoreDamaged(faults)
