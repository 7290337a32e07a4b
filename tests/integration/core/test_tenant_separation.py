from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from tests.databases import DatabaseServer, DatabaseUrls

ROLES = ("api", "worker")
REPORT = (
    "insert into reports (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)"
)


@dataclass(frozen=True)
class Shared:
    urls: DatabaseUrls
    acme: UUID
    zenith: UUID


def run(url: str, sql: str, tenant: UUID | None = None) -> list[tuple[object, ...]]:
    """What a query gives on a connection of its own, with the tenant set as our transactions set it."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        if tenant is not None:
            cursor.execute("select set_config('sightline.tenant', %s, true)", (str(tenant),))
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def new_tenant(database: Database, name: str) -> UUID:
    tenant_id = uuid7()
    database.read_system(
        "select * from install_tenant(%s, %s, %s, 'x', 'k', now(), %s, 'body', now() + interval '1 hour')",
        (tenant_id, name, f"https://{name}.atlassian.net", name.encode()),
    )
    with database.tenant(tenant_id) as cursor:
        cursor.execute(
            f"{REPORT} values (%s, %s, %s, %s, '{{}}', array['ada'], 'ada', 'ada')",
            (tenant_id, uuid7(), f"{name}'s report", name),
        )
    return tenant_id


@pytest.fixture(scope="module")
def shared(postgres: DatabaseServer) -> Iterator[Shared]:
    """A database with two tenants, for the tests that leave it as it is."""
    urls = postgres.fresh_database()
    yield with_two_tenants(urls)
    postgres.drop(urls.owner)


@pytest.fixture
def own(database: DatabaseUrls) -> Shared:
    """The same for a test that breaks it."""
    return with_two_tenants(database)


def with_two_tenants(urls: DatabaseUrls) -> Shared:
    api = Database(urls.api)
    tenants = new_tenant(api, "acme"), new_tenant(api, "zenith")
    api.close()
    return Shared(urls, *tenants)


def tenant_tables(owner: str) -> list[str]:
    rows = run(
        owner, "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    return [str(name) for (name,) in rows if name != "schema_migrations"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_the_rows_of_the_transactions_tenant_alone(shared: Shared, role: str) -> None:
    url = getattr(shared.urls, role)

    assert run(url, "select name from reports", shared.acme) == [("acme's report",)]
    assert run(url, "select client_key from tenants", shared.zenith) == [("zenith",)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("tenant", [None, UUID(int=0)])
def test_without_a_tenant_or_with_an_unknown_one_there_is_nothing(
    shared: Shared, role: str, tenant: UUID | None
) -> None:
    for table in ("tenants", "reports"):
        assert run(getattr(shared.urls, role), f"select count(*) from {table}", tenant) == [(0,)]


@pytest.mark.parametrize("role", ROLES)
def test_a_row_of_another_tenant_can_be_neither_written_nor_moved(shared: Shared, role: str) -> None:
    here, there = shared.acme, shared.zenith
    url = getattr(shared.urls, role)

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(url, f"update reports set tenant_id = '{there}'", here)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(
            url,
            f"{REPORT} values ('{there}', gen_random_uuid(), 'x', 'x', '{{}}', array['a'], 'a', 'a')",
            here,
        )
    run(url, f"update reports set name = 'taken' where tenant_id = '{there}'", here)
    assert run(url, "select name from reports", there) == [("zenith's report",)]


def test_the_owner_itself_sees_nothing(own: Shared) -> None:
    """As a plain role that owns the tables; a superuser is above all of this."""
    give_tables_to_a_plain_owner(own.urls)

    assert run(owner_view(own.urls), "select count(*) from reports", own.acme) == [(0,)]


def test_the_owner_sees_everything_once_force_is_dropped(own: Shared) -> None:
    give_tables_to_a_plain_owner(own.urls)
    run(own.urls.owner, "alter table reports no force row level security")

    assert run(owner_view(own.urls), "select count(*) from reports", own.acme) == [(2,)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "breach",
    [
        "alter table reports disable row level security",
        "drop policy own_tenant on reports; create policy own_tenant on reports using (true)",
        "alter policy own_tenant on reports using (true)",
    ],
)
def test_without_row_security_or_its_policy_one_tenant_sees_the_other(
    own: Shared, role: str, breach: str
) -> None:
    run(own.urls.owner, breach)

    names = run(getattr(own.urls, role), "select name from reports order by name", own.acme)

    assert names == [("acme's report",), ("zenith's report",)]


def test_without_any_policy_nobody_sees_anything(own: Shared) -> None:
    run(own.urls.owner, "drop policy own_tenant on reports")

    assert run(own.urls.api, "select name from reports", own.acme) == []


def test_row_security_is_enabled_and_forced_on_every_table_of_tenants(shared: Shared) -> None:
    unprotected = run(
        shared.urls.owner,
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        " and relname <> 'schema_migrations' and not (relrowsecurity and relforcerowsecurity)",
    )

    assert len(tenant_tables(shared.urls.owner)) >= 4
    assert unprotected == []


def test_every_key_and_index_of_a_tenants_table_begins_with_the_tenant(shared: Shared) -> None:
    leading = run(
        shared.urls.owner,
        "select c.relname, i.indexrelid::regclass::text, a.attname from pg_index i"
        " join pg_class c on c.oid = i.indrelid"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
        " where c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations'",
    )

    others = [row for row in leading if row[2] != "tenant_id"]
    # The tenants' own table is looked up by its id, and by the client key that a token names. The line of
    # tasks goes across tenants: only functions of the definer, which take the next one, can use it.
    assert sorted(others) == [
        ("tasks", "tasks_ageing", "due_at"),
        ("tasks", "tasks_due_at", "due_at"),
        ("tasks", "tasks_line", "rank"),
        ("tenants", "tenants_client_key_key", "client_key"),
        ("tenants", "tenants_pkey", "id"),
    ]


def test_the_roles_have_no_power_of_their_own(shared: Shared) -> None:
    powers = run(
        shared.urls.owner,
        "select rolname from pg_roles where rolname in ('sightline_api', 'sightline_worker')"
        " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)",
    )
    owned = run(
        shared.urls.owner,
        "select tablename from pg_tables where tableowner in"
        " ('sightline_api', 'sightline_worker', 'sightline_backup', 'sightline_definer')",
    )

    assert powers == []
    assert owned == []


@pytest.mark.parametrize(
    "sql",
    [
        "select secret from tenants",
        "update tenants set state = 'active'",
        "insert into tenants (id) values (gen_random_uuid())",
        "delete from reports",
        "truncate reports",
        "alter table reports disable row level security",
        "create table mine (a int)",
        "create function public.now() returns int language sql as 'select 1'",
        "set role sightline_definer",
        "set role sightline_worker",
        "select accept_callback(null, null, null, null)",
        "select * from accepted_callbacks",
        "call protect_tenant_table('reports')",
        "set row_security = off; select * from reports",
    ],
)
def test_the_api_role_may_not(shared: Shared, sql: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(shared.urls.api, sql, shared.acme)


def test_every_function_that_sees_all_tenants_is_closed_to_the_public_and_finds_its_names_in_a_fixed_path(
    shared: Shared,
) -> None:
    definers = run(
        shared.urls.owner,
        "select p.proname, r.rolname, p.proconfig::text,"
        " has_function_privilege('sightline_backup', p.oid, 'execute')"
        " from pg_proc p join pg_roles r on r.oid = p.proowner"
        " where p.prosecdef and p.pronamespace = 'public'::regnamespace",
    )

    assert len(definers) >= 4
    for _, owner, path, backup_may in definers:
        assert owner == "sightline_definer"
        assert path == '{"search_path=pg_catalog, public, pg_temp"}'
        assert backup_may is False


def test_a_table_in_the_way_of_ours_is_not_looked_at(shared: Shared) -> None:
    with closing(psycopg2.connect(shared.urls.api)) as connection, connection.cursor() as cursor:
        cursor.execute("create temp table tenants (id uuid, client_key text)")
        cursor.execute(
            "select * from install_tenant(gen_random_uuid(), 'acme', 'https://x', 'x', 'k', now(), 'n', 'b',"
            " now())"
        )

        assert cursor.fetchall() == [(shared.acme, "mistaken")]


def test_the_backup_role_reads_everything_and_writes_nothing(shared: Shared) -> None:
    for table in tenant_tables(shared.urls.owner):
        run(shared.urls.backup, f"select * from {table}")
    assert run(shared.urls.backup, "select count(*) from reports") == [(2,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run(shared.urls.backup, "update reports set name = 'x'")


def give_tables_to_a_plain_owner(urls: DatabaseUrls) -> None:
    name = urls.owner.rpartition("/")[2]
    run(
        urls.owner,
        f"create role plain_{name} login password 'plain'; grant usage on schema public to plain_{name};"
        f" alter table reports owner to plain_{name}",
    )


def owner_view(urls: DatabaseUrls) -> str:
    host, _, name = urls.owner.rpartition("@")[2].partition("/")
    return f"postgresql://plain_{name}:plain@{host}/{name}"
