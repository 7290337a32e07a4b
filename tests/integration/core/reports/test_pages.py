"""Pages that a process keeps: given again while they are what the database would say, and to nobody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
import pytest

from core.callers import Caller
from core.database import Database, Row, TenantRefused
from core.ids import uuid7
from core.jira import Jira
from core.outbound import Outbound
from core.reports import ListRequest, Reports
from core.reports import pages as kept
from core.rights import Rights
from core.tenants import Tenant
from tests.clock import Clock
from tests.databases import DatabaseUrls
from tests.jira_server import JiraServer, Reply, jira_server

DEFINITION = {"jql": "", "columns": [{"of": {"field": "issuekey"}}]}
PLAIN = ListRequest()


class Watched(Database):
    """Counts the queries for pages."""

    queries = 0

    def read(self, *arguments: Any, **options: Any) -> list[Row]:
        self.queries += "from reports" in arguments[1]
        return super().read(*arguments, **options)


@dataclass
class Process:
    """One process of the API, with a memory of its own."""

    database: Watched
    reports: Reports

    def names(self, caller: Caller, request: ListRequest = PLAIN) -> list[str]:
        return [item["name"] for item in self.items(caller, request)]

    def items(self, caller: Caller, request: ListRequest = PLAIN) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = json.loads(self.reports.page(caller, request).content)["items"]
        return items

    def queries_for(self, caller: Caller, request: ListRequest = PLAIN) -> int:
        """How many queries one more page takes."""
        before = self.database.queries
        self.reports.page(caller, request)
        return self.database.queries - before

    def create(self, caller: Caller, name: str, **members: Any) -> Any:
        body = {"name": name, "definition": DEFINITION, "visibility": "public", **members}
        return self.reports.create(caller, body, None).id


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        yield there


@pytest.fixture
def start(database: DatabaseUrls) -> Iterator[Callable[..., Process]]:
    """Starts a process; `clock` is the one of what it knows of people."""
    started = []

    def start(clock: Clock | None = None) -> Process:
        watched = Watched(database.api, pool_size=8)
        started.append(watched)
        how = {"clock": clock} if clock else {}
        return Process(watched, Reports(watched, Rights(Jira(Outbound(), app_key="com.app"), **how)))

    yield start
    for watched in started:
        watched.close()


@pytest.fixture
def process(start: Callable[..., Process]) -> Process:
    return start()


@pytest.fixture
def new_tenant(process: Process, jira: JiraServer) -> Callable[[], Tenant]:
    def make() -> Tenant:
        made = Tenant(uuid7(), str(uuid7()), jira.url, "active", 1, "a secret of this test, long enough")
        process.database.read_system(
            "select * from install_tenant(%s, %s, %s, 'x', 'k', now(), %s, 'body', now())",
            (made.id, made.client_key, jira.url, made.id.bytes),
        )
        return made

    return make


@pytest.fixture
def ada(new_tenant: Callable[[], Tenant]) -> Caller:
    return Caller(new_tenant(), "ada", "connect")


def any_version(_version: int) -> bool:
    return True


def test_a_page_is_built_once_and_again_only_after_a_change(process: Process, ada: Caller) -> None:
    report = process.create(ada, "One")
    first = process.reports.page(ada, PLAIN)

    assert [process.queries_for(ada) for _ in range(3)] == [0, 0, 0]
    assert process.reports.page(ada, PLAIN) == first
    process.reports.replace(ada, report, {"name": "Two"}, any_version)
    assert process.names(ada) == ["Two"]
    assert process.queries_for(ada) == 0


CHANGES: dict[str, Callable[[Process, Caller, Any], object]] = {
    "create": lambda process, ada, _: process.create(ada, "Two"),
    "copy": lambda process, ada, report: process.reports.copy(ada, report, None, None),
    "edit": lambda process, ada, report: process.reports.replace(ada, report, {"name": "B"}, any_version),
    "share": lambda process, ada, report: process.reports.replace(
        ada, report, {"visibility": "private"}, any_version
    ),
    "star": lambda process, ada, report: process.reports.star(ada, report, starred=True),
    "delete": lambda process, ada, report: process.reports.delete(ada, report, any_version),
    "take over": lambda process, ada, report: process.reports.take_over(
        replace(ada, account_id="eve"), report
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_process_shows_each_change_at_once(
    start: Callable[..., Process], process: Process, ada: Caller, change: str
) -> None:
    report = process.create(ada, "One")
    elsewhere = start()
    before = elsewhere.items(ada)
    assert elsewhere.queries_for(ada) == 0

    CHANGES[change](process, ada, report)

    assert elsewhere.items(ada) == start().items(ada) != before
    assert elsewhere.queries_for(ada) == 0


def test_a_page_is_nobody_elses(process: Process, ada: Caller, new_tenant: Callable[[], Tenant]) -> None:
    bob, stranger = replace(ada, account_id="bob"), replace(ada, tenant=new_tenant())
    process.create(ada, "Hers", visibility="private")
    process.create(bob, "His", visibility="private")
    process.create(stranger, "Theirs")

    for _ in range(3):
        assert process.names(ada) == ["Hers"]
        assert process.names(bob) == ["His"]
        assert process.names(stranger) == ["Theirs"]
        assert process.names(replace(stranger, account_id="bob")) == ["Theirs"]


def test_whoever_leaves_a_group_loses_the_page_when_jira_is_asked_again(
    start: Callable[..., Process], ada: Caller, jira: JiraServer
) -> None:
    clock = Clock()
    process = start(clock)
    bob, jira.groups["bob"] = replace(ada, account_id="bob"), {"g"}
    shared = {"groups": [{"id": "g", "name": "G"}]}
    process.create(ada, "For the group", visibility="limited", shared_with=shared)
    assert process.names(bob) == ["For the group"]
    assert process.queries_for(bob) == 0

    jira.groups["bob"] = set()
    clock.now += 301

    assert process.names(bob) == []


def test_what_jira_could_not_be_asked_about_is_not_kept(
    start: Callable[..., Process], ada: Caller, jira: JiraServer
) -> None:
    clock = Clock()
    process = start(clock)
    bob, jira.groups["bob"] = replace(ada, account_id="bob"), {"g"}
    shared = {"groups": [{"id": "g", "name": "G"}]}
    process.create(ada, "For the group", visibility="limited", shared_with=shared)
    jira.always = Reply(500)
    assert process.names(bob) == []
    assert process.queries_for(bob) > 0

    jira.always = None
    clock.now += 60
    assert process.names(bob) == ["For the group"]


@pytest.mark.parametrize(
    "end",
    [
        "state = 'disabled'",
        "state = 'uninstalled', secret = null, secret_key_id = null",
        "secret_version = 2",
    ],
)
def test_a_tenant_that_is_refused_is_so_whatever_is_kept(
    process: Process, ada: Caller, database: DatabaseUrls, end: str
) -> None:
    process.create(ada, "One")
    process.reports.page(ada, PLAIN)
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute(f"update tenants set {end}")

    with pytest.raises(TenantRefused):
        process.reports.page(ada, PLAIN)


@pytest.mark.parametrize("request_", [ListRequest(deleted=True), ListRequest(search="one")])
def test_what_goes_by_the_clock_or_is_asked_once_is_read_each_time(
    process: Process, ada: Caller, request_: ListRequest
) -> None:
    process.reports.page(ada, request_)

    assert process.queries_for(ada, request_) == 1


def test_a_further_page_is_read_each_time(process: Process, ada: Caller) -> None:
    for name in ("One", "Two"):
        process.create(ada, name)
    content = json.loads(process.reports.page(ada, ListRequest(limit=1)).content)
    further = ListRequest(limit=1, cursor=content["next"])

    assert process.queries_for(ada, further) == process.queries_for(ada, further) == 1


def test_every_order_filter_and_length_has_a_page_of_its_own(process: Process, ada: Caller) -> None:
    for name in ("One", "Two"):
        process.create(ada, name)
    requests = [
        PLAIN, ListRequest(sort="name"), ListRequest(limit=1), ListRequest(starred=True),
        ListRequest(starred=False), ListRequest(owner="bob"), ListRequest(owner="ada", sort="-name"),
    ]  # fmt: skip
    expected = [["Two", "One"], ["One", "Two"], ["Two"], [], ["Two", "One"], [], ["Two", "One"]]

    for _ in range(2):
        assert [process.names(ada, request) for request in requests] == expected
    assert sum(process.queries_for(ada, request) for request in requests) == 0


def test_what_is_kept_is_bounded(
    process: Process, ada: Caller, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Process]
) -> None:
    process.create(ada, "One")
    monkeypatch.setattr(kept, "MOST_BYTES", 3 * (kept._BYTES_EACH + len(process.reports.page(ada, PLAIN)[0])))
    small = start()
    callers = [replace(ada, account_id=f"reader {number}") for number in range(4)]
    for caller in callers:
        small.reports.page(caller, PLAIN)

    assert [small.queries_for(caller) for caller in reversed(callers)] == [0, 0, 0, 1]


def test_without_its_mark_a_tenants_pages_are_built_each_time(
    process: Process, ada: Caller, database: DatabaseUrls
) -> None:
    process.create(ada, "One")
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("delete from change_marks")

    assert [process.queries_for(ada) for _ in range(3)] == [1, 1, 1]


def test_without_the_trigger_an_old_page_would_be_shown(
    process: Process, ada: Caller, database: DatabaseUrls
) -> None:
    report = process.create(ada, "One")
    assert process.names(ada) == ["One"]
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("alter table reports disable trigger mark_changed")

    process.reports.replace(ada, report, {"name": "Two"}, any_version)

    assert process.names(ada) == ["One"]


def test_who_reads_after_a_commit_sees_it_in_every_process(
    start: Callable[..., Process], process: Process, ada: Caller
) -> None:
    """Writers number their report upwards; a page may never show less than what was committed before it."""
    processes = [process, start()]
    reports = [process.create(ada, "0") for _ in range(3)]
    committed = dict.fromkeys(map(str, reports), 0)
    ended = threading.Event()
    looks: list[int] = []

    def write(report: Any) -> None:
        for number in range(1, 60):
            processes[number % 2].reports.replace(ada, report, {"name": str(number)}, any_version)
            committed[str(report)] = number

    def read(number: int) -> None:
        afterwards = 0
        while afterwards < 5:
            afterwards += ended.is_set()
            before = dict(committed)
            shown = {item["id"]: int(item["name"]) for item in processes[number % 2].items(ada)}
            assert all(shown[report] >= least for report, least in before.items())
            looks.append(number)

    with ThreadPoolExecutor(7) as threads:
        readers = [threads.submit(read, number) for number in range(4)]
        try:
            list(threads.map(write, reports))
        finally:
            ended.set()
        for reader in readers:
            reader.result()

    assert [item["name"] for item in process.items(ada)] == ["59", "59", "59"]
    assert len(looks) > sum(one.database.queries for one in processes), "no page was ever given again"
