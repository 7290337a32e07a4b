from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import psycopg2
import pytest

from core import prepared
from core.database import Database, TenantRefused
from core.ids import uuid7
from tests.databases import DatabaseUrls

OWN = "select id from tenants where base_url like %(wanted)s"
PREPARED = "select name, statement, generic_plans, custom_plans from pg_prepared_statements order by name"


@pytest.fixture
def api(database: DatabaseUrls) -> Iterator[Database]:
    with closing(Database(database.api, pool_size=1)) as made:
        yield made


@pytest.fixture
def tenants(api: Database) -> list[UUID]:
    ids = [uuid7(), uuid7()]
    for tenant_id in ids:
        api.read_system(
            "select * from install_tenant(%s, %s, 'https://a', 'x', 'k', now(), %s, 'b', now())",
            (tenant_id, str(tenant_id), tenant_id.bytes),
        )
    return ids


def test_one_plan_serves_two_tenants_over_one_connection_and_keeps_them_apart(
    api: Database, tenants: list[UUID]
) -> None:
    for _ in range(10):
        for tenant in tenants:
            assert api.read(tenant, OWN, {"wanted": "https://%"}, secret_version=1) == [{"id": tenant}]

    enter, own = api.read_system(PREPARED)
    assert "enter_tenant" in enter["statement"]
    assert OWN.partition("%")[0] in own["statement"]
    assert (own["generic_plans"], own["custom_plans"]) == (20, 0)


def test_a_tenant_is_refused_before_and_after_the_query_is_prepared(
    api: Database, tenants: list[UUID]
) -> None:
    for _ in range(2):
        with pytest.raises(TenantRefused):
            api.read(tenants[0], OWN, {"wanted": "%"}, secret_version=2)
    assert api.read(tenants[0], OWN, {"wanted": "%"}, secret_version=1) == [{"id": tenants[0]}]
    assert len(api.read_system(PREPARED)) == 2


def test_an_error_leaves_what_is_prepared_usable(api: Database, tenants: list[UUID]) -> None:
    divide = "select 1 / %(by)s::int as part"
    for _ in range(2):
        with pytest.raises(psycopg2.errors.DivisionByZero):
            api.read(tenants[0], divide, {"by": 0})
    assert api.read(tenants[0], divide, {"by": 1}) == [{"part": 1}]
    with pytest.raises(psycopg2.errors.UndefinedTable):
        api.read(tenants[0], "select * from nothing where %(a)s", {"a": True})
    assert api.read(tenants[0], divide, {"by": 1}) == [{"part": 1}]


def test_a_query_may_have_no_place_the_same_place_twice_and_percent_signs(
    api: Database, tenants: list[UUID]
) -> None:
    assert api.read(tenants[0], "select 7 %% 4 as rest", {}) == [{"rest": 3}]
    assert api.read(tenants[0], "select %(a)s::int %% 4 + %(b)s + %(a)s as n", {"a": 6, "b": 1}) == [{"n": 9}]


def test_values_are_never_part_of_the_query(api: Database, tenants: list[UUID]) -> None:
    for value in ("'); drop table reports; --", "$1 %(a)s %s", "\\", "ä\u2028"):
        assert api.read(tenants[0], "select %(a)s::text as a", {"a": value}) == [{"a": value}]
    assert len(api.read_system(PREPARED)) == 2


def test_the_query_used_longest_ago_makes_room_for_a_new_one(
    api: Database, tenants: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_PREPARED", 3)
    for number in (1, 2, 1, 3, 1, 4):
        sql = f"select {number} + %(a)s as n"
        assert api.read(tenants[0], sql, {"a": 1}) == [{"n": number + 1}]

    kept = [row["statement"] for row in api.read_system(PREPARED)]
    assert len(kept) == 3
    assert any("select 1 +" in statement for statement in kept)
    assert not any("select 2 +" in statement for statement in kept)


def test_a_plan_follows_changes_of_the_tables(
    api: Database, tenants: list[UUID], database: DatabaseUrls
) -> None:
    assert api.read(tenants[0], OWN, {"wanted": "%"}) == [{"id": tenants[0]}]
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("alter table tenants add column later text; create index on tenants (id, base_url)")
    assert api.read(tenants[0], OWN, {"wanted": "%"}) == [{"id": tenants[0]}]
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("drop policy own_tenant on tenants")
    assert api.read(tenants[0], OWN, {"wanted": "%"}) == []
