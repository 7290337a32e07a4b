from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from core.backups.make import make_backup
from core.backups.manifest import Manifest
from core.backups.shelf import KEPT_FOR, Shelf, new_id
from core.backups.tasks import BACKUP, BACKUP_CHECK, BACKUP_SWEEP, RESTORE_DRILL
from core.database import Database
from core.setting_types import new_secret_key
from core.store import Store
from core.tasks import SERVICE, Kind, Task, list_tasks
from tests.databases import DatabaseServer
from tests.workers import Workplace


@pytest.fixture
def guarded(place: Workplace) -> Workplace:
    """A workplace that makes backups."""
    place.environment |= {"BACKUP_DATABASE_URL": place.urls.backup, "BACKUP_KEYS": new_secret_key()}
    return place


@pytest.fixture
def scratch(postgres: DatabaseServer) -> Iterator[str]:
    """The address of a scratch server, for a role that may not do more than a drill needs."""
    role = f"drill_{uuid4().hex}"
    execute(
        postgres.owner_url,
        f"create role {role} login createdb noinherit password 'drill';"
        f" grant sightline_definer to {role} with inherit false, set true",
    )
    yield f"postgresql://{role}:drill@{postgres.owner_url.rpartition('@')[2]}"
    assert drill_databases(postgres) == []
    execute(postgres.owner_url, f"drop role {role}")


def execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def drill_databases(postgres: DatabaseServer) -> list[tuple[Any, ...]]:
    return execute(
        postgres.owner_url, r"select datname from pg_database where datname like 'sightline\_drill\_%'"
    )


def shelf(place: Workplace) -> Shelf:
    return Shelf(Store.for_backups(place.settings))


def last(place: Workplace, kind: Kind) -> Task:
    database = Database(place.urls.worker, pool_size=1)
    with database.tenant(SERVICE) as cursor:
        task, *_ = list_tasks(cursor, SERVICE, kind)
    database.close()
    return task


def done(place: Workplace, kind: Kind, ends: str = "done") -> dict[str, Any]:
    place.schedule(kind)
    assert place.work() == ends
    return last(place, kind).result or {}


def put_old(place: Workplace, age: timedelta) -> str:
    """A backup as it was left so long ago."""
    there = shelf(place)
    made = make_backup(place.urls.backup, there)
    moment = datetime.now(UTC) - age
    old = Manifest(**{**vars(made), "id": new_id(moment, "00000000"), "taken_at": moment})
    there.put_dump(old.id, list(there.content(made)))
    there.put_manifest(old)
    there.remove(made.id)
    return old.id


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_daily_task_makes_one_backup_and_remembers_it(guarded: Workplace) -> None:
    guarded.tenant(reports=5)

    result = done(guarded, BACKUP)

    (backup_id,) = shelf(guarded).ids()
    manifest = shelf(guarded).newest()
    assert result["backup"] == backup_id
    assert result["bytes"] == manifest.size
    assert manifest.rows["reports"] == 5
    assert manifest.task == str(last(guarded, BACKUP).id)


def test_an_attempt_takes_the_backup_of_one_that_died_before_it_could_say_so(guarded: Workplace) -> None:
    guarded.schedule(BACKUP)
    task = last(guarded, BACKUP)
    made = make_backup(guarded.urls.backup, shelf(guarded), task=str(task.id))
    make_backup(guarded.urls.backup, shelf(guarded))

    assert guarded.work() == "done"

    assert (last(guarded, BACKUP).result or {})["backup"] == made.id
    assert len(shelf(guarded).ids()) == 2


def test_without_an_address_no_backup_is_made_and_without_keys_that_is_an_error(place: Workplace) -> None:
    assert done(place, BACKUP) == {"skipped": "BACKUP_DATABASE_URL is not set"}
    assert done(place, BACKUP_CHECK) == {"set_up": False}
    assert done(place, RESTORE_DRILL)["skipped"]
    forget(place)
    place.environment["BACKUP_DATABASE_URL"] = place.urls.backup
    done(place, BACKUP, ends="failed")
    assert last(place, BACKUP).error == "BACKUP_KEYS is not set."


def test_a_role_that_may_write_makes_no_backup(guarded: Workplace, caplog: pytest.LogCaptureFixture) -> None:
    guarded.environment["BACKUP_DATABASE_URL"] = guarded.urls.worker

    done(guarded, BACKUP, ends="failed")

    assert shelf(guarded).ids() == []
    (told,) = [record for record in caplog.records if record.message == "backup failed"]
    assert "must name a role that only reads; this one may write" in vars(told)["reason"]


