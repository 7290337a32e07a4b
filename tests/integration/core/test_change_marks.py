"""The marks of tenants: what gives a new one, and what it costs whoever writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import pytest

from core.database import Database, TenantRefused
from core.ids import uuid7
from core.reports.listing import ListRequest, list_query
from core.reports.sweep import remove_expired
from core.rights import Standing
from tests.backups import ledger_in
from tests.databases import DatabaseUrls

REPORT = (
    "insert into reports (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)"
    " values (%s, %s, 'a', 'a', '{}', array['ada'], 'ada', 'ada')"
)
STAR = "insert into stars select tenant_id, 'bob', id from reports"
FAR_AGO = "update reports set deleted_at = now() - interval '40 days'"


@dataclass(frozen=True)
class Place:
    """A database with two tenants of two reports each, of which one has a star."""

    urls: DatabaseUrls
    api: Database
    here: UUID
    there: UUID

    def mark(self, tenant: UUID) -> str | None:
        return self.api.change_mark(tenant, secret_version=1)

    def marks(self) -> list[str | None]:
        return [self.mark(self.here), self.mark(self.there)]

    def as_owner(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.urls.owner)) as owner, owner, owner.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def as_role(self, role: str, sql: str) -> None:
        with closing(Database(getattr(self.urls, role))) as database, database.tenant(self.here) as cursor:
            cursor.execute(sql)


def new_tenant(api: Database, name: str) -> UUID:
    tenant = uuid7()
    api.read_system(
        "select * from install_tenant(%s, %s, 'https://a', 'x', 'k', now(), %s, 'b', now())",
        (tenant, name, name.encode()),
    )
    return tenant


@pytest.fixture
def place(database: DatabaseUrls) -> Iterator[Place]:
    with closing(Database(database.api, lock_timeout=5)) as api:
        tenants = [new_tenant(api, name) for name in ("here", "there")]
        for tenant in tenants:
            with api.tenant(tenant) as cursor:
                for _ in range(2):
                    cursor.execute(REPORT, (tenant, uuid7()))
                cursor.execute(f"{STAR} limit 1")
        yield Place(database, api, *tenants)


def test_a_tenant_has_a_mark_from_its_beginning(place: Place) -> None:
    first, second = (place.mark(new_tenant(place.api, name)) for name in ("new", "newer"))

    assert len({first, second, *place.marks(), None}) == 5


CHANGES = {
    "a report is added": "insert into reports select tenant_id, gen_random_uuid(), name, name_key, "
    "description, definition, definition_version, administrators, visibility, shared_accounts, shared_groups,"
    " shared_projects, version, now(), created_by, now(), updated_by from reports limit 1",
    "a report is changed": "update reports set name = 'b'",
    "only its sharing is": "update reports set shared_projects = array['7']",
    "a report is deleted": "update reports set deleted_at = now()",
    "a star is given": f"{STAR} on conflict do nothing",
    "a star is taken": "delete from stars",
}


@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_list_shows_a_change_of_it_gives_its_tenant_a_new_mark(
    place: Place, role: str, change: str
) -> None:
    here, there = place.marks()

    place.as_role(role, CHANGES[change])

    assert place.mark(place.here) not in {here, None}
    assert place.mark(place.there) == there


@pytest.mark.parametrize(
    "sql",
    [
        "update reports set name = 'b'",
        "delete from reports",
        "delete from stars",
        "truncate stars",
        "truncate reports cascade",
    ],
)
def test_what_reaches_several_tenants_gives_each_a_new_mark(place: Place, sql: str) -> None:
    before = place.marks()

    place.as_owner(sql)

    assert set(before).isdisjoint({*place.marks(), None})


def test_the_sweep_gives_new_marks_to_those_that_it_takes_from(place: Place, tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    place.as_role("api", FAR_AGO)
    here, there = place.marks()

    with closing(Database(place.urls.worker)) as worker:
        assert remove_expired(worker, ledger, at_most=10) == 2
        assert place.mark(place.here) != here
        assert place.mark(place.there) == there
        assert remove_expired(worker, ledger, at_most=10) == 0
    assert place.mark(place.there) == there


@pytest.mark.parametrize(
    "sql", ["update reports set name = 'b' where false", "delete from stars where false", "select 1"]
)
def test_what_changes_nothing_leaves_the_mark(place: Place, sql: str) -> None:
    before = place.marks()

    place.as_role("api", sql)

    assert place.marks() == before


def test_what_is_rolled_back_leaves_the_mark(place: Place) -> None:
    before = place.marks()

    def give_up() -> None:
        with place.api.tenant(place.here) as cursor:
            cursor.execute("update reports set name = 'b'; set constraints all immediate")
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    assert place.marks() == before


def test_a_part_that_is_rolled_back_does_not_hide_the_rest(place: Place) -> None:
    before = place.mark(place.here)

    with place.api.tenant(place.here) as cursor:
        cursor.execute("savepoint a; update reports set name = 'b'; set constraints all immediate")
        cursor.execute("rollback to a; set constraints all deferred; delete from stars")

    assert place.mark(place.here) != before


def test_a_tenant_can_be_removed_with_all_that_it_has(place: Place) -> None:
    place.as_owner(f"delete from tenants where id = '{place.here}'")

    assert place.as_owner("select tenant_id from change_marks") == [(place.there,)]
    with pytest.raises(TenantRefused):
        place.mark(place.here)


def test_a_mark_is_refused_as_any_read_is(place: Place) -> None:
    with pytest.raises(TenantRefused):
        place.api.change_mark(place.here, secret_version=2)
    with pytest.raises(TenantRefused):
        place.api.change_mark(uuid7(), secret_version=1)
    place.as_owner("update tenants set state = 'disabled'")
    with pytest.raises(TenantRefused):
        place.mark(place.here)


def test_a_tenant_without_a_mark_is_not_refused_and_gets_none(place: Place) -> None:
    place.as_owner("delete from change_marks")

    assert place.marks() == [None, None]
    place.as_role("api", "update reports set name = 'b'")
    assert place.marks() == [None, None]


def test_a_transaction_of_many_changes_writes_one_mark_in_place(place: Place) -> None:
    written = (
        "select pg_stat_get_xact_tuples_updated('change_marks'::regclass) as written,"
        " pg_stat_get_xact_tuples_hot_updated('change_marks'::regclass) as in_place"
    )
    with place.api.tenant(place.here) as cursor:
        cursor.execute(written)
        (before,) = cursor.fetchall()
        for _ in range(20):
            cursor.execute(REPORT, (place.here, uuid7()))
        cursor.execute("update reports set name = 'b'; delete from stars; set constraints all immediate")
        cursor.execute(written)
        (after,) = cursor.fetchall()

    assert {name: after[name] - before[name] for name in after} == {"written": 1, "in_place": 1}


def test_a_long_transaction_keeps_nobody_waiting_for_the_mark(place: Place) -> None:
    (first,), (second,) = place.as_owner(f"select id from reports where tenant_id = '{place.here}'")
    before = place.mark(place.here)
    change = "update reports set name = 'b' where id = %s"

    with place.api.tenant(place.here) as long:
        long.execute(change, (first,))
        with place.api.tenant(place.here) as short:
            short.execute(change, (second,))
        between = place.mark(place.here)
        assert between != before
        # In the other order this would be two that wait for each other.
        long.execute(change, (second,))

    assert place.mark(place.here) not in {before, between}


def test_many_who_write_at_once_wait_for_nobody_in_a_circle(place: Place) -> None:
    ids = [row[0] for row in place.as_owner("select id from reports")]
    together = threading.Barrier(8)

    def write(number: int) -> None:
        role = place.urls.owner if number < 2 else place.urls.api
        with closing(Database(role, any_role=True, lock_timeout=20)) as database:
            together.wait(timeout=30)
            for round_ in range(25):
                tenant = (place.here, place.there)[(number + round_) % 2]
                with database.tenant(tenant) as cursor:
                    if number < 2:  # of both tenants, in either order
                        cursor.execute("select from change_marks order by tenant_id for no key update")
                        cursor.execute("update stars set account_id = account_id")
                    else:
                        cursor.execute("update reports set name = 'b' where id = %s", (ids[number % 4],))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))


# What would let a page grow old: every table that a list reads has to have its triggers.
SHAPES = [
    (request, standing)
    for request in (ListRequest(), ListRequest(starred=True), ListRequest(search="a"), ListRequest(owner="b"))
    for standing in (Standing(), Standing(frozenset({"g"}), frozenset({"1"}), frozenset({"2"})))
]
TRIGGERS = """
    select t.tgrelid::regclass::text, pg_get_triggerdef(t.oid) from pg_trigger t
    where t.tgfoid in ('mark_changed'::regproc, 'mark_all_changed'::regproc) and t.tgenabled = 'O'
