"""Four accounts at two sites do what they like with reports over HTTP; the plain model says what they get.

Two processes share the database, each with a memory of its own, and each call goes to either of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import falcon.testing
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.app import create_app
from api.services import Services, services_of
from core.callers import Caller
from core.database import Database
from core.reports.listing import ListRequest
from core.reports.pages import Page, Pages
from core.reports.rows import IS_ADMINISTRATOR
from core.rights import Standing
from core.settings import Settings
from tests.integration.api.connect_site import Site
from tests.integration.api.described_client import DescribedClient
from tests.integration.api.reports_model import (
    ACCOUNTS,
    GROUPS,
    PROJECTS,
    SITE_ADMIN,
    Asked,
    Model,
    Refused,
    Report,
    Walk,
    sharing,
)
from tests.jira_server import JiraServer, jira_server

LONG = bool(os.environ.get("SOAK"))
REPORTS = "/api/v1/reports"
DEFINITIONS = [{"jql": jql, "columns": [{"of": {"field": "issuekey"}}]} for jql in ("", "project = A")]
TIMES = {"created_at", "updated_at"}

SITES = st.integers(0, 1)
WHO = st.sampled_from(ACCOUNTS)
WHICH = st.integers(0, 1 << 16)
NAMES = st.sampled_from(["Alpha", "alpha two", "Beta 100%", "Ünï", "x_y"])
KEYS = st.sampled_from([None, None, "k1", "k2"])
CONTENT = st.fixed_dictionaries(
    {}, optional={"name": NAMES, "description": NAMES, "definition": st.sampled_from(DEFINITIONS)}
)
SHARED = st.builds(
    sharing,
    st.lists(WHO, max_size=2, unique=True),
    st.lists(st.sampled_from(["g1", "g2"]), max_size=1),
    st.lists(st.sampled_from(["7", "8"]), max_size=1),
)
SHARING = st.fixed_dictionaries(
    {"visibility": st.sampled_from(["private", "limited", "limited", "public"])},
    optional={"shared_with": SHARED, "administrators": st.lists(WHO, min_size=1, max_size=3, unique=True)},
)
NEW = st.builds(
    lambda content, shared: {"name": "Alpha", "definition": DEFINITIONS[0], **content, **shared},
    CONTENT,
    SHARING,
)
# Behind the present version as a late writer is, mostly not.
BEHIND = st.sampled_from([0, 0, 0, 1])
ASKED = st.builds(
    Asked,
    site=SITES,
    account=WHO,
    sort=st.sampled_from(["name", "-name", "updated", "-updated", "created", "-created"]),
    search=st.sampled_from(["", "", "ALPHA", "%", "_", "ünï", "copy of"]),
    owner=st.sampled_from([None, None, *ACCOUNTS]),
    starred=st.sampled_from([None, None, True, False]),
    deleted=st.sampled_from([False, False, False, True]),
)


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        there.admins.add(SITE_ADMIN)
        for account in ACCOUNTS:
            there.groups[account] = GROUPS[account]
            there.projects[account] = {int(project) for project in PROJECTS[account]}
        yield there


class Remembering(Database):
    """Counts how often it was asked whether a page that is kept is still right."""

    looks = 0

    def change_mark(self, *arguments: Any, **options: Any) -> str | None:
        self.looks += 1
        return super().change_mark(*arguments, **options)


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Remembering]:
    with closing(Remembering(settings.database_url)) as database:
        yield database


@pytest.fixture
def clients(
    client: falcon.testing.TestClient, services: Services, settings: Settings, elsewhere: Remembering
) -> Iterator[list[falcon.testing.TestClient]]:
    """One for each process."""
    other = services_of(settings, elsewhere)
    other.rates.close()
    yield [client, DescribedClient(create_app(replace(other, rates=services.rates)))]
    other.redis.close()


class Sites(RuleBasedStateMachine):
    """The product, the model, and walks through lists that are under way."""

    clients: list[falcon.testing.TestClient]
    jira_url: str

    def __init__(self) -> None:
        super().__init__()
        self.dice = random.Random(0)  # noqa: S311 - the same choices for the same example
        self.sites = [Site(self.clients[0], self.jira_url) for _ in range(2)]
        for site in self.sites:
            assert site.install().status_code == 204
        self.model = Model()
        self.walks: list[Walk] = []

    def call(self, site: int, who: str, method: str, path: str, **options: Any) -> falcon.testing.Result:
        there = replace(self.sites[site], client=self.dice.choice(self.clients))
        return there.call(method, path, as_=who, **options)

    def at(self, which: int) -> tuple[Report, str]:
        report = self.model.reports[which % len(self.model.reports)]
        return report, f"{REPORTS}/{report.id}"

    def refused(self, who: str, answer: falcon.testing.Result, refusal: Refused) -> None:
        assert answer.status_code == refusal.status, answer.text
        if refusal.current:
            assert shown(answer.json["report"]) == refusal.current.shown(who)
            assert answer.json["version"] == refusal.current.version

    def same(self, who: str, answer: falcon.testing.Result, report: Report, status: int = 200) -> None:
        assert answer.status_code == status, answer.text
        assert shown(answer.json) == report.shown(who)
        assert answer.headers["ETag"] == f'"{report.version}"'

    @initialize(seed=st.integers(0, 1 << 16))
    def choose_processes(self, seed: int) -> None:
        self.dice.seed(seed)

    @rule(site=SITES, who=WHO, key=KEYS, body=NEW)
    def create(self, site: int, who: str, key: str | None, body: dict[str, Any]) -> None:
        answer = self.call(site, who, "POST", REPORTS, json=body, headers=keyed(key))
        try:
            report = self.model.made_before(site, who, key, body)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        if report is None:
            administrators = list(dict.fromkeys([who, *body.get("administrators", [])]))
            members = body | {"administrators": administrators}
            report = self.model.create(site, who, key, body, answer.json["id"], **members)
        return self.same(who, answer, report, 201)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH, key=KEYS, name=st.sampled_from([None, None, "Alpha"]))
    def copy(self, site: int, who: str, which: int, key: str | None, name: str | None) -> None:
        original, path = self.at(which)
        asked = {"copy of": original.id, "name": name}
        body = {} if name is None else {"json": {"name": name}}
        answer = self.call(site, who, "POST", f"{path}/copy", headers=keyed(key), **body)
        try:
            report = self.model.made_before(site, who, key, asked)
            if report is None:
                content = self.model.seen(site, who, original).content()
                content["name"] = name or f"Copy of {original.name}"[:255]
                report = self.model.create(site, who, key, asked, answer.json["id"], **content)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        return self.same(who, answer, report, 201)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH)
    def read(self, site: int, who: str, which: int) -> None:
        report, path = self.at(which)
        answer = self.call(site, who, "GET", path)
        try:
            self.same(who, answer, self.model.seen(site, who, report))
        except Refused as refusal:
            self.refused(who, answer, refusal)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH, behind=BEHIND, changes=st.one_of(CONTENT.filter(bool), SHARING))
    def edit_or_share(self, site: int, who: str, which: int, behind: int, changes: dict[str, Any]) -> None:
        report, path = self.at(which)
        version = report.version - behind
        answer = self.call(site, who, "PUT", path, json=changes, headers=tagged(version))
        try:
            self.model.hold(site, who, report, version)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        self.model.change(who, report, **changes)
        return self.same(who, answer, report)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH, starred=st.booleans())
    def star(self, site: int, who: str, which: int, *, starred: bool) -> None:
        report, path = self.at(which)
        answer = self.call(site, who, "PUT" if starred else "DELETE", f"{path}/star")
        try:
            stars = self.model.seen(site, who, report).stars
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        assert answer.status_code == 204
        return stars.add(who) if starred else stars.discard(who)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH, behind=BEHIND)
    def delete(self, site: int, who: str, which: int, behind: int) -> None:
        report, path = self.at(which)
        version = report.version - behind
        answer = self.call(site, who, "DELETE", path, headers=tagged(version))
        try:
            self.model.hold(site, who, report, version)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        assert answer.status_code == 204
        return self.model.change(who, report, deleted=True)

    @precondition(lambda self: any(report.deleted for report in self.model.reports))
    @rule(site=SITES, who=WHO, which=WHICH, behind=BEHIND)
    def restore(self, site: int, who: str, which: int, behind: int) -> None:
        report, path = self.at(which)
        version = report.version - behind
        answer = self.call(site, who, "POST", f"{path}/restore", headers=tagged(version))
        try:
            self.model.hold_deleted(site, who, report, version)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        self.model.change(who, report, deleted=False)
        return self.same(who, answer, report)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=st.sampled_from([*ACCOUNTS, SITE_ADMIN, SITE_ADMIN]), which=WHICH)
    def take_over(self, site: int, who: str, which: int) -> None:
        report, path = self.at(which)
        answer = self.call(site, who, "POST", f"{path}/take-over")
        if who != SITE_ADMIN or report.site != site:
            assert answer.status_code == (403 if who != SITE_ADMIN else 404)
            return None
        if who not in report.administrators:
            self.model.change(who, report, administrators=[*report.administrators, who])
        return self.same(who, answer, report)

    @precondition(lambda self: self.model.reports)
    @rule(site=SITES, who=WHO, which=WHICH, nth=st.integers(0, 3))
    def look_back(self, site: int, who: str, which: int, nth: int) -> None:
        report, path = self.at(which)
        number = report.versions()[-1 - nth % len(report.versions())]["version"]
        answer = self.call(site, who, "GET", f"{path}/versions/{number}")
        all_ = self.call(site, who, "GET", f"{path}/versions")
        try:
            entry = self.model.version(site, who, report, number)
        except Refused as refusal:
            self.refused(who, answer, refusal)
            return self.refused(who, all_, refusal)
        assert {name: answer.json[name] for name in entry} == entry
        kept = [(one["version"], one["by"], one["name"]) for one in reversed(report.versions())]
        assert [(one["version"], one["by"], one["name"]) for one in all_.json["items"]] == kept
        return None

    @precondition(lambda self: any(report.changes for report in self.model.reports))
    @rule(site=SITES, who=WHO, which=WHICH, behind=BEHIND, number=st.integers(1, 6))
    def take_back(self, site: int, who: str, which: int, behind: int, number: int) -> None:
        report, path = self.at(which)
        version = report.version - behind
        answer = self.call(site, who, "POST", f"{path}/versions/{number}/restore", headers=tagged(version))
        try:
            self.model.hold(site, who, report, version)
            entry = self.model.version(site, who, report, number)
        except Refused as refusal:
            return self.refused(who, answer, refusal)
        content = {name: entry[name] for name in ("name", "description", "definition")}
        self.model.change(who, report, **content)
        return self.same(who, answer, report)

    @rule(asked=ASKED)
    def list_everything(self, asked: Asked) -> None:
        answer = self.call(
            asked.site, asked.account, "GET", REPORTS, params={**asked.query(), "limit": "100"}
        )
        assert [shown(item) for item in answer.json["items"]] == [
            {name: value for name, value in report.shown(asked.account).items() if name != "definition"}
            for report in self.model.listed(asked)
        ]
        assert set(answer.json) == {"items", "next"}

    @rule(site=SITES)
    def look_as_ever(self, site: int) -> None:
        """As everybody does whenever the page opens, so that processes have kept what they are asked for."""
        for process in self.clients:
            for who in ACCOUNTS:
                answer = replace(self.sites[site], client=process).call("GET", REPORTS, as_=who)
                listed = [report.shown(who) for report in self.model.listed(Asked(site, who))]
                names = [(report["id"], report["version"], report["starred"]) for report in listed]
                items = answer.json["items"]
                assert [(item["id"], item["version"], item["starred"]) for item in items] == names[:20]

    @rule(asked=ASKED)
    def begin_to_page(self, asked: Asked) -> None:
        steady = {report.id: asked.place(report) for report in self.model.listed(asked)}
        self.walks.append(Walk(asked, steady))

    @precondition(lambda self: self.walks)
    @rule(which=WHICH, limit=st.integers(1, 3))
    def turn_a_page(self, which: int, limit: int) -> None:
        walk = self.walks[which % len(self.walks)]
        asked = walk.asked
        query = {**asked.query(), "limit": str(limit), **({"cursor": walk.cursor} if walk.cursor else {})}
        answer = self.call(asked.site, asked.account, "GET", REPORTS, params=query)
        rest = self.model.listed(asked, walk.after)
        assert [item["id"] for item in answer.json["items"]] == [report.id for report in rest[:limit]]
        assert (answer.json["next"] is None) == (len(rest) <= limit)
        walk.ids += [report.id for report in rest[:limit]]
        if answer.json["next"] is None:
            self.walks.remove(walk)
            assert list(walk.wrongly_met()) == []
        else:
            walk.cursor, walk.after = answer.json["next"], asked.place(rest[limit - 1])

    @invariant()
    def walks_know_what_stood_still(self) -> None:
        by_id = {report.id: report for report in self.model.reports}
        for walk in self.walks:
            walk.look_again(by_id.__getitem__)


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """An answer without the times, which the model does not know."""
    return {name: value for name, value in report.items() if name not in TIMES}


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def keyed(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Idempotency-Key": key}


def explore(clients: list[falcon.testing.TestClient], jira: JiraServer, *, examples: int, **how: Any) -> None:
    """Runs so many examples. Raises what one of them fails with."""

    class Here(Sites):
        pass

    Here.clients, Here.jira_url = clients, jira.url
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=60 if LONG else 40,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            **how,
        ),
    )


def test_reports_behave_as_the_model_says(
    clients: list[falcon.testing.TestClient], jira: JiraServer, elsewhere: Remembering
) -> None:
    explore(clients, jira, examples=500 if LONG else 30)

    assert elsewhere.looks > 100


def open_to_whom_it_is_not_limited_to(_standing: Standing) -> str:
    return f"(r.visibility <> 'private' or {IS_ADMINISTRATOR})"


def given_without_asking(
    self: Pages, caller: Caller, standing: Standing, request: ListRequest, _present: Callable[[], str | None]
) -> Page | None:
    kept = self._recent.get((caller.tenant.id, caller.account_id, standing, request))
    return kept.page if kept else None


BUGS: dict[str, tuple[str, object]] = {
    "limited reports are open to all": ("core.reports.rows.visible", open_to_whom_it_is_not_limited_to),
    "keys are forgotten": ("core.reports.creation.made_before", lambda *_: ()),
    "changes have no number": ("core.reports.store._CHANGED", "updated_at = now(), updated_by = %(account)s"),
    "a page is given again whatever has changed": ("core.reports.pages.Pages.find", given_without_asking),
    "a page is given again to whoever asks": (
        "core.reports.pages._key",
        lambda caller, _standing, request: (caller.tenant.id, request),
    ),
    "everybody who sees a report may change it": ("core.reports.sight.IS_ADMINISTRATOR", "true"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_mistake_in_the_product_is_noticed(
    clients: list[falcon.testing.TestClient], jira: JiraServer, monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    monkeypatch.setattr(*BUGS[bug])

    with pytest.raises(AssertionError):
        explore(clients, jira, examples=150, phases=[Phase.generate])
