from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services
from core.jira import Jira
from core.outbound import Outbound
from core.reports import Reports
from core.rights import Rights
from tests.clock import Clock
from tests.integration.api.connect_site import APP_KEY, Site
from tests.jira_server import CHECK, GROUPS, JiraServer, Reply, jira_server

REPORTS = "/api/v1/reports"
# Ada shares; Bob is in the group, sees the project and is named; nobody knows Eve.
SHARING: dict[str, dict[str, Any]] = {
    "account": {"accounts": ["bob"]},
    "group": {"groups": [{"id": "devs-id", "name": "Devs"}]},
    "project": {"projects": ["10001"]},
    "everybody": {},
}


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        there.groups["bob"] = {"devs-id", "others-id"}
        there.projects["bob"] = {10001}
        there.projects["eve"] = {10002}
        yield there


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(services: Services, clock: Clock) -> falcon.testing.TestClient:
    jira = Jira(Outbound(max_bytes=1_048_576), app_key=APP_KEY, clock=clock)
    rights = Rights(jira, clock=clock)
    reports = Reports(services.database, rights)
    return falcon.testing.TestClient(create_app(replace(services, rights=rights, reports=reports)))


def share(site: Site, kind: str, name: str = "Shared", **members: Any) -> dict[str, Any]:
    visibility = "public" if kind == "everybody" else "limited"
    return site.create(name, visibility=visibility, shared_with=SHARING[kind], **members)


def page(site: Site, as_: str, **query: str) -> dict[str, Any]:
    result = site.call("GET", REPORTS, as_=as_, query_string=urlencode(query))
    assert result.status_code == 200, result.text
    content: dict[str, Any] = result.json
    return content


def status(
    site: Site, as_: str, report: dict[str, Any], method: str = "GET", path: str = "", **more: Any
) -> int:
    return site.call(method, f"{REPORTS}/{report['id']}{path}", as_=as_, **more).status_code


IF_MATCH: dict[str, Any] = {"headers": {"If-Match": '"1"'}}


@pytest.mark.parametrize("kind", SHARING)
@pytest.mark.parametrize("account", ["bob", "eve"])
def test_a_report_is_open_to_whom_it_is_shared_with_and_to_nobody_else(
    site: Site, kind: str, account: str
) -> None:
    report = share(site, kind)
    seen = account == "bob" or kind == "everybody"

    # Each with nothing remembered would ask Jira by itself; the first one here does.
    assert status(site, account, report) == (200 if seen else 404)
    assert status(site, account, report, "PUT", "/star") == (204 if seen else 404)
    assert status(site, account, report, "PUT", json={"name": "x"}, **IF_MATCH) == (403 if seen else 404)
    assert status(site, account, report, "DELETE", **IF_MATCH) == (403 if seen else 404)
    assert site.names(as_=account) == (["Shared"] if seen else [])
    assert site.names("search=shared", as_=account) == (["Shared"] if seen else [])
    assert site.names("starred=true", as_=account) == (["Shared"] if seen else [])
    assert site.names("owner=ada", as_=account) == (["Shared"] if seen else [])
    assert site.names("deleted=true", as_=account) == []


@pytest.mark.parametrize("kind", ["group", "project"])
@pytest.mark.parametrize(
    ("route", "options", "expected"),
    [
        ("GET ", {}, 200),
        ("PUT /star", {}, 204),
        ("DELETE /star", {}, 204),
        ("PUT ", {"json": {"name": "x"}, **IF_MATCH}, 403),
        ("DELETE ", IF_MATCH, 403),
    ],
)
def test_every_route_asks_jira_where_nothing_is_remembered(
    site: Site, kind: str, route: str, options: dict[str, Any], expected: int
) -> None:
    method, path = route.split(" ")

    assert status(site, "bob", share(site, kind), method, path, **options) == expected


@pytest.mark.parametrize("kind", ["group", "project"])
def test_what_was_shared_counts_while_the_visibility_is_limited(site: Site, kind: str) -> None:
    report = share(site, kind)
    assert status(site, "bob", report) == 200
    site.call("PUT", f"{REPORTS}/{report['id']}", json={"visibility": "private"}, **IF_MATCH)

    assert status(site, "bob", report) == 404
    assert page(site, "bob") == {"items": [], "next": None}


def test_a_group_goes_by_its_id_and_not_by_its_name(site: Site) -> None:
    groups = [{"id": "else-id", "name": "devs-id"}, {"id": "Devs", "name": "others-id"}]
    site.create(visibility="limited", shared_with={"groups": groups})
    site.create("Renamed", visibility="limited", shared_with={"groups": [{"id": "devs-id", "name": "Old"}]})

    assert site.names(as_="bob") == ["Renamed"]


