"""What the list shows, compared with a plain model of who sees what."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.callers import Caller
from core.database import Database
from core.ids import uuid7
from core.jira import Jira
from core.outbound import Outbound
from core.reports import ListRequest, ReportMissing, Reports
from core.reports.body import name_key
from core.reports.listing import SORTS, Sort
from core.rights import Rights
from core.tenants import Tenant
from tests.databases import DatabaseServer
from tests.jira_server import JiraServer, Reply, jira_server

ACCOUNTS, GROUPS, PROJECTS = ("ada", "bob", "eve"), ("g1", "g2", "g3"), (10001, 10002, 10003)
DEFINITION = {"jql": "", "columns": [{"of": {"field": "issuekey"}}]}


def some(values: tuple[Any, ...]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2)


@dataclass(frozen=True)
class Planned:
    creator: str
    administrators: list[str]
    visibility: str
    accounts: list[str]
    groups: list[str]
    projects: list[int]
    name: str
    deleted: bool

    def body(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "definition": DEFINITION,
            "administrators": self.administrators or [self.creator],
            "visibility": self.visibility,
            "shared_with": {
                "accounts": self.accounts,
                "groups": [{"id": group, "name": "g1"} for group in self.groups],
                "projects": [str(project) for project in self.projects],
            },
        }


@dataclass(frozen=True)
class World:
    """Reports, and what Jira knows of each account; `down` where it does not tell."""

    reports: list[Planned]
    groups: dict[str, list[str]]
    projects: dict[str, list[int]]
    down: bool

    def visible(self, report: Planned, account: str) -> bool:
        return self.by_account(report, account) or (not self.down and self.by_jira(report, account))

    def by_account(self, report: Planned, account: str) -> bool:
        if report.deleted:
            return False
        if report.visibility == "public" or account in (report.creator, *report.administrators):
            return True
        return report.visibility == "limited" and account in report.accounts

    def by_jira(self, report: Planned, account: str) -> bool:
        in_group = set(report.groups) & set(self.groups[account])
        in_project = set(report.projects) & set(self.projects[account])
        return not report.deleted and report.visibility == "limited" and bool(in_group or in_project)

    def unchecked(self, account: str) -> bool:
        return self.down and any(
            report.visibility == "limited" and (report.groups or report.projects)
            for report in self.reports
            if not report.deleted and not self.by_account(report, account)
        )


@dataclass(frozen=True)
class Look:
    """Who looks, at which order by how many reports a page, and whether at the list before single reports."""

    account: str
    sort: Sort
    limit: int
    list_first: bool


PLANNED = st.builds(
    Planned,
    creator=st.sampled_from(ACCOUNTS),
    administrators=some(ACCOUNTS),
    visibility=st.sampled_from(["private", "limited", "limited", "limited", "public"]),
    accounts=some(ACCOUNTS),
    groups=some(GROUPS),
    projects=some(PROJECTS),
    name=st.sampled_from(["Äpfel", "apfel", "Birne", "Birne", "zoo"]),
    deleted=st.sampled_from([False, False, True]),
)
WORLDS = st.builds(
    World,
    reports=st.lists(PLANNED, min_size=1, max_size=8),
    groups=st.fixed_dictionaries({account: some(GROUPS) for account in ACCOUNTS}),
    projects=st.fixed_dictionaries({account: some(PROJECTS) for account in ACCOUNTS}),
    down=st.sampled_from([False, False, True]),
)
LOOKS = st.builds(
    Look,
    account=st.sampled_from(ACCOUNTS),
    sort=st.sampled_from(SORTS),
    limit=st.integers(1, 4),
    list_first=st.booleans(),
)


@pytest.fixture(scope="module")
def database(postgres: DatabaseServer) -> Iterator[Database]:
    urls = postgres.fresh_database()
    with closing(Database(urls.api)) as made:
        yield made
    postgres.drop(urls.owner)


@pytest.fixture(scope="module")
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        yield there


def new_tenant(database: Database, jira: JiraServer) -> Tenant:
    tenant = Tenant(
        uuid7(), secrets.token_hex(8), jira.url, "active", 1, "a secret of this test, long enough"
    )
    database.read_system(
        "select * from install_tenant(%s, %s, %s, 'x', 'k', now(), %s, 'body', now())",
        (tenant.id, tenant.client_key, tenant.base_url, tenant.id.bytes),
    )
    return tenant


def create_all(
    reports: Reports, tenant: Tenant, planned: list[Planned]
) -> list[tuple[Planned, dict[str, Any]]]:
    made = []
    for plan in planned:
        creator = Caller(tenant, plan.creator, "connect")
        report = reports.create(creator, plan.body(), None)
        if plan.deleted:
            reports.delete(creator, report.id, lambda _: True)
        made.append((plan, json.loads(report.json)))
    return made


def pages(reports: Reports, caller: Caller, look: Look) -> tuple[list[str], set[bool]]:
    """The ids of all pages, and what the pages say of `unchecked`."""
    ids, said, cursor = [], set(), None
    while True:
        content = json.loads(
            reports.page(caller, ListRequest(sort=look.sort, limit=look.limit, cursor=cursor)).content
        )
        ids += [item["id"] for item in content["items"]]
        said.add(content.get("unchecked", False))
        assert content["next"] is None or len(content["items"]) == look.limit
        cursor = content["next"]
        if cursor is None:
            return ids, said


def sort_key(sort: Sort, report: dict[str, Any]) -> tuple[str, str]:
    column = sort.lstrip("-")
    return name_key(report["name"]) if column == "name" else report[f"{column}_at"], report["id"]


def found(reports: Reports, caller: Caller, report: dict[str, Any]) -> bool:
    try:
        reports.get(caller, report["id"])
    except ReportMissing:
        return False
    return True


def tell(jira: JiraServer, world: World) -> None:
    jira.groups.clear()
    jira.projects.clear()
    jira.groups.update({name: set(held) for name, held in world.groups.items()})
    jira.projects.update({name: set(held) for name, held in world.projects.items()})
    jira.always = Reply(500) if world.down else None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLDS, look=LOOKS)
def test_each_account_is_shown_exactly_what_it_may_see(
    database: Database, jira: JiraServer, world: World, look: Look
) -> None:
    tell(jira, world)
    rights = Rights(Jira(Outbound(), app_key="com.app", wait=lambda _: None))
    reports = Reports(database, rights)
    tenant = new_tenant(database, jira)
    made = create_all(reports, tenant, world.reports)
    caller = Caller(tenant, look.account, "connect")

    expected = [report for plan, report in made if world.visible(plan, look.account)]
    if not look.list_first:
        assert [report for _, report in made if found(reports, caller, report)] == expected
    ordered = sorted(expected, key=partial(sort_key, look.sort), reverse=look.sort.startswith("-"))
    shown, said = pages(reports, caller, look)
    assert shown == [report["id"] for report in ordered]
    assert said == {world.unchecked(look.account)}
    assert [report for _, report in made if found(reports, caller, report)] == expected
