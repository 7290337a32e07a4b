from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg2
import pytest

from core.backups.make import BackupImpossible, make_backup, obstacle
from core.backups.programs import ProgramMissing, client_program
from core.backups.restore import restore_backup
from core.backups.shelf import Shelf
from core.ledger import Ledger
from core.migrate import LOCK, migrate, migration_names
from tests.backups import contents, fill
from tests.catalogue import catalogue
from tests.databases import DatabaseServer, DatabaseUrls
from tests.separation import tenant_tables

_WRITE_PAIR = """
    with made as (
        insert into reports (tenant_id, id, name, name_key, definition, administrators, created_by,
                             updated_by)
        values (%(tenant)s, gen_random_uuid(), 'n', 'n', '{}', '{ann}', 'ann', 'ann') returning id
    )
    insert into gadgets (tenant_id, dashboard, item, set_by, report_id)
    select %(tenant)s, '1', id::text, 'ann', null from made
"""


def execute(url: str, statement: str, parameters: Any = None) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_the_role_of_backups_cannot_write_anything(database: DatabaseUrls) -> None:
    fill(database, tenants=1)
    for table, column in {**tenant_tables(database), "schema_migrations": "name"}.items():
        for statement in (
            "insert into {} default values", "update {0} set {1} = {1}", "delete from {}", "truncate {}",
            "drop table {}", "alter table {} disable row level security", "create policy p on {}",
        ):  # fmt: skip
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                execute(database.backup, statement.format(table, column))
    for statement in ("create table t ()", "set role sightline_definer", "select nextval('turns_served')"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(database.backup, statement)


@pytest.mark.parametrize("role", ["api", "worker", "owner"])
def test_a_role_that_may_write_is_refused(database: DatabaseUrls, shelf: Shelf, role: str) -> None:
    with pytest.raises(BackupImpossible, match="must name a role that only reads; this one may write"):
        make_backup(getattr(database, role), shelf)
    assert shelf.ids() == []


@pytest.fixture
def reader(database: DatabaseUrls) -> Iterator[str]:
    """A role for backups on a server whose owner could not let it bypass row security."""
    role = f"reader_{uuid4().hex}"
    execute(
        database.owner,
        f"create role {role} login password 'r'; grant usage on schema public to {role};"
        f" grant select on all tables in schema public to {role};"
        f" grant select on all sequences in schema public to {role}",
    )
    tables = tenant_tables(database)
    policies = [f"create policy r on {table} for select to {role} using (true)" for table in tables]
    execute(database.owner, ";".join(policies))
    yield f"postgresql://{role}:r@{database.owner.rpartition('@')[2]}"
    execute(database.owner, f"drop owned by {role}; drop role {role}")


def test_a_role_that_sees_all_by_policies_alone_makes_the_same_backup(
    database: DatabaseUrls, reader: str, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database)

    manifest = make_backup(reader, shelf)
    restore_backup(empty, shelf, manifest, ledger, let_in=False)

    assert manifest.rows["reports"] == 12
    assert contents(empty) == contents(database.owner)


@pytest.mark.parametrize(
    "hides",
    [
        "drop policy r on stars",
        "alter policy r on stars using (account_id <> '')",
        "create policy but on stars as restrictive using (true)",
    ],
)
def test_a_role_that_may_not_see_every_row_is_refused(
    database: DatabaseUrls, shelf: Shelf, reader: str, hides: str
) -> None:
    execute(database.owner, hides)

    with pytest.raises(BackupImpossible, match="does not see all rows of stars"):
        make_backup(reader, shelf)
    assert shelf.ids() == []


def test_a_backup_holds_one_moment_whoever_writes_meanwhile(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    (tenant, *_) = fill(database)
    over, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        with closing(psycopg2.connect(database.owner)) as connection, connection.cursor() as cursor:
            while not over.is_set():
                cursor.execute(_WRITE_PAIR, {"tenant": tenant})
                connection.commit()
                written.release()

    def step(_: int) -> None:
        for _ in range(3):
            assert written.acquire(timeout=30)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        step(0)
        manifest = make_backup(database.backup, shelf, step=step)
    finally:
        over.set()
        for writer in writers:
            writer.join()

    restored = restore_backup(empty, shelf, manifest, ledger)

    assert restored.rows == manifest.rows
    assert restored.rows["reports"] - 12 == restored.rows["gadgets"] - 3 >= 3
    assert restored.rows["reports"] < len(contents(database.owner)["reports"])


def test_no_backup_is_made_while_a_migration_is_under_way(
    database: DatabaseUrls, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.backups.make._LOCK_WAIT", "100ms")
    with closing(psycopg2.connect(database.owner)) as migrating, migrating.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (LOCK,))

        with pytest.raises(BackupImpossible, match="migration is under way"):
            make_backup(database.backup, shelf)
    make_backup(database.backup, shelf)


def test_a_stop_in_the_middle_leaves_nothing(database: DatabaseUrls, shelf: Shelf, tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_backup(database.backup, shelf, step=stop)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert [child for child in psutil.Process().children() if child.name() == "pg_dump"] == []


def test_pg_dump_is_told_the_password_unseen_and_no_secret_of_ours(
    database: DatabaseUrls, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, witness = client_program("pg_dump", least=18), tmp_path / "pg_dump"
    witness.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\nenv >> {tmp_path}/told\nexec {real} "$@"\n'
    )
    witness.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("BACKUP_KEYS", "a secret")
    monkeypatch.setenv("SECRET_KEYS_FILE", "a secret")

    make_backup(database.backup, shelf)

    arguments, told = (tmp_path / "arguments").read_text(), (tmp_path / "told").read_text()
    assert "--snapshot=" in arguments
    assert "for-tests-only" not in arguments
    assert "PGPASSWORD=for-tests-only" in told
    assert "a secret" not in told


def test_a_program_that_is_too_old_is_passed_over_and_named(
    database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4 (Debian)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert client_program("pg_dump", least=18) != old
    assert client_program("pg_dump", least=15) == old
    assert obstacle(database.backup) is None
    with pytest.raises(ProgramMissing, match=rf"{old} is 15.*postgresql-client-99"):
        client_program("pg_dump", least=99)
    monkeypatch.setattr("core.backups.programs.importlib.util.find_spec", lambda _: None)
    assert f"{old} is 15" in (obstacle(database.backup) or "")
    assert obstacle("postgresql://b@127.0.0.1:1/x") is None


def test_a_backup_of_an_earlier_release_is_restored_and_brought_up_to_date(
    postgres: DatabaseServer, shelf: Shelf, ledger: Ledger, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, old = migration_names(), postgres.empty_database()
    with monkeypatch.context() as patch:
        patch.setattr("core.migrate.migration_names", lambda: names[:8])
        migrate(old)
    backup = f"postgresql://sightline_backup:for-tests-only@{old.rpartition('@')[2]}"

    restored = restore_backup(empty, shelf, make_backup(backup, shelf), ledger)

    assert restored.migrated == names[8:]
    fresh = postgres.fresh_database()
    wanted, found = catalogue(fresh.owner), catalogue(empty)
    for kind, words in wanted.items():
        assert found[kind] == words, kind
    postgres.drop(old)
    postgres.drop(fresh.owner)