def test_an_administrator_of_the_site_sees_no_more_than_others(site: Site, jira: JiraServer) -> None:
    jira.admins.add("eve")
    for kind in ("account", "group", "project"):
        share(site, kind)
    site.create("Private")

    assert site.call("GET", "/api/v1/me", as_="eve").json["admin"] is True
    assert page(site, "eve") == {"items": [], "next": None}


@pytest.mark.parametrize("kind", ["group", "project"])
def test_a_right_that_is_given_or_taken_is_noticed_within_five_minutes(
    site: Site, jira: JiraServer, clock: Clock, kind: str
) -> None:
    report = share(site, kind)

    def set_right(*, given: bool) -> None:
        jira.groups["bob"] = {"devs-id"} if given else set()
        jira.projects["bob"] = {10001} if given else set()

    for given in (True, False, True):
        set_right(given=given)
        clock.now += 300
        assert site.names(as_="bob") == (["Shared"] if given else [])
        assert status(site, "bob", report) == (200 if given else 404)


def test_jira_is_asked_once_and_then_remembered(site: Site, jira: JiraServer, clock: Clock) -> None:
    for kind in ("group", "project"):
        share(site, kind)
    for _ in range(5):
        assert len(site.names(as_="bob")) == 2
        clock.now += 50

    assert jira.paths() == [GROUPS, CHECK]


def test_a_project_that_a_report_is_newly_shared_with_is_asked_about_at_once(
    site: Site, jira: JiraServer
) -> None:
    share(site, "project")
    assert site.names(as_="bob") == ["Shared"]
    jira.projects["bob"].add(10007)
    site.create("New", visibility="limited", shared_with={"projects": ["10007"]})

    assert site.names(as_="bob") == ["New", "Shared"]
    assert jira.asked[-1].body["projectPermissions"][0]["projects"] == [10007]


@pytest.mark.parametrize("account", ["ada", "bob"])
def test_jira_is_not_asked_where_nothing_rests_on_it(site: Site, jira: JiraServer, account: str) -> None:
    site.create("Private")
    for kind in ("account", "everybody"):
        share(site, kind)
    hidden = site.create(shared_with=SHARING["group"])
    mine = share(site, "group", "Bob's too", administrators=["ada", "bob"])
    deleted = share(site, "project")
    site.call("DELETE", f"{REPORTS}/{deleted['id']}", **IF_MATCH)

    page(site, account)
    assert status(site, account, mine) == 200
    assert status(site, "bob", hidden) == 404
    assert jira.asked == []


BAD_DAYS = {
    "down": Reply(500),
    "refusing": Reply(401),
    "busy": Reply(429, headers={"Retry-After": "30"}),
    "talking nonsense": Reply(body=b"<html>"),
    "endless": Reply(body=b"[" + b" " * 10_000_000 + b"]"),
}


@pytest.mark.parametrize("reply", BAD_DAYS.values(), ids=BAD_DAYS)
def test_a_jira_that_cannot_be_asked_means_no_and_the_list_says_so(
    site: Site, jira: JiraServer, clock: Clock, reply: Reply
) -> None:
    by_group = share(site, "group", "By group")
    share(site, "project", "By project")
    share(site, "account", "By account")
    jira.always = reply

    content = page(site, "bob")
    assert [item["name"] for item in content["items"]] == ["By account"]
    assert content["unchecked"] is True
    assert status(site, "bob", by_group) == 404
    assert site.call("GET", "/api/v1/me", as_="bob").json["unchecked"] is True

    jira.always = None
    clock.now += 31
    content = page(site, "bob")
    assert len(content["items"]) == 3
    assert "unchecked" not in content
    assert status(site, "bob", by_group) == 200


def test_a_silent_jira_holds_a_page_up_for_three_seconds_once(site: Site, jira: JiraServer) -> None:
    share(site, "group")
    share(site, "account")
    jira.always = Reply(hangs=True)
    started = time.monotonic()

    first = page(site, "bob")
    between = time.monotonic()
    second = page(site, "bob")

    assert first == second
    assert (len(first["items"]), first["unchecked"]) == (1, True)
    assert between - started < 5
    assert time.monotonic() - between < 1
    assert len(jira.asked) == 1


