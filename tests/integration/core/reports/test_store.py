from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from core.callers import Caller
from core.database import Database, Row
from core.ids import uuid7
from core.jira import Jira
from core.outbound import Outbound
from core.reports import ListRequest, Reports
from core.rights import Rights
from core.tenants import Tenant
from tests.databases import DatabaseUrls
from tests.jira_server import CHECK, GROUPS, JiraServer, jira_server

SECRET = "a secret of this test, long enough"
DEFINITION = {"jql": "", "columns": [{"of": {"field": "issuekey"}}]}


class Counted(Database):
    """Counts its round trips: reads, and of these the ones that only look at the change mark."""

    trips = 0
    looks = 0

    def read(self, *arguments: Any, **options: Any) -> list[Row]:
        self.trips += 1
        return super().read(*arguments, **options)

    def change_mark(self, *arguments: Any, **options: Any) -> str | None:
        self.trips += 1
        self.looks += 1
        return super().change_mark(*arguments, **options)


@pytest.fixture
def counted(database: DatabaseUrls) -> Iterator[Counted]:
    with closing(Counted(database.api)) as made:
        yield made


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        there.groups["bob"], there.projects["bob"] = {"g"}, {7}
        yield there


@pytest.fixture
def tenant(counted: Counted, jira: JiraServer) -> Tenant:
    tenant = Tenant(uuid7(), "site", jira.url, "active", 1, SECRET)
    counted.read_system(
        "select * from install_tenant(%s, 'site', %s, 'x', 'k', now(), 'token', 'body', now())",
        (tenant.id, jira.url),
    )
    return tenant


@pytest.fixture
def reports(counted: Counted, tenant: Tenant) -> Reports:
    made = Reports(counted, Rights(Jira(Outbound(), app_key="com.app")))
    for name, shared_with in {
        "By group": {"groups": [{"id": "g", "name": "G"}]},
        "By project": {"projects": ["7", "8"]},
    }.items():
        body = {"name": name, "definition": DEFINITION, "visibility": "limited", "shared_with": shared_with}
        made.create(Caller(tenant, "ada", "connect"), body, None)
    return made


def test_a_list_takes_one_round_trip_where_its_reader_is_known(
    reports: Reports, tenant: Tenant, counted: Counted, jira: JiraServer
) -> None:
    trips = []
    for account in ("bob", "bob", "ada"):
        before = counted.trips
        content = json.loads(reports.page(Caller(tenant, account, "connect"), ListRequest()).content)
        assert len(content["items"]) == 2
        trips.append(counted.trips - before)

    assert trips == [2, 1, 1]
    assert counted.looks == 1
    assert jira.paths() == [GROUPS, CHECK]


def test_a_report_that_its_reader_is_known_to_see_takes_one_round_trip(
    reports: Reports, tenant: Tenant, counted: Counted
) -> None:
    bob = Caller(tenant, "bob", "connect")
    listed = json.loads(reports.page(bob, ListRequest()).content)["items"]
    before = counted.trips

    for report in listed:
        reports.get(bob, report["id"])
    assert counted.trips - before == 2
