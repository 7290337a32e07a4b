from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import falcon.testing
import psycopg2
import pytest

from api.app import create_app
from api.services import services_of
from core.database import Database
from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION, Answering, Site, answering

AUDIT = "/api/v1/audit"
EXPORTS = "/api/v1/exports"
CHECK = "/rest/api/3/permissions/check"
ADMIN = (200, b'{"globalPermissions": ["ADMINISTER"]}')
NO_ADMIN = (200, b'{"globalPermissions": []}')


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = ADMIN


def trail(site: Site, **query: Any) -> list[dict[str, Any]]:
    result = site.call("GET", AUDIT, query_string=urlencode(query))
    assert result.status_code == 200, result.text
    items: list[dict[str, Any]] = result.json["items"]
    return items


def events(site: Site) -> list[str]:
    return [entry["event"] for entry in trail(site, limit=100)]


def put(site: Site, report: dict[str, Any], *, as_: str = "ada", **members: Any) -> dict[str, Any]:
    result = site.call(
        "PUT", f"/api/v1/reports/{report['id']}", as_=as_, json=members,
        headers={"If-Match": f'"{report["version"]}"'},
    )  # fmt: skip
    assert result.status_code == 200, result.text
    changed: dict[str, Any] = result.json
    return changed


def test_an_entry_says_who_did_what_when_and_from_which_host(site: Site) -> None:
    before = datetime.now(UTC)
    export = site.call("POST", EXPORTS).json

    (entry,) = trail(site, event="export-requested")

    assert set(entry) == {"id", "at", "event", "account_id", "host", "subject", "details"}
    assert UUID(entry["id"]).version == 7
    assert abs(datetime.fromisoformat(entry["at"]) - before) < timedelta(minutes=1)
    assert entry["at"].endswith("Z")
    assert (entry["event"], entry["account_id"], entry["host"]) == ("export-requested", "ada", "connect")
    assert (entry["subject"], entry["details"]) == (export["id"], {})
    (installed,) = trail(site, event="installed")
    assert (installed["account_id"], installed["host"]) == (None, "connect")
    assert installed["details"] == {"base_url": site.base_url}


def test_what_jira_does_to_the_site_is_told_in_order(site: Site, new_site: Callable[[], Site]) -> None:
    other = new_site()
    assert site.uninstall().status_code == 204
    first, site.secret = site.base_url, "another secret that is long enough for its algorithm"
    with answering() as moved:
        moved.answers[CHECK] = ADMIN
        site.base_url = moved.url
        # Another token even within the same second, as the first one has been seen with another body.
        assert site.install(jti="moved").status_code == 204
        told = [(entry["event"], entry["details"]) for entry in trail(site)]

    assert told == [
        ("moved", {"from": first, "to": site.base_url}),
        ("reinstalled", {"was": "uninstalled"}),
        ("uninstalled", {}),
        ("installed", {"base_url": first}),
    ]
    assert events(other) == ["installed"]


def test_asking_for_the_export_that_is_under_way_leaves_no_second_entry(site: Site) -> None:
    site.call("POST", EXPORTS)
    site.call("POST", EXPORTS)
    export = site.call("GET", EXPORTS).json["items"][0]
    site.call("DELETE", f"{EXPORTS}/{export['id']}", as_="bob")

    assert events(site) == ["export-deleted", "export-requested", "installed"]
    deleted = trail(site)[0]
    assert (deleted["account_id"], deleted["details"]) == ("bob", {"was": "queued"})


def test_the_list_is_paged_newest_first_and_loses_nothing(site: Site) -> None:
    for _ in range(7):
        export = site.call("POST", EXPORTS).json
        site.call("DELETE", f"{EXPORTS}/{export['id']}")
    whole = trail(site, limit=100)

    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = site.call(
            "GET", AUDIT, query_string=urlencode({"limit": 4} | ({"cursor": cursor} if cursor else {}))
        ).json
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
        # What comes meanwhile stands before all of it.
        site.call("POST", EXPORTS)

    assert len(whole) == 15
    assert [entry["at"] for entry in whole] == sorted((entry["at"] for entry in whole), reverse=True)
    assert seen == whole