"""
WANTED = {
    "CREATE CONSTRAINT TRIGGER mark_changed AFTER INSERT OR DELETE OR UPDATE ON public.{table}"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mark_changed()",
    "CREATE TRIGGER mark_truncated AFTER TRUNCATE ON public.{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION mark_all_changed()",
}


def tables_read(plan: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in plan:
        yield plan["Relation Name"]
    for child in plan.get("Plans", []):
        yield from tables_read(child)


def tables_of_lists(place: Place) -> set[str]:
    found: set[str] = set()
    for request, standing in SHAPES:
        sql, parameters = list_query(request, "ada", standing)
        with place.api.tenant(place.here) as cursor:
            cursor.execute(f"explain (format json) {sql}", parameters)
            found.update(tables_read(cursor.fetchall()[0]["QUERY PLAN"][0]["Plan"]))
    return found - {"change_marks"}


def without_triggers(place: Place) -> set[str]:
    """Tables that a list reads and that lack a trigger."""
    there: dict[str, set[str]] = {}
    for table, definition in place.as_owner(TRIGGERS):
        there.setdefault(table, set()).add(definition)
    return {
        table
        for table in tables_of_lists(place)
        if there.get(table) != {wanted.format(table=table) for wanted in WANTED}
    }


def test_every_table_that_a_list_reads_gives_new_marks(place: Place) -> None:
    assert tables_of_lists(place) == {"reports", "stars"}
    assert without_triggers(place) == set()


@pytest.mark.parametrize(
    "breach",
    [
        "drop trigger mark_changed on stars",
        "drop trigger mark_truncated on stars",
        "alter table stars disable trigger mark_changed",
        "alter table stars enable replica trigger mark_changed",
        "drop trigger mark_changed on stars; create constraint trigger mark_changed after insert on stars"
        " deferrable initially deferred for each row execute function mark_changed()",
    ],
)
def test_a_trigger_that_is_missing_or_weaker_is_noticed(place: Place, breach: str) -> None:
    place.as_owner(breach)

    assert without_triggers(place) == {"stars"}
