from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extras
import pytest

from core.audit import EVENTS, record, record_refusal, remove_older
from core.callers import Caller
from core.database import Database, TenantRefused
from core.durations import parse_duration
from core.ids import uuid7
from core.tenants import Tenant
from tests.databases import DatabaseUrls


@pytest.fixture
def api(database: DatabaseUrls) -> Iterator[Database]:
    made = Database(database.api)
    yield made
    made.close()


def installed(api: Database, name: str = "acme") -> Caller:
    tenant_id = uuid7()
    base_url = f"https://{name}.atlassian.net"
    api.read_system(
        "select * from install_tenant(%s, %s, %s, 'x', 'k', now() - interval '1 hour', %s, 'b', now())",
        (tenant_id, name, base_url, name.encode()),
    )
    return Caller(Tenant(tenant_id, name, base_url, "active", 1, "x"), "ada", "connect")


def install_again(api: Database, tenant: Tenant, base_url: str, *, signed: str = "now()") -> str:
    (row,) = api.read_system(
        f"select outcome from install_tenant(%s, %s, %s, 'y', 'k', {signed}, %s, 'b', now())",
        (tenant.id, tenant.client_key, base_url, uuid7().bytes),
    )
    return str(row["outcome"])


def change(api: Database, tenant: UUID, event: str, *, signed: str = "now()") -> str:
    (row,) = api.read_system(
        f"select change_tenant(%s, %s, null, {signed}, %s, 'b', now()) as outcome",
        (tenant, event, uuid7().bytes),
    )
    return str(row["outcome"])


def trail(urls: DatabaseUrls, tenant: UUID) -> list[dict[str, Any]]:
    with (
        closing(psycopg2.connect(urls.owner)) as connection,
        connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor,
    ):
        cursor.execute("select * from audit where tenant_id = %s order by at, id", (tenant,))
        return [dict(row) for row in cursor.fetchall()]


def events(urls: DatabaseUrls, tenant: UUID) -> list[tuple[str, dict[str, Any]]]:
    return [(row["event"], row["details"]) for row in trail(urls, tenant)]