def test_filters_narrow_the_list(site: Site) -> None:
    mine = site.call("POST", EXPORTS, as_="ada").json
    site.call("DELETE", f"{EXPORTS}/{mine['id']}", as_="bob")
    middle = trail(site)[0]["at"]

    assert [entry["event"] for entry in trail(site, account="ada")] == ["export-requested"]
    assert [entry["account_id"] for entry in trail(site, event="export-deleted")] == ["bob"]
    assert trail(site, event="purge-requested") == []
    assert [entry["event"] for entry in trail(site, since=middle)] == ["export-deleted"]
    assert [entry["event"] for entry in trail(site, until=middle)] == ["export-requested", "installed"]
    assert trail(site, account="ada", event="export-deleted") == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("event=invented", "/event"),
        ("account=a%20b", "/account"),
        ("since=yesterday", "/since"),
        ("until=2026-01-01T00:00:00", "/until"),
        ("since=2026-01-01", "/since"),
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("cursor=x", "/cursor"),
        ("sort=at", "/sort"),
        ("event=moved&event=enabled", "/event"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_with_its_place(
    site: Site, query: str, pointer: str
) -> None:
    result = site.call("GET", AUDIT, query_string=query)

    assert result.status_code == 400
    assert [error["pointer"] for error in result.json["errors"]] == [pointer]


def test_a_cursor_that_names_no_entry_leads_to_the_end(site: Site) -> None:
    page = site.call("GET", AUDIT, query_string="cursor=018f0000-0000-7000-8000-000000000000").json

    assert page == {"items": [], "next": None}


def test_each_site_sees_its_own_trail(new_site: Callable[[], Site]) -> None:
    site, other = new_site(), new_site()
    site.call("POST", EXPORTS)

    assert events(other) == ["installed"]
    (entry,) = trail(site, event="export-requested")
    assert other.call("GET", AUDIT, query_string=f"cursor={entry['id']}").json["items"] == []


def test_sharing_leaves_what_changed_and_ids_alone(site: Site) -> None:
    report = site.create("Top secret")
    report = put(
        site, report, visibility="limited", shared_with={
            "accounts": ["carl", "dora"], "groups": [{"id": "g-1", "name": "Board"}], "projects": ["7"],
        },
    )  # fmt: skip
    report = put(site, report, name="Renamed", definition=DEFINITION, visibility="limited")
    put(
        site, report, administrators=["ada", "bob"],
        shared_with={"accounts": ["dora", "emil"], "groups": [{"id": "g-1", "name": "The board"}]},
    )  # fmt: skip

    second, first = trail(site, event="sharing-changed")

    assert first["subject"] == second["subject"] == report["id"]
    assert first["details"] == {
        "visibility": {"from": "private", "to": "limited"},
        "accounts": {"added": ["carl", "dora"]},
        "groups": {"added": ["g-1"]},
        "projects": {"added": ["7"]},
    }
    assert second["details"] == {
        "administrators": {"added": ["bob"]},
        "accounts": {"added": ["emil"], "removed": ["carl"]},
        "projects": {"removed": ["7"]},
    }
    everything = site.call("GET", AUDIT, query_string="limit=100").text
    for word in ("Top secret", "Renamed", "Board", "board", "TIMOB"):
        assert word not in everything


def test_a_new_report_leaves_an_entry_where_others_see_it_from_the_start(site: Site) -> None:
    site.create("Mine")
    public = site.create("For all", visibility="public")
    ours = site.create("Ours", administrators=["bob"])

    entries = {entry["subject"]: entry["details"] for entry in trail(site, event="sharing-changed")}

    assert entries == {
        public["id"]: {"visibility": {"from": "private", "to": "public"}},
        ours["id"]: {"administrators": {"added": ["bob"]}},
    }


def test_a_change_of_sharing_that_fails_leaves_no_entry(site: Site) -> None:
    report = site.create()
    stale = site.call(
        "PUT", f"/api/v1/reports/{report['id']}", json={"visibility": "public"}, headers={"If-Match": '"9"'}
    )

    assert stale.status_code == 412
    assert events(site) == ["installed"]


def test_an_entry_about_a_thousand_accounts_names_a_hundred_and_counts_the_rest(site: Site) -> None:
    accounts = [f"account-{number:04}" for number in range(1000)]
    site.create("For many", visibility="limited", shared_with={"accounts": accounts})

    (entry,) = trail(site, event="sharing-changed")

    assert entry["details"]["accounts"] == {"added": accounts[:100], "more_added": 900}


def test_who_is_refused_an_admins_route_leaves_an_entry(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = NO_ADMIN
    export = "018f0000-0000-7000-8000-000000000000"
    for method, path in (("POST", EXPORTS), ("GET", AUDIT), ("DELETE", f"{EXPORTS}/{export}")):
        assert site.call(method, path, as_="eve").status_code == 403
    jira.answers[CHECK] = ADMIN

    entries = trail(site, event="refused")

    assert {(entry["account_id"], entry["host"]) for entry in entries} == {("eve", "connect")}
    assert [(entry["details"], entry["subject"]) for entry in entries] == [
        ({"route": "DELETE /api/v1/exports/{export_id}"}, export),
        ({"route": "GET /api/v1/audit"}, None),
        ({"route": "POST /api/v1/exports"}, None),
    ]


def test_an_entry_says_where_jira_could_not_be_asked(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (500, b"")
    refused = site.call("POST", EXPORTS, as_="eve")
    jira.answers[CHECK] = ADMIN

    assert (refused.status_code, refused.json["unchecked"]) == (403, True)
    (entry,) = trail(site, event="refused")
    assert entry["details"] == {"route": "POST /api/v1/exports", "unchecked": True}


def test_who_sees_a_report_but_may_not_change_it_leaves_an_entry(site: Site) -> None:
    report = site.create(visibility="public")
    private = site.create("Hidden")
    for method, target in (("PUT", report), ("DELETE", report), ("PUT", private)):
        site.call(
            method, f"/api/v1/reports/{target['id']}", as_="eve", json={"name": "Mine now"},
            headers={"If-Match": '"1"'},
        )  # fmt: skip

    # Of the one that Eve does not see there is nothing to tell: to her it does not exist.
    assert [(entry["subject"], entry["details"]["route"]) for entry in trail(site, event="refused")] == [
        (report["id"], "DELETE /api/v1/reports/{report_id}"),
        (report["id"], "PUT /api/v1/reports/{report_id}"),
    ]


def test_who_goes_on_being_refused_leaves_an_entry_a_minute(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = NO_ADMIN
    for _ in range(30):
        assert site.call("GET", EXPORTS, as_="eve").status_code == 403
    jira.answers[CHECK] = ADMIN

    # Two where the clock turned to a new minute meanwhile.
    assert len(trail(site, event="refused")) in {1, 2}


def test_strangers_leave_no_entry(site: Site) -> None:
    forged = Site(site.client, site.base_url, site.client_key, "another secret of forty characters or more")
    for caller in (forged, Site(site.client, site.base_url)):
        for path in (EXPORTS, AUDIT, "/api/v1/reports"):
            assert caller.call("GET", path).status_code == 401
    assert site.call("GET", EXPORTS, as_=None).status_code == 403

    assert events(site) == ["installed"]


@pytest.fixture
def no_inserts(api_database: DatabaseUrls) -> Iterator[None]:
    def allow(*, allowed: bool) -> None:
        with (
            closing(psycopg2.connect(api_database.owner)) as connection,
            connection,
            connection.cursor() as c,
        ):
            verb, direction = ("grant", "to") if allowed else ("revoke", "from")
            columns = "tenant_id, event, account_id, host, subject, details"
            c.execute(f"{verb} insert ({columns}) on audit {direction} sightline_api")

    allow(allowed=False)
    yield
    allow(allowed=True)


@pytest.mark.usefixtures("no_inserts")
def test_without_its_entry_nothing_happens(site: Site) -> None:
    report = site.create()

    assert site.call("POST", EXPORTS).status_code == 500
    shared = site.call(
        "PUT", f"/api/v1/reports/{report['id']}", json={"visibility": "public"}, headers={"If-Match": '"1"'}
    )

    assert shared.status_code == 500
    assert site.call("GET", EXPORTS).json["items"] == []
    assert site.call("GET", f"/api/v1/reports/{report['id']}").json["visibility"] == "private"


def test_a_refusal_stands_where_its_entry_cannot_be_written(
    site: Site,
    jira: Answering,
    settings: Settings,
    api_database: DatabaseUrls,
    caplog: pytest.LogCaptureFixture,
) -> None:
    jira.answers[CHECK] = NO_ADMIN
    impatient = Database(settings.database_url, lock_timeout=0.2)
    client = falcon.testing.TestClient(create_app(services_of(settings, impatient)))
    there = Site(client, site.base_url, site.client_key, site.secret)
    with closing(psycopg2.connect(api_database.owner)) as connection, connection.cursor() as cursor:
        cursor.execute("lock table audit in access exclusive mode; set local role sightline_definer")
        with caplog.at_level(logging.WARNING, logger="sightline.audit"):
            refused = there.call("GET", EXPORTS, as_="eve")
    impatient.close()

    assert refused.status_code == 403
    assert [record.message for record in caplog.records] == ["refusal not recorded"]