def test_what_is_remembered_outlives_a_jira_that_goes_down(
    site: Site, jira: JiraServer, clock: Clock
) -> None:
    share(site, "group")
    assert site.names(as_="bob") == ["Shared"]
    jira.always = Reply(500)
    clock.now += 299

    assert "unchecked" not in page(site, "bob")
    clock.now += 1
    assert page(site, "bob") == {"items": [], "next": None, "unchecked": True}


@pytest.mark.parametrize(
    "query",
    [
        {"search": "Layoffs"},
        {"search": "nothing like it"},
        {"owner": "ada"},
        {"starred": "true"},
        {"sort": "name"},
    ],
)
def test_what_a_list_says_of_jira_does_not_tell_whether_something_hidden_matches(
    site: Site, jira: JiraServer, query: dict[str, str]
) -> None:
    share(site, "group", "Layoffs")
    jira.always = Reply(500)

    assert page(site, "eve", **query) == {"items": [], "next": None, "unchecked": True}


def test_a_hidden_report_is_answered_as_one_that_does_not_exist(site: Site, jira: JiraServer) -> None:
    hidden = share(site, "project")
    no_such = {"id": hidden["id"][:-4] + "0000"}

    def asked_by(account: str, report: dict[str, Any]) -> tuple[Any, list[Any]]:
        before = len(jira.asked)
        answer = site.call("GET", f"{REPORTS}/{report['id']}", as_=account).json
        answer.pop("request_id")
        return answer, [
            (asked.path, asked.body and asked.body["projectPermissions"]) for asked in jira.asked[before:]
        ]

    assert asked_by("eve", hidden) == asked_by("mallory", no_such)
    assert asked_by("eve", hidden) == asked_by("eve", no_such)


def test_deleted_reports_do_not_rest_on_jira(site: Site, jira: JiraServer) -> None:
    share(site, "group")

    assert page(site, "bob", deleted="true") == {"items": [], "next": None}
    assert jira.asked == []


def test_what_was_learnt_of_a_person_is_asked_anew_for_a_new_installation(
    site: Site, jira: JiraServer
) -> None:
    share(site, "group")
    assert site.names(as_="bob") == ["Shared"]
    jira.groups.clear()
    site.uninstall()
    assert site.call("GET", REPORTS, as_="bob").status_code == 401
    site.secret = "a-new-secret-" * 4
    later = int(time.time()) + 5
    assert site.install(iat=later).status_code == 204

    assert site.names(as_="bob") == []


def test_groups_of_one_site_open_nothing_on_another(new_site: Callable[[], Site], jira: JiraServer) -> None:
    one, other = new_site(), new_site()
    share(one, "group", "One")
    share(other, "group", "Other")

    assert one.names(as_="bob") == ["One"]
    jira.groups.clear()
    assert other.names(as_="bob") == []


@pytest.mark.parametrize(
    ("shared_with", "pointer"),
    [
        ({"groups": [{"id": "g"}]}, "/shared_with/groups/0/name"),
        ({"groups": [{"name": "g"}]}, "/shared_with/groups/0/id"),
        ({"groups": [{"id": "g", "name": ""}]}, "/shared_with/groups/0/name"),
        ({"groups": [{"id": "g'--", "name": "g"}]}, "/shared_with/groups/0/id"),
        ({"groups": [{"id": "g", "name": "g", "self": "x"}]}, "/shared_with/groups/0/self"),
        ({"groups": ["g"]}, "/shared_with/groups/0"),
        ({"groups": [{"id": str(n), "name": "g"} for n in range(101)]}, "/shared_with/groups"),
        ({"projects": [10001]}, "/shared_with/projects/0"),
        ({"projects": ["TIMOB"]}, "/shared_with/projects/0"),
        ({"projects": ["²"]}, "/shared_with/projects/0"),
        ({"projects": ["1" * 20]}, "/shared_with/projects/0"),
        ({"projects": ["1", "1"]}, "/shared_with/projects"),
        ({"projects": [str(n) for n in range(1, 1002)]}, "/shared_with/projects"),
        ({"accounts": ["a b"]}, "/shared_with/accounts/0"),
        ({"accounts": ["a", "a"]}, "/shared_with/accounts"),
        ({"people": []}, "/shared_with/people"),
        ([], "/shared_with"),
    ],
)
def test_what_cannot_be_shared_with_is_refused_at_its_place(
    site: Site, shared_with: Any, pointer: str
) -> None:
    body = {"name": "x", "definition": {"jql": "", "columns": [{"of": {"field": "issuekey"}}]}}

    result = site.call("POST", REPORTS, json={**body, "shared_with": shared_with})

    assert result.status_code == 422, result.text
    assert [error["pointer"] for error in result.json["errors"]] == [pointer]
