from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from core.reports.sweep import REPORT_SWEEP, RESTORABLE_FOR
from tests.workers import Workplace


def delete_reports(place: Workplace, tenant: UUID, ago: timedelta) -> None:
    with place.api() as database, database.tenant(tenant) as cursor:
        cursor.execute("update reports set deleted_at = now() - %s", (ago,))


def remaining(place: Workplace, tenant: UUID) -> int:
    with place.api() as database:
        return int(database.read(tenant, "select count(*) as number from reports")[0]["number"])


def test_only_reports_deleted_too_long_ago_to_be_restored_go(place: Workplace) -> None:
    gone, kept, never_deleted = (place.tenant(reports=2) for _ in range(3))
    delete_reports(place, gone, RESTORABLE_FOR + timedelta(minutes=1))
    delete_reports(place, kept, RESTORABLE_FOR - timedelta(minutes=1))
    place.schedule(REPORT_SWEEP)

    assert place.work() == "done"

    assert place.last_result(REPORT_SWEEP) == {"removed": 2}
    assert [remaining(place, tenant) for tenant in (gone, kept, never_deleted)] == [0, 2, 2]
