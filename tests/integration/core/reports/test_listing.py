from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from core.prepared import Connection
from core.reports.administered import administered_query
from core.reports.listing import ListRequest, Sort, list_json, list_query
from core.rights import Standing
from tests.databases import DatabaseServer

TENANT, OTHER = uuid7(), uuid7()
NUMBER = 10_000
# Of ten reports: three by group, one by project and one by account, the others private.
FILL = """
    insert into reports (tenant_id, id, name, name_key, description, definition, administrators, visibility,
                         shared_accounts, shared_groups, shared_projects, created_by, updated_by, updated_at)
    select %(tenant)s, gen_random_uuid(), 'Report ' || n, 'report ' || n, repeat('About it. ', 5),
           %(definition)s, '{boss}', case when n %% 10 < 5 then 'limited' else 'private' end,
           case when n %% 10 = 4 then array['carl'] else '{}' end,
           case when n %% 10 < 3
                then jsonb_build_array(jsonb_build_object('id', 'team-' || n %% 7, 'name', 'Team'),
                                       jsonb_build_object('id', 'guild-' || n %% 90, 'name', 'Guild'))
                else '[]' end,
           case when n %% 10 = 3 then array[(10000 + n %% 200)::text, (20000 + n %% 50)::text] else '{}' end,
           'boss', 'boss', now() - n * interval '1 minute'
    from generate_series(1, %(number)s) n
"""
DEFINITION = {"jql": "project = TIMOB", "columns": [{"of": {"field": f"customfield_{n}"}} for n in range(40)]}
NOTHING_KNOWN = Standing()
MEMBER = Standing(
    groups=frozenset({"team-2", "guild-17", *(f"other-{n}" for n in range(40))}),
    browsable=frozenset(str(n) for n in range(10_000, 10_050)),
    closed=frozenset(str(n) for n in (*range(10_050, 10_200), *range(20_000, 20_050))),
)
STRANGER = Standing(frozenset({"nowhere"}), closed=MEMBER.closed | MEMBER.browsable)


@pytest.fixture(scope="module")
def database(postgres: DatabaseServer) -> Iterator[Database]:
    """Two tenants with ten thousand reports each."""
    urls = postgres.fresh_database()
    with closing(Database(urls.api)) as made:
        for tenant in (TENANT, OTHER):
            made.read_system(
                "select * from install_tenant(%s, %s, %s, 'x', 'k', now(), %s, 'body', now())",
                (tenant, str(tenant), f"https://{tenant}.atlassian.net", tenant.bytes),
            )
            with made.tenant(tenant) as cursor:
                cursor.execute(
                    FILL, {"tenant": tenant, "number": NUMBER, "definition": json.dumps(DEFINITION)}
                )
        with closing(psycopg2.connect(urls.owner)) as owner, owner, owner.cursor() as cursor:
            cursor.execute("analyze reports")
        yield made
    postgres.drop(urls.owner)


def plan(database: Database, request: ListRequest, account: str, standing: Standing) -> dict[str, Any]:
    """The plan of a list that all tenants share."""
    return plan_of(database, *list_query(request, account, standing))


def plan_of(database: Database, sql: str, parameters: dict[str, Any]) -> dict[str, Any]:
    with database.tenant(TENANT) as cursor:
        connection = cursor.connection
        assert isinstance(connection, Connection)
        cursor.execute(f"explain (analyze, buffers, format json) {connection.prepared(sql)}", parameters)
        row = cursor.fetchone()
    assert row
    content: dict[str, Any] = row["QUERY PLAN"][0]
    return content


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize(
    "standing", [NOTHING_KNOWN, MEMBER, STRANGER], ids=["nothing known", "member", "stranger"]
)
@pytest.mark.parametrize("sort", ["-updated", "name", "created"])
@pytest.mark.parametrize("account", ["bob", "boss"])
def test_a_list_reads_reports_through_indexes_of_the_tenant_alone(
    database: Database, standing: Standing, sort: Sort, account: str
) -> None:
    explained = plan(database, ListRequest(sort=sort), account, standing)

    reads = [node for node in nodes(explained["Plan"]) if node.get("Relation Name") == "reports"]
    assert reads
    for read in reads:
        condition = read.get("Index Cond") or read.get("Recheck Cond") or ""
        assert "tenant_id" in condition, read["Node Type"]
        assert read["Actual Rows"] + read.get("Rows Removed by Filter", 0) <= NUMBER


