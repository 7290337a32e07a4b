"""A report that its caller may not see, asked for on every route: no answer, statement or question to Jira
tells it from one that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services
from core.database import Cursor, Database, Row
from core.jira import Jira
from core.outbound import Outbound
from core.reports import Reports
from core.rights import Rights
from tests.integration.api.connect_site import APP_KEY, Site
from tests.jira_server import JiraServer, jira_server

REPORTS = "/api/v1/reports"
TAG = {"If-Match": '"1"'}
ROUTES: dict[str, dict[str, Any]] = {
    "GET ": {},
    "PUT ": {"json": {"name": "X"}, "headers": TAG},
    "DELETE ": {"headers": TAG},
    "POST /copy": {"headers": {"Idempotency-Key": "k"}},
    "POST /restore": {"headers": TAG},
    "PUT /star": {},
    "DELETE /star": {},
    "GET /versions": {},
    "GET /versions/1": {},
    "POST /versions/1/restore": {"headers": TAG},
}
HIDDEN: dict[str, dict[str, Any]] = {
    "private": {},
    "private though shared": {"shared_with": {"accounts": ["bob"], "groups": [{"id": "g", "name": "G"}]}},
    "limited to another account": {"visibility": "limited", "shared_with": {"accounts": ["eve"]}},
    "limited to another group": {
        "visibility": "limited",
        "shared_with": {"groups": [{"id": "other", "name": "g"}]},
    },
    "limited to another project": {"visibility": "limited", "shared_with": {"projects": ["8"]}},
}


class Watched(Database):
    """Notes every statement, without its parameters."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.statements: list[str] = []

    def read(self, tenant_id: Any, sql: str, *arguments: Any, **options: Any) -> list[Row]:
        self.statements.append(sql)
        return super().read(tenant_id, sql, *arguments, **options)

    @contextmanager
    def tenant(self, *arguments: Any, **options: Any) -> Iterator[Cursor]:
        with super().tenant(*arguments, **options) as cursor:
            yield cast("Cursor", Noting(cursor, self.statements))


@dataclass
class Noting:
    """A cursor that notes what it executes."""

    cursor: Cursor
    statements: list[str] = field(default_factory=list)

    def execute(self, sql: str, parameters: Any = None) -> None:
        self.statements.append(sql)
        self.cursor.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        there.groups["bob"], there.projects["bob"] = {"g"}, {7}
        yield there


@pytest.fixture
def watched(services: Services) -> Iterator[Watched]:
    made = Watched(services.settings.database_url)
    yield made
    made.close()


@dataclass
class Bob:
    """Calls with nothing remembered of him, and tells what his call led to."""

    site: Site
    jira: JiraServer
    watched: Watched
    app: Callable[[], Any]

    def calls(self, route: str, report_id: str) -> dict[str, Any]:
        method, path = route.split(" ")
        site = replace(self.site, client=falcon.testing.TestClient(self.app()))
        self.jira.asked.clear()
        self.watched.statements.clear()
        answer = site.call(method, f"{REPORTS}/{report_id}{path}", as_="bob", **ROUTES[route])
        request_id = answer.headers["X-Request-Id"]
        # It counts his own requests, one more each time.
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "ratelimit"}
        return {
            "status": answer.status_code,
            "headers": {n: v for n, v in headers.items() if v != request_id},
            "body": answer.content.replace(request_id.encode(), b""),
            "statements": list(self.watched.statements),
            "jira": [(asked.method, asked.path, asked.query, asked.body) for asked in self.jira.asked],
        }


@pytest.fixture
def bob(site: Site, services: Services, jira: JiraServer, watched: Watched) -> Bob:
    def app() -> Any:
        rights = Rights(Jira(Outbound(), app_key=APP_KEY))
        return create_app(replace(services, rights=rights, reports=Reports(watched, rights)))

    return Bob(site, jira, watched, app)


@pytest.mark.parametrize("route", ROUTES)
def test_a_report_that_is_hidden_cannot_be_told_from_one_that_does_not_exist(bob: Bob, route: str) -> None:
    hidden = [bob.site.create("Layoffs", **sharing)["id"] for sharing in HIDDEN.values()]
    deleted = bob.site.create("Layoffs", visibility="public")["id"]
    bob.site.call("DELETE", f"{REPORTS}/{deleted}", headers=TAG)
    # Something of each kind that Bob sees, so that there is something to ask Jira about.
    for shared_with in ({"groups": [{"id": "g", "name": "G"}]}, {"projects": ["7"]}):
        bob.site.create("Shared", visibility="limited", shared_with=shared_with)

    nothing = bob.calls(route, "018f0000-0000-7000-8000-000000000000")

    assert nothing["status"] == 404
    assert nothing["statements"]
    assert len(nothing["jira"]) == (0 if route == "POST /restore" else 2)
    for report_id in (*hidden, deleted):
        assert bob.calls(route, report_id) == nothing
    for no_id in ("x", "%27"):
        answer = bob.calls(route, no_id)
        assert (answer["status"], answer["body"]) == (404, nothing["body"])


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_visible_would_be_answered_otherwise(bob: Bob, route: str) -> None:
    shared_with = {"groups": [{"id": "g", "name": "G"}]}
    report = bob.site.create("Shared", visibility="limited", shared_with=shared_with)["id"]
    nothing = bob.calls(route, "018f0000-0000-7000-8000-000000000000")

    answer = bob.calls(route, report)

    # Only administrators know that there is something to restore.
    assert (answer == nothing) is (route == "POST /restore")


LISTS = [
    {},
    {"search": "Layoffs"},
    {"owner": "ada"},
    {"starred": "false"},
    {"deleted": "true"},
    *({"sort": sort, "limit": "1"} for sort in ("name", "-name", "updated", "created", "-created")),
]


@pytest.mark.parametrize("query", LISTS, ids=str)
def test_lists_counts_and_cursors_are_the_same_without_what_is_hidden(
    new_site: Callable[[], Site], query: dict[str, str]
) -> None:
    # One of them has much besides, in between what Bob sees.
    answers = []
    for site, extra in ((new_site(), False), (new_site(), True)):
        for name in ("B", "D", "F"):
            if extra:
                for sharing in HIDDEN.values():
                    site.create(f"{name}, Layoffs", **sharing)
            site.create(name, visibility="public")
        answers.append(list(pages(site, query)))

    assert answers[0] == answers[1]


def pages(site: Site, query: dict[str, str]) -> Iterator[tuple[list[str], bool]]:
    """The names on each page, and whether one more is promised."""
    cursor: dict[str, str] = {}
    while True:
        answer = site.call("GET", REPORTS, as_="bob", params={**query, **cursor})
        assert answer.status_code == 200
        assert set(answer.json) == {"items", "next"}
        yield [item["name"] for item in answer.json["items"]], answer.json["next"] is not None
        if answer.json["next"] is None:
            return
        cursor = {"cursor": answer.json["next"]}