def test_a_backup_goes_before_it_is_35_days_old_even_if_it_is_the_last(
    guarded: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    young = put_old(guarded, KEPT_FOR - timedelta(hours=3))
    old = put_old(guarded, KEPT_FOR - timedelta(hours=1))
    store = Store.for_backups(guarded.settings)
    for age in (timedelta(hours=23), timedelta(hours=25)):
        store.put(f"backups/{new_id(datetime.now(UTC) - age, '11111111')}/database", [b"x"], owner="x")
    store.put("backups/readme", [b"not ours"], owner="x")

    assert done(guarded, BACKUP_SWEEP) == {"removed": [old], "unfinished": 1}

    assert shelf(guarded).ids() == [young]
    assert len(list(store.files("backups"))) == 2 + 1 + 1
    assert errors(caplog) == []
    shelf(guarded).remove(young)
    put_old(guarded, KEPT_FOR)
    forget(guarded)
    done(guarded, BACKUP_SWEEP)
    assert errors(caplog) == ["no backup left"]


def forget(place: Workplace) -> None:
    """Has the service's tasks not have been, so that another may be scheduled at once."""
    execute(place.urls.owner, f"delete from tasks where tenant_id = '{SERVICE}'")


def test_the_alarm_rings_when_the_last_good_backup_is_26_hours_old(
    guarded: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    put_old(guarded, timedelta(hours=25, minutes=59))
    assert done(guarded, BACKUP_CHECK)["overdue"] is False
    assert errors(caplog) == []
    shelf(guarded).remove(shelf(guarded).ids()[0])
    put_old(guarded, timedelta(hours=26, minutes=1))
    forget(guarded)

    assert done(guarded, BACKUP_CHECK)["overdue"] is True

    assert errors(caplog) == ["backup overdue"]
    gauges = (guarded.settings.state_dir / "metrics" / "backups.prom").read_text()
    taken_at = float(gauges.partition("\nsightline_last_backup_timestamp_seconds ")[2].split()[0])
    assert taken_at == pytest.approx(shelf(guarded).newest().taken_at.timestamp())


def test_a_backup_that_cannot_be_used_counts_for_nothing(
    guarded: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    put_old(guarded, timedelta(hours=30))
    spoilt = make_backup(guarded.urls.backup, shelf(guarded))
    dump = guarded.settings.state_dir / "store" / "backups" / spoilt.id / "database"
    dump.write_bytes(dump.read_bytes()[:-1])

    assert done(guarded, BACKUP_CHECK)["overdue"] is True
    assert errors(caplog) == ["backup unusable", "backup overdue"]


def test_a_new_installation_has_time_for_its_first_backup(
    guarded: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    assert done(guarded, BACKUP_CHECK)["overdue"] is False
    execute(guarded.urls.owner, "update schema_migrations set applied_at = applied_at - interval '27 hours'")
    forget(guarded)
    assert done(guarded, BACKUP_CHECK)["overdue"] is True
    assert errors(caplog) == ["backup overdue"]


def test_a_drill_restores_the_newest_backup_and_leaves_nothing(guarded: Workplace, scratch: str) -> None:
    guarded.environment["DRILL_DATABASE_URL"] = f"{scratch.rpartition('/')[0]}/postgres"
    guarded.tenant(reports=7)
    manifest = make_backup(guarded.urls.backup, shelf(guarded))
    execute(guarded.environment["DRILL_DATABASE_URL"], "create database sightline_drill_left_by_a_kill")

    result = done(guarded, RESTORE_DRILL)

    assert result["backup"] == manifest.id
    assert result["rows"] == sum(manifest.rows.values())
    assert result["tables"] == len(manifest.rows)
    assert result["seconds"] > 0


def test_a_drill_waits_for_the_first_backup(guarded: Workplace) -> None:
    guarded.environment["DRILL_DATABASE_URL"] = guarded.urls.owner
    guarded.schedule(RESTORE_DRILL)

    guarded.work()

    assert last(guarded, RESTORE_DRILL).unfinished


@pytest.mark.parametrize("damage", ["drop policy own_tenant on reports", "missing rows", "tampered"])
def test_damage_fails_the_drill_and_rings_the_alarm(
    guarded: Workplace, scratch: str, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    guarded.environment["DRILL_DATABASE_URL"] = f"{scratch.rpartition('/')[0]}/postgres"
    there = shelf(guarded)
    if damage.startswith("drop"):
        execute(guarded.urls.owner, damage)
    made = make_backup(guarded.urls.backup, there)
    manifest = guarded.settings.state_dir / "store" / "backups" / made.id / "manifest"
    if damage == "missing rows":
        manifest.unlink()
        there.put_manifest(Manifest(**{**vars(made), "rows": {**made.rows, "reports": 3}}))
    elif damage == "tampered":
        spoil(manifest.with_name("database"))

    done(guarded, RESTORE_DRILL, ends="failed")

    reason = last(guarded, RESTORE_DRILL).error or ""
    assert {"drop": "The table reports does not have the one policy",
            "miss": "The table reports has 0 rows where the backup had 3",
            "tamp": "was changed, cut short"}[damage[:4]] in reason  # fmt: skip
    assert "restore drill failed" in errors(caplog)
    caplog.clear()
    done(guarded, BACKUP_CHECK)
    assert "restore drill failed" in errors(caplog)


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_result_of_a_backup_is_json_without_secrets(guarded: Workplace) -> None:
    text = json.dumps(done(guarded, BACKUP))

    assert guarded.environment["BACKUP_KEYS"] not in text
    assert "for-tests-only" not in text