def as_owner(urls: DatabaseUrls, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(urls.owner)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def as_if_passed(urls: DatabaseUrls, minutes: int) -> None:
    """Makes the entries of the present earlier by so many minutes."""
    as_owner(
        urls,
        "update audit set at = at - make_interval(mins => %s)"
        " where event = 'refused' and at > now() - interval '5 minutes'",
        minutes,
    )


def test_the_code_and_the_table_know_the_same_events(database: DatabaseUrls) -> None:
    ((check,),) = as_owner(
        database,
        "select pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid = 'audit'::regclass and conname = 'audit_event_check'",
    )

    assert set(re.findall(r"'([a-z-]+)'::text", check)) == set(EVENTS)


def test_installing_and_what_follows_leaves_the_trail_in_order(database: DatabaseUrls, api: Database) -> None:
    tenant = installed(api).tenant
    change(api, tenant.id, "disabled")
    change(api, tenant.id, "enabled")
    install_again(api, tenant, "https://moved.atlassian.net")
    change(api, tenant.id, "uninstalled")
    install_again(api, tenant, "https://moved.atlassian.net")

    assert events(database, tenant.id) == [
        ("installed", {"base_url": "https://acme.atlassian.net"}),
        ("disabled", {}),
        ("enabled", {}),
        ("reinstalled", {"was": "active"}),
        ("moved", {"from": "https://acme.atlassian.net", "to": "https://moved.atlassian.net"}),
        ("uninstalled", {}),
        ("reinstalled", {"was": "uninstalled"}),
    ]
    rows = trail(database, tenant.id)
    assert {(row["account_id"], row["host"], row["subject"]) for row in rows} == {(None, "connect", None)}
    assert all(row["id"].version == 7 for row in rows)
    assert [row["id"].int >> 80 for row in rows] == sorted(row["id"].int >> 80 for row in rows)


def test_a_lifecycle_event_that_changes_nothing_leaves_no_entry(
    database: DatabaseUrls, api: Database
) -> None:
    tenant = installed(api).tenant
    change(api, tenant.id, "enabled")
    assert change(api, tenant.id, "disabled", signed="now() - interval '2 days'") == "stale"
    assert (
        install_again(api, tenant, "https://x.atlassian.net", signed="now() - interval '2 days'") == "stale"
    )
    change(api, tenant.id, "uninstalled")
    for late in ("uninstalled", "disabled", "enabled"):
        change(api, tenant.id, late)

    assert [event for event, _ in events(database, tenant.id)] == ["installed", "uninstalled"]


def record_and_fail(api: Database, caller: Caller) -> None:
    with api.tenant(caller.tenant.id) as cursor:
        record(cursor, caller, "export-requested")
        cursor.execute("select 1 / 0")


def test_an_entry_goes_with_the_transaction_that_it_tells_of(database: DatabaseUrls, api: Database) -> None:
    caller = installed(api)
    subject = uuid7()
    with pytest.raises(psycopg2.errors.DivisionByZero):
        record_and_fail(api, caller)
    with api.tenant(caller.tenant.id) as cursor:
        record(cursor, caller, "export-deleted", subject=subject, details={"state": "done"})

    (_, entry) = trail(database, caller.tenant.id)
    assert (entry["event"], entry["account_id"], entry["host"]) == ("export-deleted", "ada", "connect")
    assert (entry["subject"], entry["details"]) == (subject, {"state": "done"})


def test_a_caller_that_goes_on_trying_leaves_one_entry_a_minute_and_route(
    database: DatabaseUrls, api: Database
) -> None:
    caller = installed(api)
    for minutes in (10, 20, 30):
        for _ in range(20):
            record_refusal(api, caller, route="GET /api/v1/exports")
        as_if_passed(database, minutes)
    record_refusal(api, caller, route="POST /api/v1/exports")

    routes = [details["route"] for event, details in events(database, caller.tenant.id) if event == "refused"]
    assert routes.count("POST /api/v1/exports") == 1
    # One for each round; four where the clock itself turned to a new minute in the middle of one.
    assert routes.count("GET /api/v1/exports") in {3, 4}


def test_a_file_that_is_fetched_in_pieces_leaves_one_entry_a_minute(
    database: DatabaseUrls, api: Database
) -> None:
    caller, files = installed(api), [uuid7(), uuid7()]
    for file in files * 20:
        with api.tenant(caller.tenant.id) as cursor:
            record(cursor, caller, "export-downloaded", subject=file)
            record(cursor, caller, "export-requested", subject=file)

    subjects = [
        row["subject"] for row in trail(database, caller.tenant.id) if row["event"] == "export-downloaded"
    ]
    # Twice where the clock turned to a new minute meanwhile.
    assert [subjects.count(file) for file in files] in ([1, 1], [1, 2], [2, 1], [2, 2])
    assert len([1 for event, _ in events(database, caller.tenant.id) if event == "export-requested"]) == 40


def test_who_calls_for_a_tenant_that_is_not_active_leaves_no_entry(
    database: DatabaseUrls, api: Database
) -> None:
    caller = installed(api)
    change(api, caller.tenant.id, "disabled")

    with pytest.raises(TenantRefused):
        record_refusal(api, caller, route="GET /api/v1/exports")

    assert [event for event, _ in events(database, caller.tenant.id)] == ["installed", "disabled"]


@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize(
    "sql",
    [
        "update audit set event = 'moved'",
        "delete from audit",
        "truncate audit",
        "insert into audit (tenant_id, event, at) values (current_tenant(), 'moved', now())",
    ],
)
def test_no_role_changes_removes_or_backdates_an_entry(
    database: DatabaseUrls, api: Database, role: str, sql: str
) -> None:
    tenant = installed(api).tenant
    other = Database(getattr(database, role))

    with pytest.raises(psycopg2.errors.InsufficientPrivilege), other.tenant(tenant.id) as cursor:
        cursor.execute(sql)
    other.close()


def test_an_entry_cannot_be_large_or_of_an_unknown_event(api: Database) -> None:
    caller = installed(api)

    for event, details in (("refused", {"route": "x" * 100_000}), ("invented", {})):
        with pytest.raises(psycopg2.errors.CheckViolation), api.tenant(caller.tenant.id) as cursor:
            record(cursor, caller, event, details=details)  # type: ignore[arg-type]  # one is none on purpose


def test_a_tenant_sees_its_own_trail_alone(database: DatabaseUrls, api: Database) -> None:
    acme, zenith = installed(api, "acme"), installed(api, "zenith")
    for role in (database.api, database.worker):
        reader = Database(role)
        seen = reader.read(acme.tenant.id, "select distinct tenant_id from audit")
        assert seen == [{"tenant_id": acme.tenant.id}]
        reader.close()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), api.tenant(acme.tenant.id) as cursor:
        cursor.execute("insert into audit (tenant_id, event) values (%s, 'moved')", (zenith.tenant.id,))


def test_old_entries_of_all_tenants_go_in_batches_and_younger_ones_stay(
    database: DatabaseUrls, api: Database
) -> None:
    acme, zenith = installed(api, "acme"), installed(api, "zenith")
    for caller in (acme, zenith):
        with api.tenant(caller.tenant.id) as cursor:
            record(cursor, caller, "export-requested")
    year = parse_duration("P1Y")
    as_owner(database, "update audit set at = at - %s - interval '1 minute' where event = 'installed'", year)
    worker = Database(database.worker)

    assert [remove_older(worker, year, at_most=1) for _ in range(3)] == [1, 1, 0]
    worker.close()
    for caller in (acme, zenith):
        assert [event for event, _ in events(database, caller.tenant.id)] == ["export-requested"]
