from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg2
import pytest

from core.audit import AUDIT_SWEEP
from tests.workers import Workplace


def write_entries(place: Workplace, tenant: UUID, number: int, age: timedelta) -> None:
    connection = psycopg2.connect(place.urls.owner)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into audit (tenant_id, event, at)"
            " select %s, 'export-requested', now() - %s from generate_series(1, %s)",
            (tenant, age, number),
        )
    connection.close()


def remaining(place: Workplace, tenant: UUID) -> int:
    with place.api() as database:
        return int(database.read(tenant, "select count(*) as number from audit")[0]["number"])


@pytest.mark.parametrize("setting", ["P1Y", "P30D"])
def test_only_entries_beyond_the_retention_go(place: Workplace, setting: str) -> None:
    place.environment["AUDIT_RETENTION"] = setting
    kept_for = place.settings.audit_retention
    gone, mixed = place.tenant(), place.tenant()
    write_entries(place, gone, 6000, kept_for + timedelta(minutes=1))
    write_entries(place, mixed, 1, kept_for + timedelta(minutes=1))
    write_entries(place, mixed, 2, kept_for - timedelta(minutes=1))
    place.schedule(AUDIT_SWEEP)

    assert place.work() == "done"

    assert place.last_result(AUDIT_SWEEP) == {"removed": 6001}
    assert [remaining(place, tenant) for tenant in (gone, mixed)] == [0, 2]
