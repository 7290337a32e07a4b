from __future__ import annotations

from typing import Any
from uuid import UUID

from core.ids import uuid7
from core.tasks import UNFINISHED
from core.uninstall import UNINSTALL_CLEANUP
from tests.workers import Workplace, eventually


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
    assert cleanup == {"subject": "2", "state": "done", "result": {"cancelled": 1, "removed": 0}}
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
        {"cancelled": 0, "removed": 1},
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
    assert cleanup["result"] == {"cancelled": 0, "removed": 0}
    assert (reports(place, tenant), exports(place, tenant)) == (1, [])
