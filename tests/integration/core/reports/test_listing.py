from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from core.prepared import Connection
from core.reports.listing import ListRequest, Sort, list_query
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
    """The plan that all tenants share."""
    sql, parameters = list_query(request, account, standing)
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
