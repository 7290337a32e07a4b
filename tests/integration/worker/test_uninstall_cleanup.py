from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from core.database import TenantRefused
from core.export import EXPORT, file_name
from core.ids import uuid7
from core.tasks import UNFINISHED, request_task
from core.tasks_lease import Lease, LeaseLost
from core.tenant_files import hold_files, hold_files_alone
from core.uninstall import UNINSTALL_CLEANUP
from tests.separation import session
from tests.workers import Workplace, eventually

ENDED = {"cancelled": 0, "imports": 0, "removed": 0, "files": 0}


def uninstall(place: Workplace, tenant: UUID) -> None:
    with place.api() as database:
        (row,) = database.read_system(
            "select change_tenant(%s, 'uninstalled', null, now(), %s, 'b', now()) as outcome",
            (tenant, uuid7().bytes),
        )
    assert row["outcome"] == "accepted"


def reinstall(place: Workplace, tenant: UUID) -> None:
    with place.api() as database:
        (row,) = database.read_system(
            "select outcome from install_tenant(%s, %s, 'https://acme.atlassian.net', 'x', 'k', now(), %s,"
            " 'b', now())",
            (tenant, str(tenant), uuid7().bytes),
        )
    assert row["outcome"] == "accepted"


def cleanups(place: Workplace, tenant: UUID) -> list[dict[str, Any]]:
    with place.api() as database:
        return database.read(
            tenant,
            "select subject, state, result from tasks where kind = %s order by id",
            (UNINSTALL_CLEANUP.name,),
        )


def exports(place: Workplace, tenant: UUID) -> list[str]:
    with place.api() as database:
        rows = database.read(tenant, "select state from tasks where kind = 'export' order by id")
    return [row["state"] for row in rows]


def reports(place: Workplace, tenant: UUID) -> int:
    with place.api() as database:
        return int(database.read(tenant, "select count(*) as number from reports")[0]["number"])


def exported(place: Workplace, tenant: UUID) -> UUID:
    task_id = place.request_export(tenant)
    assert place.work() == "done"
    return task_id


def test_an_uninstallation_clears_up_exports_and_leaves_the_reports(place: Workplace) -> None:
    gone, other = place.tenant(reports=3), place.tenant(reports=1)
    exported(place, gone)
    kept = exported(place, other)
    place.request_export(gone)
    uninstall(place, gone)

    with place.worker("--processes", "1"):
        eventually(lambda: [task["state"] for task in cleanups(place, gone)] == ["done"], "the clean-up")

    assert not {*UNFINISHED, "done"} & set(exports(place, gone))
    assert exports(place, other) == ["done"]
    assert place.stored() == [(place.task(other, kept).result or {})["file"]]
    assert reports(place, gone) == 3


def test_an_uninstallation_cancels_what_is_under_way(place: Workplace) -> None:
    tenant = place.tenant(reports=2)
    waiting = place.request_export(tenant)
    uninstall(place, tenant)
    lease = place.claim()
    assert lease.task.id == waiting

    assert place.work() == "done"

    (cleanup,) = cleanups(place, tenant)
    assert cleanup == {"subject": "2", "state": "done", "result": ENDED | {"cancelled": 1}}
    assert exports(place, tenant) == ["cancelled"]
    assert place.stored() == []


def test_a_reinstall_before_it_runs_keeps_everything(place: Workplace) -> None:
    tenant = place.tenant(reports=2)
    done = exported(place, tenant)
    uninstall(place, tenant)
    reinstall(place, tenant)

    assert place.work() == "done"

    (cleanup,) = cleanups(place, tenant)
    assert cleanup["result"] == {"reinstalled": True}
    assert place.stored() == [(place.task(tenant, done).result or {})["file"]]
    assert reports(place, tenant) == 2


def test_each_uninstallation_has_its_own_clean_up_and_the_last_one_does_the_work(place: Workplace) -> None:
    tenant = place.tenant()
    exported(place, tenant)
    uninstall(place, tenant)
    reinstall(place, tenant)
    uninstall(place, tenant)

    assert [place.work(), place.work(), place.work()] == ["done", "done", "nothing"]

    assert [task["result"] for task in cleanups(place, tenant)] == [
        {"reinstalled": True},
        ENDED | {"removed": 1, "files": 1},
    ]
    assert place.stored() == []


