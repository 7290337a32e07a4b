from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import psycopg2
import pytest

from core.database import TenantRefused
from core.ids import uuid7
from core.ledger import Deleted, Ledger
from core.purge import PURGE
from core.reports.sweep import REPORT_SWEEP, RESTORABLE_FOR
from core.tasks import request_task
from tests.separation import rows_of, session, tenant_tables
from tests.workers import Workplace
from worker.kinds import runners

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def ask(place: Workplace, tenant: UUID) -> UUID:
    with place.api() as database, database.tenant(tenant) as cursor:
        return request_task(cursor, PURGE, tenant, requested_by="ann")[0].id


def test_a_table_that_a_later_release_adds_is_emptied_too(place: Workplace) -> None:
    tenant, other = place.tenant(reports=1), place.tenant(reports=1)
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "create table notes (tenant_id uuid not null, report_id uuid not null, text text,"
            " foreign key (tenant_id, report_id) references reports (tenant_id, id));"
            "call protect_tenant_table('notes');"
            "insert into notes select tenant_id, id, 'a note' from reports"
        )
    ask(place, tenant)

    assert place.work() == "done"

    with session(place.urls.backup) as cursor:
        cursor.execute("select tenant_id::text from notes")
        assert cursor.fetchall() == [(str(other),)]
        cursor.execute("select counts ->> 'notes' from purge_receipts")
        assert cursor.fetchall() == [("1",)]


def test_every_table_of_tenants_is_one_that_a_purge_empties_or_the_receipts(place: Workplace) -> None:
    with session(place.urls.owner) as cursor:
        cursor.execute("select name from purged_tables()")
        emptied = [str(name) for (name,) in cursor.fetchall()]

    assert {*emptied, "tenants", "purge_receipts"} == set(tenant_tables(place.urls))
    assert emptied.index("stars") < emptied.index("reports")
    assert emptied.index("report_versions") < emptied.index("reports")


def test_without_the_lease_of_its_purge_nothing_of_a_tenant_can_be_removed(place: Workplace) -> None:
    tenant = place.tenant(reports=1)
    purge = ask(place, tenant)
    before = rows_of(place.urls, tenant)
    with place.as_worker() as database:
        for task, token in ((purge, uuid7()), (uuid7(), uuid7())):
            assert (
                database.read_system("select * from purge_tenant(%s, %s, %s, 0)", (tenant, task, token)) == []
            )
        for sql in (
            "select forget_tenant(%s, null, null, null)",
            "select name from purged_tables() where %s is not null",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                database.read_system(sql, (tenant,))
    with place.api() as database, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.read_system("select * from purge_tenant(%s, %s, %s, 0)", (tenant, purge, uuid7()))

    assert rows_of(place.urls, tenant) == before


@pytest.mark.parametrize("kind", ["export", "import", "purge"])
def test_nothing_can_be_asked_for_in_the_name_of_a_tenant_that_is_gone(place: Workplace, kind: str) -> None:
    nobody = uuid7()
    with place.api() as database, pytest.raises(TenantRefused), database.tenant(nobody) as cursor:
        request_task(cursor, runners()[kind].kind, nobody)


def test_the_ledger_tells_of_reports_before_they_are_gone_for_good(place: Workplace) -> None:
    gone, kept = place.tenant(reports=2), place.tenant(reports=1)
    with place.api() as database, database.tenant(gone) as cursor:
        cursor.execute("update reports set deleted_at = now() - %s returning id", (RESTORABLE_FOR,))
        reports = {row["id"] for row in cursor.fetchall()}
    place.schedule(REPORT_SWEEP)

    assert place.work() == "done"

    (entry,) = Ledger.of(place.settings).entries(LONG_AGO)
    assert isinstance(entry, Deleted)
    assert (entry.tenant_id, set(entry.report_ids)) == (gone, reports)
    assert len(rows_of(place.urls, kept)["reports"]) == 1
