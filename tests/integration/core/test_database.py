from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg2
import pytest

from core.database import Database, DatabaseUnavailable, PowerfulRole, TenantRefused, wait_for
from core.ids import uuid7
from tests.databases import DatabaseUrls

INSTALL = (
    "select * from install_tenant(%s, %s, 'https://a', 'x', 'k', now(), 't', 'b', now() + interval '1 h')"
)


@pytest.fixture
def api(database: DatabaseUrls) -> Iterator[Database]:
    made = Database(database.api, pool_size=2, wait=0.2)
    yield made
    made.close()


@pytest.fixture
def tenant(api: Database) -> UUID:
    tenant_id = uuid7()
    api.read_system(INSTALL, (tenant_id, "acme"))
    return tenant_id


def end_connections(database: DatabaseUrls) -> None:
    owner = psycopg2.connect(database.owner)
    with owner, owner.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
            " where usename = 'sightline_api' and datname = current_database()"
        )
    owner.close()


def test_a_read_sees_its_tenant_and_leaves_nothing_set(api: Database, tenant: UUID) -> None:
    assert api.read(tenant, "select id from tenants") == [{"id": tenant}]
    assert api.read_system("select current_setting('sightline.tenant', true) as left") in (
        [{"left": ""}],
        [{"left": None}],
    )


def test_a_read_takes_named_parameters_too(api: Database, tenant: UUID) -> None:
    assert api.read(tenant, "select %(a)s::int + %(a)s as sum", {"a": 2}) == [{"sum": 4}]


@pytest.mark.parametrize("version", [0, 2])
def test_another_version_of_the_secret_is_refused(api: Database, tenant: UUID, version: int) -> None:
    with pytest.raises(TenantRefused):
        api.read(tenant, "select 1", secret_version=version)
    with pytest.raises(TenantRefused), api.tenant(tenant, secret_version=version):
        pytest.fail("the transaction must not begin")
    assert api.read(tenant, "select 1 as one", secret_version=1) == [{"one": 1}]


def test_a_tenant_that_does_not_exist_is_refused(api: Database) -> None:
    with pytest.raises(TenantRefused):
        api.read(uuid7(), "select 1", secret_version=1)


def test_a_transaction_is_kept_at_its_end_and_undone_by_an_exception(api: Database, tenant: UUID) -> None:
    star = "insert into stars values (%s, %s, %s)"
    report = uuid7()
    with api.tenant(tenant) as cursor:
        cursor.execute(
            "insert into reports"
            " (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)"
            " values (%s, %s, 'a', 'a', '{}', array['a'], 'a', 'a')",
            (tenant, report),
        )

    def fail_after_writing() -> None:
        with api.tenant(tenant) as cursor:
            cursor.execute(star, (tenant, "ada", report))
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_writing()

    assert api.read(tenant, "select count(*) as n from reports") == [{"n": 1}]
    assert api.read(tenant, "select count(*) as n from stars") == [{"n": 0}]


def test_a_wrong_statement_does_not_spoil_the_connection(api: Database, tenant: UUID) -> None:
    for _ in range(3):
        with pytest.raises(psycopg2.errors.UndefinedTable), api.tenant(tenant) as cursor:
            cursor.execute("select * from nothing")
    assert api.read(tenant, "select 1 as one") == [{"one": 1}]


def test_a_connection_that_the_server_ended_is_replaced_without_notice(
    api: Database, tenant: UUID, database: DatabaseUrls
) -> None:
    for _ in range(2):
        api.read(tenant, "select 1")
        end_connections(database)
        assert api.read(tenant, "select 1 as one") == [{"one": 1}]
        end_connections(database)
        with api.tenant(tenant) as cursor:
            cursor.execute("select 2 as two")
            assert cursor.fetchall() == [{"two": 2}]


def test_a_connection_lost_in_the_middle_is_told_and_not_repeated(
    api: Database, tenant: UUID, database: DatabaseUrls
) -> None:
    def lose_it() -> None:
        with api.tenant(tenant) as cursor:
            end_connections(database)
            cursor.execute("select 1")

    with pytest.raises(DatabaseUnavailable):
        lose_it()
    assert api.read(tenant, "select 1 as one") == [{"one": 1}]


def test_who_finds_no_free_connection_is_told_after_a_while(api: Database) -> None:
    held, release = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with api.system() as cursor:
            cursor.execute("select 1")
            held.wait(timeout=10)
            release.wait(timeout=10)

    with ThreadPoolExecutor(2) as threads:
        jobs = [threads.submit(hold) for _ in range(2)]
        held.wait(timeout=10)
        with pytest.raises(DatabaseUnavailable):
            api.read_system("select 1")
        release.set()
        for job in jobs:
            job.result()
    assert api.read_system("select 1 as one") == [{"one": 1}]


def test_many_threads_keep_their_tenants_apart(database: DatabaseUrls) -> None:
    api = Database(database.api, pool_size=3)
    tenants = [uuid7() for _ in range(6)]
    for number, tenant_id in enumerate(tenants):
        api.read_system(INSTALL, (tenant_id, f"site {number}"))

    def look(tenant_id: UUID) -> bool:
        return all(api.read(tenant_id, "select id from tenants") == [{"id": tenant_id}] for _ in range(20))

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(look, tenants * 2))
    api.close()


def test_a_statement_that_takes_too_long_is_ended(database: DatabaseUrls) -> None:
    api = Database(database.api, statement_timeout=0.1)

    with pytest.raises(DatabaseUnavailable):
        api.read_system("select pg_sleep(5)")
    api.close()


@pytest.mark.parametrize("role", ["owner", "backup"])
def test_a_role_that_could_see_every_tenant_is_refused(database: DatabaseUrls, role: str) -> None:
    with pytest.raises(PowerfulRole):
        Database(getattr(database, role)).read_system("select 1")


def test_waiting_for_a_database_that_is_not_there_ends(database: DatabaseUrls) -> None:
    nowhere = Database("postgresql://sightline_api@127.0.0.1:1/nothing")

    with pytest.raises(DatabaseUnavailable):
        wait_for(nowhere, seconds=0.2)
    wait_for(Database(database.api), seconds=5)


def test_a_transaction_that_takes_too_long_is_ended_whatever_it_does(database: DatabaseUrls) -> None:
    hurried = Database(database.api, transaction_timeout=0.3, statement_timeout=10)
    started = time.monotonic()

    def linger() -> None:
        with hurried.system() as cursor:
            for _ in range(100):
                cursor.execute("select pg_sleep(0.1)")

    with pytest.raises(DatabaseUnavailable):
        linger()

    assert time.monotonic() - started < 5
    assert hurried.read_system("select 1 as up") == [{"up": 1}]
    hurried.close()