SHAPES = {
    "search": ListRequest(search="report 77"),
    "search in names' order": ListRequest(search="report 77", sort="name"),
    "search without a hit": ListRequest(search="nowhere"),
    "owner": ListRequest(owner="boss", sort="-created"),
    "owner of nothing": ListRequest(owner="bob"),
    "starred": ListRequest(starred=True),
    "not starred": ListRequest(starred=False, sort="-name"),
    "deleted": ListRequest(deleted=True),
    "all at once": ListRequest(search="report", owner="boss", starred=False, sort="created", limit=100),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("account", ["bob", "boss"])
@pytest.mark.parametrize("page", ["first", "tenth"])
def test_every_shape_of_list_reads_the_tenants_rows_alone_and_no_table_whole(
    database: Database, shape: str, account: str, page: str
) -> None:
    request = SHAPES[shape]
    for _ in range(9 if page == "tenth" else 0):
        sql, parameters = list_query(request, account, MEMBER)
        [row] = database.read(TENANT, sql, parameters)
        following = json.loads(list_json(row, request, unchecked=False))["next"]
        request = replace(request, cursor=following or request.cursor)

    explained = plan(database, request, account, MEMBER)

    assert_only_by_indexes_of_the_tenant(explained)


def test_what_an_account_administers_is_read_along_the_primary_key(database: Database) -> None:
    explained = plan_of(database, *administered_query("boss", 20, None))

    assert_only_by_indexes_of_the_tenant(explained)
    [scan] = [node for node in nodes(explained["Plan"]) if node.get("Relation Name") == "reports"]
    assert (scan["Index Name"], scan["Actual Rows"]) == ("reports_pkey", 21)


def assert_only_by_indexes_of_the_tenant(explained: dict[str, Any]) -> None:
    reads = [node for node in nodes(explained["Plan"]) if node.get("Relation Name") in {"reports", "stars"}]
    assert any(node["Relation Name"] == "reports" for node in reads)
    for read in reads:
        condition = read.get("Index Cond") or read.get("Recheck Cond") or ""
        assert "tenant_id" in condition, (read["Node Type"], read["Relation Name"])
        assert read["Actual Rows"] + read.get("Rows Removed by Filter", 0) <= NUMBER


# A search reads all that its caller sees, as PostgreSQL has no index for it without an extension.
@pytest.mark.parametrize("worst", ["a" * 99 + "b", "b" + "a" * 99, "a" * 49 + "b" + "a" * 50])
def test_no_text_takes_much_longer_to_search_for_than_a_word(database: Database, worst: str) -> None:
    with database.tenant(OTHER) as cursor:
        cursor.execute(
            "update reports set description = repeat('a', 4000), visibility = 'public'"
            " where name like 'Report 1%' and visibility <> 'public'"
        )

    word = min(seconds_to_search(database, "nowhere") for _ in range(3))
    assert min(seconds_to_search(database, worst) for _ in range(3)) < 5 * word


def seconds_to_search(database: Database, text: str) -> float:
    """How long a search without a hit takes."""
    sql, parameters = list_query(ListRequest(search=text), "bob", STRANGER)
    began = time.monotonic()
    [row] = database.read(OTHER, sql, parameters)
    assert row["items"] == ""
    return time.monotonic() - began


def test_a_list_of_what_everybody_sees_reads_no_more_than_its_page(database: Database) -> None:
    explained = plan(database, ListRequest(), "boss", MEMBER)

    [page] = [node for node in nodes(explained["Plan"]) if node.get("Index Name") == "reports_by_update"]
    assert page["Actual Rows"] + page.get("Rows Removed by Filter", 0) <= 21


def test_a_list_says_in_the_same_query_what_jira_would_have_to_be_asked(database: Database) -> None:
    half = replace(MEMBER, groups=None, closed=frozenset(str(n) for n in range(10_050, 10_200)))

    sql, parameters = list_query(ListRequest(), "bob", half)
    [row] = database.read(TENANT, sql, parameters)

    assert row["unasked_groups"] is True
    # Those of reports that are visible for another project need no question.
    assert row["unasked_projects"] == [str(20_000 + n) for n in range(50) if n % 10 == 3]