def test_doing_it_twice_changes_nothing_more(place: Workplace) -> None:
    tenant = place.tenant(reports=1)
    exported(place, tenant)
    uninstall(place, tenant)
    assert place.work() == "done"
    with place._everything() as cursor:
        cursor.execute(
            "update tasks set state = 'queued', finished_at = null, result = null where kind = %s",
            (UNINSTALL_CLEANUP.name,),
        )

    assert place.work() == "done"

    (cleanup,) = cleanups(place, tenant)
    assert cleanup["result"] == ENDED
    assert (reports(place, tenant), exports(place, tenant)) == (1, [])


def begin_export(place: Workplace, tenant: UUID) -> tuple[Lease, str]:
    """A worker has claimed an export and finished its file, but not said so."""
    place.request_export(tenant)
    lease = place.claim()
    name = file_name(tenant, lease.task.id, lease.token)
    place.store.put(name, [b"{}"], owner=str(tenant))
    return lease, name


def test_a_file_that_was_finished_while_the_app_was_uninstalled_goes(place: Workplace) -> None:
    tenant = place.tenant(reports=1)
    begin_export(place, tenant)
    uninstall(place, tenant)

    assert place.work() == "done"

    (cleanup,) = cleanups(place, tenant)
    assert cleanup["result"] == ENDED | {"cancelled": 1, "files": 1}
    assert place.stored() == []


def test_an_export_that_ends_just_before_is_removed_and_just_after_is_not_recorded(place: Workplace) -> None:
    before, after = place.tenant(), place.tenant()
    lease, name = begin_export(place, before)
    lease.finish({"file": name})
    late, _ = begin_export(place, after)
    for tenant in (before, after):
        uninstall(place, tenant)

    assert [place.work(), place.work()] == ["done", "done"]

    with pytest.raises(LeaseLost):
        late.finish({})
    assert place.stored() == []
    assert (exports(place, before), exports(place, after)) == ([], ["cancelled"])


def ask_while_it_is_uninstalled(place: Workplace, tenant: UUID) -> None:
    with place.api() as database, database.tenant(tenant, secret_version=1) as cursor:
        uninstall(place, tenant)
        request_task(cursor, EXPORT, tenant, requested_by="ann")


def test_an_export_that_is_being_asked_for_is_refused_by_the_uninstallation(place: Workplace) -> None:
    tenant = place.tenant()

    with pytest.raises(TenantRefused):
        ask_while_it_is_uninstalled(place, tenant)

    assert [place.work(), place.work()] == ["done", "nothing"]


def test_files_wait_for_whoever_still_writes_one_and_nobody_begins_another(place: Workplace) -> None:
    tenant = place.tenant()
    with place.as_worker() as writer, place.as_worker() as other, writer.tenant(tenant) as writing:
        hold_files(writing, tenant)
        with ThreadPoolExecutor(1) as pool, other.tenant(tenant) as removing:
            removal = pool.submit(hold_files_alone, removing, tenant)
            eventually(lambda: waits_for_files(place), "the removal to wait")
            with pytest.raises(TenantRefused), place.api() as api, api.tenant(tenant) as late:
                hold_files(late, tenant)
            assert not removal.done()
            writing.execute("rollback; begin")
            removal.result(30)


def waits_for_files(place: Workplace) -> bool:
    with session(place.urls.owner) as cursor:
        cursor.execute("select from pg_locks where locktype = 'advisory' and not granted")
        return bool(cursor.rowcount)


def test_imports_and_their_files_end_with_an_uninstallation(place: Workplace) -> None:
    tenant, import_id = place.tenant(), uuid7()
    with place.api() as database, database.tenant(tenant) as cursor:
        cursor.execute(
            "insert into imports (tenant_id, id, created_by) values (%s, %s, 'ann')", (tenant, import_id)
        )
    place.store.put(f"imports/{tenant}/{import_id}/1.part", [b"part"], owner=str(tenant))
    uninstall(place, tenant)

    assert place.work() == "done"

    (cleanup,) = cleanups(place, tenant)
    assert cleanup["result"] == ENDED | {"imports": 1, "files": 1}
    assert list(place.store.files("imports")) == []
    with place.api() as database:
        assert database.read(tenant, "select ended from imports") == [{"ended": "cancelled"}]
