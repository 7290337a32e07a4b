from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from uuid import UUID

import psycopg2

from core.ids import uuid7
from core.leftovers import LEFTOVERS_SWEEP, TASKS_KEPT_FOR
from tests.workers import Workplace


def remember(place: Workplace, tenant: UUID, *, expires_in: timedelta) -> None:
    with closing(psycopg2.connect(place.urls.owner)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into accepted_callbacks values (%s, %s, 'body', now() + %s)",
            (tenant, uuid7().bytes, expires_in),
        )


def uninstall(place: Workplace, tenant: UUID) -> None:
    with place.api() as database:
        database.read_system(
            "select change_tenant(%s, 'uninstalled', null, now(), %s, 'b', now() + interval '1 hour')",
            (tenant, uuid7().bytes),
        )
    assert place.work() == "done"


def remaining(place: Workplace, table: str, tenant: UUID) -> int:
    with closing(psycopg2.connect(place.urls.owner)) as connection, connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table} where tenant_id = %s", (tenant,))
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_callbacks_that_expired_go_though_no_other_ever_comes(place: Workplace) -> None:
    gone, kept = place.tenant(), place.tenant()
    for _ in range(3):
        remember(place, gone, expires_in=timedelta(minutes=-1))
    remember(place, kept, expires_in=timedelta(minutes=-1))
    remember(place, kept, expires_in=timedelta(minutes=5))
    place.schedule(LEFTOVERS_SWEEP)

    assert place.work() == "done"

    assert place.last_result(LEFTOVERS_SWEEP) == {"callbacks": 4, "ledger": 0, "tasks": 0}
    assert [remaining(place, "accepted_callbacks", tenant) for tenant in (gone, kept)] == [0, 1]


def test_tasks_of_clearing_up_are_forgotten_after_a_month(place: Workplace) -> None:
    old, young = place.tenant(), place.tenant()
    uninstall(place, old)
    place.age_tasks(TASKS_KEPT_FOR + timedelta(minutes=1))
    uninstall(place, young)
    place.schedule(LEFTOVERS_SWEEP)

    assert place.work() == "done"

    assert place.last_result(LEFTOVERS_SWEEP) == {"callbacks": 0, "ledger": 0, "tasks": 1}
    assert [remaining(place, "tasks", tenant) for tenant in (old, young)] == [0, 1]
