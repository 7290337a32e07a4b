from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services, services_of
from core.database import Database
from core.ledger import Ledger
from core.purge import BY_OPERATOR, PURGE
from core.settings import Settings
from core.tasks import request_task
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.separation import rows_of, session
from tests.workers import Workplace

CHECK = "/rest/api/3/permissions/check"
PURGES = "/api/v1/purges"
NOBODY = "01890000-0000-7000-8000-000000000000"


pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own: workers look for the tasks of all sites."""
    return database


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def name_of(site: Site) -> str:
    return urlsplit(site.base_url).netloc


def ask(site: Site, **how: Any) -> falcon.testing.Result:
    return site.call("POST", PURGES, json={"confirm": name_of(site)}, **how)


def asked(site: Site) -> str:
    answer = ask(site)
    assert answer.status_code == 202, answer.text
    return str(answer.json["id"])


def make_due(place: Workplace) -> None:
    with session(place.urls.owner) as cursor:
        cursor.execute("update tasks set due_at = now() where kind = 'purge'")


def purged(site: Site, place: Workplace) -> str:
    purge = asked(site)
    make_due(place)
    assert place.work() == "done"
    return purge


def again(site: Site, method: str, path: str, **how: Any) -> falcon.testing.Result:
    """As the page asks: once more where it is told that this would help."""
    answer = site.call(method, path, **how)
    return site.call(method, path, **how) if answer.status_code == 503 else answer


def test_a_purge_waits_as_long_as_the_operator_set(site: Site, settings: Settings) -> None:
    answer = ask(site)

    assert answer.headers["Location"] == f"{PURGES}/{answer.json['id']}"
    shown = answer.json
    due, created = (datetime.fromisoformat(shown[member]) for member in ("due_at", "created_at"))
    assert due - created == settings.purge_delay == timedelta(days=7)
    assert (shown["state"], shown["created_by"], shown["asked_by"]) == ("waiting", "ada", "site admin")
    assert shown == site.call("GET", f"{PURGES}/{shown['id']}").json
    assert shown in site.call("GET", PURGES).json["items"]


def test_asking_again_gives_the_first(site: Site) -> None:
    first, second = ask(site), ask(site, as_="bob")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json == second.json
    assert len(site.call("GET", PURGES).json["items"]) == 1
    trail = site.call("GET", "/api/v1/audit", params={"event": "purge-requested"}).json["items"]
    assert [(entry["account_id"], entry["subject"]) for entry in trail] == [("ada", first.json["id"])]


@pytest.mark.parametrize(
    "confirm",
    [
        lambda name: f"http://{name}",
        lambda name: name.partition(":")[0],
        lambda name: f"{name}/",
        lambda name: f"{name} ",
        lambda _: "another.atlassian.net",
    ],
)
def test_another_name_than_the_sites_is_refused_at_its_place(
    site: Site, confirm: Callable[[str], str]
) -> None:
    answer = site.call("POST", PURGES, json={"confirm": confirm(name_of(site))})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/confirm"]
    assert name_of(site) in answer.json["errors"][0]["detail"]
    assert site.call("GET", PURGES).json["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 422, "/confirm"),
        ({"confirm": 1}, 422, "/confirm"),
        ({"confirm": ""}, 422, "/confirm"),
        ({"confirm": None}, 422, "/confirm"),
        ({"confirm": "x", "now": True}, 422, "/now"),
        ([], 422, ""),
        ("acme.atlassian.net", 422, ""),
    ],
)
def test_a_body_of_another_form_is_refused(site: Site, body: object, status: int, pointer: str) -> None:
    answer = site.call("POST", PURGES, json=body)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)
    assert site.call("GET", PURGES).json["items"] == []


def test_without_a_body_nothing_is_confirmed(site: Site) -> None:
    assert site.call("POST", PURGES).status_code in {400, 415}
    assert site.call("GET", PURGES).json["items"] == []


def test_who_does_not_administer_the_site_has_no_purge(site: Site, jira: Answering) -> None:
    purge = asked(site)
    jira.answers[CHECK] = (200, b'{"globalPermissions": []}')

    for method, path in (
        ("GET", PURGES), ("POST", PURGES), ("GET", f"{PURGES}/{purge}"), ("DELETE", f"{PURGES}/{purge}"),
        ("GET", f"{PURGES}/{purge}/receipt"),
    ):  # fmt: skip
        body: dict[str, Any] = {"json": {"confirm": name_of(site)}} if method == "POST" else {}
        assert site.call(method, path, as_="carl", **body).status_code == 403, (method, path)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_jira_is_asked_anew_before_a_purge_is_asked_for_or_aborted(
    site: Site, jira: Answering, method: str
) -> None:
    purge = asked(site)
    assert site.call("GET", PURGES).status_code == 200
    jira.answers[CHECK] = (200, b'{"globalPermissions": []}')

    body: dict[str, Any] = {"json": {"confirm": name_of(site)}} if method == "POST" else {}
    answer = site.call(method, PURGES if method == "POST" else f"{PURGES}/{purge}", **body)

    assert answer.status_code == 403


def test_a_purge_that_waits_is_aborted_by_any_admin(site: Site, place: Workplace) -> None:
    site.create("Kept")
    purge = asked(site)

    assert site.call("DELETE", f"{PURGES}/{purge}", as_="bob").status_code == 204

    make_due(place)
    assert place.work() == "nothing"
    shown = site.call("GET", f"{PURGES}/{purge}").json
    assert (shown["state"], shown["receipt"]) == ("cancelled", False)
    assert shown["finished_at"] is not None
    trail = site.call("GET", "/api/v1/audit", params={"event": "purge-aborted"}).json["items"]
    assert [(entry["account_id"], entry["subject"]) for entry in trail] == [("bob", purge)]
    assert len(site.call("GET", "/api/v1/reports").json["items"]) == 1
    assert asked(site) != purge


def test_what_was_aborted_or_is_done_cannot_be_aborted(site: Site, place: Workplace) -> None:
    aborted = asked(site)
    assert site.call("DELETE", f"{PURGES}/{aborted}").status_code == 204
    assert site.call("DELETE", f"{PURGES}/{aborted}").status_code == 409

    done = purged(site, place)

    assert again(site, "GET", "/api/v1/me").status_code == 200
    assert site.call("DELETE", f"{PURGES}/{done}").status_code == 409


def test_what_has_begun_cannot_be_aborted_even_between_attempts(site: Site, place: Workplace) -> None:
    purge = asked(site)
    make_due(place)
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "update tasks set state = 'running', started_at = now(), attempts = 1,"
            " lease_token = gen_random_uuid(), leased_until = now() where kind = 'purge'"
        )
    assert site.call("DELETE", f"{PURGES}/{purge}").status_code == 409
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "update tasks set state = 'queued', lease_token = null, leased_until = null, attempts = 0"
            " where kind = 'purge'"
        )

    assert site.call("DELETE", f"{PURGES}/{purge}").status_code == 409
    assert site.call("GET", "/api/v1/me").json["notices"][0]["kind"] == "purge under way"


@pytest.mark.parametrize("purge", [NOBODY, "no-uuid", "%20"])
def test_a_purge_that_is_not_there_is_not_found(site: Site, purge: str) -> None:
    for method, suffix in (("GET", ""), ("DELETE", ""), ("GET", "/receipt")):
        assert site.call(method, f"{PURGES}/{purge}{suffix}").status_code == 404


def test_before_it_is_done_there_is_no_receipt(site: Site) -> None:
    assert site.call("GET", f"{PURGES}/{asked(site)}/receipt").status_code == 404


def test_every_admin_is_told_while_it_waits_and_nobody_else(site: Site, jira: Answering) -> None:
    shown = ask(site).json

    notices = site.call("GET", "/api/v1/me", as_="bob").json["notices"]

    assert notices == [
        {"kind": "purge planned", "at": notices[0]["at"], "id": shown["id"],
         "due_at": notices[0]["due_at"], "requested_by": "ada"}
    ]  # fmt: skip
    assert [datetime.fromisoformat(notices[0][m]) for m in ("at", "due_at")] == [
        datetime.fromisoformat(shown[m]) for m in ("created_at", "due_at")
    ]
    jira.answers[CHECK] = (200, b'{"globalPermissions": []}')
    assert site.call("GET", "/api/v1/me", as_="carl").json["notices"] == []
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    site.call("DELETE", f"{PURGES}/{shown['id']}")
    assert site.call("GET", "/api/v1/me", as_="bob").json["notices"] == []


def test_after_a_purge_the_site_is_as_if_installed_just_now_but_for_the_receipt(
    site: Site, place: Workplace, services: Services
) -> None:
    before = services.tenants.find(site.client_key)
    for number in range(3):
        site.create(f"Report {number}")
    purge = purged(site, place)
    after = services.tenants.find(site.client_key)

    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert replace(after, id=before.id) == before
    assert site.call("GET", "/api/v1/reports").json["items"] == []
    assert site.call("GET", "/api/v1/audit").json["items"] == []
    assert site.call("GET", "/api/v1/settings").json["contact_addresses"] == []
    assert sum(len(rows) for rows in rows_of(place.urls, before.id).values()) == 0
    left = {table: len(rows) for table, rows in rows_of(place.urls, after.id).items() if rows}
    assert {"tenants", "purge_receipts"} <= set(left) <= {
        "tenants", "purge_receipts", "change_marks", "accepted_callbacks",
    }  # fmt: skip
    (shown,) = site.call("GET", PURGES).json["items"]
    assert (shown["id"], shown["state"], shown["receipt"]) == (purge, "done", True)
    assert shown == site.call("GET", f"{PURGES}/{purge}").json


def test_the_receipt_says_what_went_and_names_nobody(
    site: Site, place: Workplace, services: Services
) -> None:
    tenant = services.tenants.find(site.client_key)
    assert tenant is not None
    site.create("A name that must not stay")
    site.call("POST", "/api/v1/exports")
    assert place.work() == "done"
    purge = purged(site, place)
    answer = again(site, "GET", f"{PURGES}/{purge}/receipt")

    receipt = answer.json
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sightline-purge-20')
    assert (receipt["counts"]["reports"], receipt["counts"]["tasks"], receipt["files"]) == (1, 2, 1)
    ended = datetime.fromisoformat(receipt["ended_at"])
    assert receipt["backups_until"] == (ended.astimezone(UTC) + timedelta(days=35)).date().isoformat()
    text = json.dumps(receipt)
    for word in ("A name", "ada", site.client_key, site.base_url, name_of(site), str(tenant.id)):
        assert word not in text
    (entry,) = Ledger.of(place.settings).entries(ended - timedelta(minutes=1))
    assert (str(entry.id), entry.at) == (purge, ended)
    notice = site.call("GET", "/api/v1/me").json["notices"][0]
    assert (notice["kind"], notice["id"], notice["backups_until"]) == (
        "purge done", purge, receipt["backups_until"],
    )  # fmt: skip


def test_a_page_that_is_open_meanwhile_goes_on_after_one_more_try(site: Site, place: Workplace) -> None:
    site.create("Old")
    assert site.call("GET", "/api/v1/reports").status_code == 200
    purged(site, place)

    first, second = (site.call("GET", "/api/v1/reports") for _ in range(2))

    assert (first.status_code, second.status_code) == (503, 200)
    assert int(first.headers["Retry-After"]) > 0
    assert second.json["items"] == []
    assert site.create("New")["name"] == "New"


def test_who_writes_meanwhile_leaves_nothing(site: Site, place: Workplace) -> None:
    site.create("Old")
    purged(site, place)

    late = site.call("POST", "/api/v1/exports")

    assert late.status_code == 503
    assert site.call("GET", "/api/v1/exports").json["items"] == []


def test_a_second_purge_takes_the_first_ones_receipt_along(site: Site, place: Workplace) -> None:
    first = purged(site, place)
    again(site, "GET", "/api/v1/me")
    second = purged(site, place)

    items = again(site, "GET", PURGES).json["items"]

    assert [item["id"] for item in items] == [second, first]
    assert [site.call("GET", f"{PURGES}/{item['id']}/receipt").status_code for item in items] == [200, 200]


def test_what_an_operator_asked_for_is_shown_as_such(
    site: Site, place: Workplace, services: Services
) -> None:
    tenant = services.tenants.find(site.client_key)
    assert tenant is not None
    with services.database.tenant(tenant.id) as cursor:
        task, _ = request_task(cursor, PURGE, tenant.id, subject=BY_OPERATOR, params={"reason": "Letter 7"})
    (waiting,) = site.call("GET", PURGES).json["items"]
    assert (waiting["asked_by"], waiting["created_by"]) == ("operator", None)

    assert place.work() == "done"

    receipt = again(site, "GET", f"{PURGES}/{task.id}/receipt").json
    assert (receipt["asked_by"], receipt["reason"]) == ("operator", "Letter 7")


def test_the_sites_events_are_taken_as_before(site: Site, place: Workplace) -> None:
    purged(site, place)
    later = int(time.time()) + 2

    assert site.callback("disabled").status_code == 204
    assert site.callback("enabled").status_code == 204
    assert site.uninstall(iat=later, exp=later + 180).status_code == 204
    assert site.call("GET", "/api/v1/me").status_code == 401


def test_another_process_that_remembers_the_site_goes_on_too(
    site: Site, place: Workplace, settings: Settings
) -> None:
    database = Database(settings.database_url)
    client = falcon.testing.TestClient(create_app(services_of(settings, database)))
    other = Site(client, site.base_url, site.client_key, site.secret)
    assert other.call("GET", "/api/v1/me").status_code == 200
    purged(site, place)

    assert again(other, "GET", "/api/v1/me").json["admin"] is True
    database.close()
