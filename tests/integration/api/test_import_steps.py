from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.databases import DatabaseUrls
from tests.imported_sites import alike
from tests.imports import (
    AT,
    BYTES,
    checked,
    done,
    gadget,
    imported,
    packed,
    report,
    sent,
    uuid,
    version,
    whole,
)
from tests.integration.api.connect_site import DEFINITION, Answering, Site
from tests.separation import session
from tests.whole_database import dump
from tests.workers import Workplace

CHECK = "/rest/api/3/permissions/check"
FIELDS = "/rest/api/3/field"
USERS = "/rest/api/3/user/bulk"
GADGET = "/api/v1/gadgets/10000/10010"
NOTHING = {"reports": 0, "deleted_reports": 0, "versions": 0, "stars": 0, "gadgets": 0, "settings": 0}


pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own: workers look for the tasks of all sites."""
    return database


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def file_of(site: Site, **lists: Any) -> bytes:
    return packed(whole(base_url=site.base_url, **lists))


def knows(jira: Answering, asked: list[str], known: list[str]) -> None:
    """Jira's answer to the question about accounts, in the order in which it is asked."""
    users = [{"accountId": account, "accountType": "atlassian"} for account in known]
    query = "&".join(f"accountId={quote(account, safe='')}" for account in asked)
    answer = json.dumps({"values": [*users, {"accountId": "gone", "accountType": "unknown"}]}).encode()
    jira.answers[f"{USERS}?{query}&maxResults=90"] = (200, answer)


def only_report(site: Site) -> dict[str, Any]:
    (listed,) = site.call("GET", "/api/v1/reports").json["items"]
    found: dict[str, Any] = site.call("GET", f"/api/v1/reports/{listed['id']}").json
    return found


def trail(site: Site, event: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.call("GET", "/api/v1/audit", query_string=f"event={event}").json[
        "items"
    ]
    return items


def test_a_check_says_what_would_happen_and_changes_nothing(
    site: Site, place: Workplace, database: DatabaseUrls
) -> None:
    path = sent(site, file_of(site))
    before = dump(database)
    found = done(site, place, path, "check")["check"]
    after = dump(database)

    assert found["problems"] == []
    assert (found["site"], found["exported_at"]) == (site.base_url, AT)
    assert found["adds"] == {
        "reports": 1, "deleted_reports": 0, "versions": 2, "stars": 1, "gadgets": 1, "settings": 1,
    }  # fmt: skip
    assert found["leaves_out"] == {"stars": 0, "gadgets": 0, "settings": 0, "projects": 0}
    assert {table for table in before if before[table] != after[table]} == {"imports", "tasks"}


def test_an_import_brings_what_the_file_holds(site: Site, place: Workplace) -> None:
    shown = imported(site, place, file_of(site))

    assert (shown["state"], shown["step"], shown["error"]) == ("done", "apply", None)
    assert shown["applied"] == shown["check"]["adds"]
    made = only_report(site)
    assert made["id"] != uuid(1)
    for name, value in report().items():
        if name not in {"id", "definition_version", "deleted_at"}:
            assert made[name] == value, name
    versions = site.call("GET", f"/api/v1/reports/{made['id']}/versions").json["items"]
    assert [(one["version"], one["imported"]) for one in versions] == [(3, True), (1, True)]
    assert site.call("GET", GADGET).json["report"] == made["id"]
    assert site.names("starred=true", as_="carl") == [made["name"]]
    assert site.call("GET", "/api/v1/settings").json["contact_addresses"] == ["privacy@example.com"]
    assert list(place.store.files("imports")) == []


def test_the_trail_tells_of_the_import_and_nothing_that_the_file_says(site: Site, place: Workplace) -> None:
    shown = imported(site, place, file_of(site), as_="bob")
    (entry,) = trail(site, "import-applied")

    assert (entry["account_id"], entry["host"], entry["subject"]) == ("bob", "connect", shown["id"])
    assert entry["details"] == shown["applied"]
    assert trail(site, "export-requested") == []
    assert site.call("GET", "/api/v1/exports").json["items"] == []


def test_a_report_without_versions_gets_its_content_as_the_first_one_brought_along(
    site: Site, place: Workplace
) -> None:
    imported(site, place, file_of(site, versions=[]))
    made = only_report(site)
    path = f"/api/v1/reports/{made['id']}"
    assert site.call("PUT", path, json={"name": "New"}, headers={"If-Match": '"3"'}).status_code == 200

    versions = site.call("GET", f"{path}/versions").json["items"]

    assert [(one["version"], one["imported"], one["name"]) for one in versions] == [
        (4, False, "New"),
        (1, True, report()["name"]),
    ]


def test_what_a_site_has_stays_as_it_is(site: Site, place: Workplace) -> None:
    site.create("It was here before")
    for _ in range(2):
        imported(site, place, file_of(site, gadgets=[], settings=[]))

    assert sorted(site.names()) == ["It was here before", *[report()["name"]] * 2]


def test_an_application_asked_for_again_is_done_once(site: Site, place: Workplace) -> None:
    shown = imported(site, place, file_of(site))
    again = site.call("POST", f"/api/v1/imports/{shown['id']}/apply")

    assert (again.status_code, again.json) == (202, shown)
    assert place.work() == "nothing"
    assert len(site.names()) == 1


def test_deleted_reports_stay_deleted_and_can_be_restored(site: Site, place: Workplace) -> None:
    with session(place.urls.owner) as cursor:
        cursor.execute("select to_char(now() - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        (yesterday,) = cursor.fetchone() or ("",)
    gone = report(deleted_at=yesterday)
    shown = imported(site, place, file_of(site, reports=[gone, report(2)], gadgets=[]))

    assert (shown["applied"]["reports"], shown["applied"]["deleted_reports"]) == (1, 1)
    assert site.names() == [report(2)["name"]]
    assert site.names("deleted=true") == [gone["name"]]


def test_a_gadget_is_taken_where_its_place_shows_nothing(site: Site, place: Workplace) -> None:
    own = site.create("Shown already")["id"]
    first = {"If-Match": '"0"'}
    assert site.call("PUT", GADGET, json={"report": own}, headers=first).status_code == 200
    emptied = GADGET.replace("10010", "10011")
    assert site.call("PUT", emptied, json={"report": own}, headers=first).status_code == 200
    assert site.call("DELETE", emptied, headers={"If-Match": '"1"'}).status_code == 204
    places = [gadget(), gadget(item="10011"), gadget(item="10012"), gadget(None, item="10013")]
    shown = imported(site, place, file_of(site, gadgets=places))
    brought = site.call("GET", emptied).json

    assert shown["check"]["leaves_out"]["gadgets"] == 1
    assert shown["applied"]["gadgets"] == shown["check"]["adds"]["gadgets"] == 2
    assert site.call("GET", GADGET).json["report"] == own
    assert brought["report"] is not None
    assert brought["version"] == 3
    assert site.call("GET", GADGET.replace("10010", "10012")).json["report"] == brought["report"]


def test_settings_are_taken_where_none_are_set(site: Site, place: Workplace) -> None:
    body = {"contact_addresses": ["ours@example.com"]}
    site.call("PUT", "/api/v1/settings", json=body, headers={"If-Match": '"0"'})
    shown = imported(site, place, file_of(site))

    assert shown["check"]["leaves_out"]["settings"] == 1
    assert shown["applied"]["settings"] == 0
    assert site.call("GET", "/api/v1/settings").json["contact_addresses"] == ["ours@example.com"]


def test_projects_and_gadgets_of_another_site_are_left_out(site: Site, place: Workplace) -> None:
    shown = imported(site, place, packed(whole("https://elsewhere.atlassian.net")))
    made = only_report(site)

    assert shown["check"]["leaves_out"] == {"stars": 0, "gadgets": 1, "settings": 0, "projects": 1}
    assert made["shared_with"] == {**report()["shared_with"], "projects": []}
    assert site.call("GET", GADGET).json["state"] == "empty"


def test_who_is_unknown_here_is_replaced_as_administrator_and_keeps_no_star(
    site: Site, place: Workplace, jira: Answering
) -> None:
    reports = [
        report(1, administrators=["712020:bob", "gone"]),
        report(2, administrators=["gone"]),
        report(3),
    ]
    reports[2]["administrators"] = ["712020:bob"]
    stars = [{"account_id": account, "report_id": uuid(1)} for account in ("gone", "712020:bob", "carl")]
    knows(jira, ["712020:bob", "gone", "carl"], ["712020:bob", "carl"])
    shown = imported(site, place, file_of(site, reports=reports, stars=stars, versions=[]), as_="dora")
    found = shown["check"]

    assert found["accounts"] == {
        "unknown": ["gone"], "unknown_number": 1, "replaced_administrators": 2, "unchecked": 0,
    }  # fmt: skip
    assert (found["leaves_out"]["stars"], shown["applied"]["stars"]) == (1, 2)
    with session(place.urls.backup) as cursor:
        cursor.execute("select administrators from reports order by name")
        assert [row[0] for row in cursor.fetchall()] == [["712020:bob", "dora"], ["dora"], ["712020:bob"]]
        cursor.execute("select account_id from stars order by 1")
        assert [row[0] for row in cursor.fetchall()] == ["712020:bob", "carl"]


def test_fields_that_the_site_lacks_are_told(site: Site, place: Workplace, jira: Answering) -> None:
    jira.answers[FIELDS] = (200, json.dumps([{"id": "summary"}, {"id": "customfield_10001"}]).encode())
    one = {
        "jql": "",
        "columns": [{"of": {"field": "summary"}}, {"of": {"field": "customfield_10001"}}],
        "formulas": [{"id": "f", "name": "F", "expression": "customfield_10002 + [customfield_10003]"}],
        "filters": [{"of": {"field": "customfield_10004"}, "operator": "is empty"}],
    }
    two = {"jql": "", "columns": [{"of": {"field": "customfield_10004"}}]}
    reports = [report(1, definition=one), report(2, definition=two)]
    found = checked(site, place, file_of(site, reports=reports))

    assert found["problems"] == []
    assert found["fields"] == {
        "missing": [
            {"id": "customfield_10002", "reports": 1},
            {"id": "customfield_10003", "reports": 1},
            {"id": "customfield_10004", "reports": 2},
        ],
        "unchecked": False,
    }


def test_a_jira_that_gives_no_answer_is_told_of_and_holds_nothing_up(site: Site, place: Workplace) -> None:
    reports = [report(definition={"jql": "", "columns": [{"of": {"field": "customfield_10001"}}]})]
    shown = imported(site, place, file_of(site, reports=reports))

    assert shown["check"]["fields"] == {"missing": [], "unchecked": True}
    assert shown["check"]["accounts"]["unchecked"] == 3
    assert only_report(site)["administrators"] == report()["administrators"]


def test_jira_is_asked_as_the_app_of_the_one_site(site: Site, place: Workplace, jira: Answering) -> None:
    checked(site, place, file_of(site))
    paths = [path for _, path, _, _ in jira.asked if path != CHECK]

    assert paths
    assert all(path.startswith(USERS) for path in paths)


def test_no_more_reports_come_than_the_site_has_room_for(
    site: Site, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.checking.LARGEST_NUMBER_OF_REPORTS", 2)
    site.create("Here before")
    reports = [report(1), report(2), report(3, deleted_at=AT)]
    found = checked(site, place, file_of(site, reports=reports))

    assert found["problems"] == [
        {"pointer": "/reports", "detail": "has 2 that are not deleted, and the site has room for 1"}
    ]


def test_reports_that_came_after_the_check_leave_no_room_either(
    site: Site, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.applying.LARGEST_NUMBER_OF_REPORTS", 2)
    path = sent(site, file_of(site, reports=[report(1), report(2)]))
    assert done(site, place, path, "check")["applicable"]
    site.create("Came meanwhile")
    shown = done(site, place, path, "apply")

    assert (shown["state"], shown["applied"]) == ("failed", None)
    assert "more than 2 reports" in shown["error"]
    assert site.names() == ["Came meanwhile"]
    assert shown["applicable"]


def test_a_part_sent_after_the_check_takes_its_result_back(site: Site, place: Workplace) -> None:
    file = file_of(site)
    path = sent(site, file)
    assert done(site, place, path, "check")["applicable"]
    site.call("PUT", f"{path}/parts/1", body=file, headers=BYTES)
    assert site.call("GET", path).json["applicable"]
    site.call("PUT", f"{path}/parts/1", body=b"another", headers=BYTES)
    shown = site.call("GET", path).json

    assert (shown["state"], shown["step"], shown["check"]) == ("waiting", "parts", None)
    assert site.call("POST", f"{path}/apply").status_code == 409


def test_what_is_wrong_can_be_put_right_and_checked_again(site: Site, place: Workplace) -> None:
    file = file_of(site)
    path = sent(site, file[:-9])
    assert done(site, place, path, "check")["check"]["problems"]
    assert site.call("POST", f"{path}/apply").status_code == 409
    put = site.call(
        "PUT", f"{path}/parts/2", body=file[-9:], headers={"Content-Type": "application/octet-stream"}
    )

    assert put.status_code == 204
    assert done(site, place, path, "check")["applicable"]


def test_a_file_in_many_parts_is_the_same_file(site: Site, place: Workplace) -> None:
    reports = [report(number, name=f"{number} {'☂' * 200}") for number in range(1, 60)]
    file = file_of(site, reports=reports)
    path = sent(site, file, size=len(file) // 40 + 1)

    assert done(site, place, path, "check")["check"]["adds"]["reports"] == 59


def test_a_part_that_was_lost_is_asked_for_again(site: Site, place: Workplace) -> None:
    path = sent(site, file_of(site))
    (file,) = place.store.files("imports")
    place.store.delete(file.name)
    (problem,) = done(site, place, path, "check")["check"]["problems"]

    assert problem == {"pointer": "", "detail": "has no readable part 1; send it again"}


def test_a_part_lost_between_check_and_application_leaves_everything_as_it_was(
    site: Site, place: Workplace
) -> None:
    path = sent(site, file_of(site))
    assert done(site, place, path, "check")["applicable"]
    for file in place.store.files("imports"):
        place.store.delete(file.name)
    shown = done(site, place, path, "apply")

    assert (shown["state"], shown["error"]) == (
        "failed",
        "has no readable part 1; send it again. Have the import checked again.",
    )
    assert site.names() == []


def test_two_sites_import_the_same_file_and_get_ids_of_their_own(
    new_site: Callable[[], Site], place: Workplace
) -> None:
    first, second = new_site(), new_site()
    for site in (first, second):
        imported(site, place, file_of(site))

    assert only_report(first)["id"] != only_report(second)["id"]


def test_a_definition_of_the_file_is_held_to_all_rules_of_a_new_one(site: Site, place: Workplace) -> None:
    wrong = {**DEFINITION, "formulas": [{"id": "a", "name": "A", "expression": "a + 1"}]}
    found = checked(
        site, place, file_of(site, reports=[report(definition=wrong)], versions=[version(definition=wrong)])
    )

    assert [(one["pointer"], one["detail"]) for one in found["problems"]] == [
        ("/reports/0/definition/formulas/0/expression", "goes round in a circle: a → a"),
        ("/versions/0/definition/formulas/0/expression", "goes round in a circle: a → a"),
    ]
    assert found["adds"] == {**NOTHING, "reports": 0, "stars": 1, "gadgets": 1, "settings": 1}


def exported(site: Site, place: Workplace) -> bytes:
    """The file of a new export of a site."""
    location = site.call("POST", "/api/v1/exports").headers["Location"]
    assert place.work() == "done"
    return bytes(site.call("GET", f"{location}/file").content)


def furnish(site: Site) -> None:
    """Some of everything that people make."""
    first = site.create(
        "Changed ☂", visibility="limited", shared_with={"accounts": ["carl"], "projects": ["7"]}
    )
    path, none = f"/api/v1/reports/{first['id']}", {"If-Match": '"0"'}
    for number in range(1, 24):
        change = {"description": f"Change {number}"} if number % 3 else {"visibility": "public"}
        changed = site.call("PUT", path, json=change, headers={"If-Match": f'"{number}"'})
        assert changed.status_code == 200, changed.text
    deleted = site.create("Deleted")["id"]
    gone = site.call("DELETE", f"/api/v1/reports/{deleted}", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert site.call("PUT", f"{path}/star", as_="bob").status_code == 204
    assert site.call("PUT", GADGET, json={"report": first["id"]}, headers=none).status_code == 200
    body = {"contact_addresses": ["privacy@example.com"]}
    assert site.call("PUT", "/api/v1/settings", json=body, headers=none).status_code == 200


def test_a_site_is_the_same_after_an_export_a_purge_and_an_import(
    site: Site, place: Workplace, database: DatabaseUrls
) -> None:
    furnish(site)
    before = exported(site, place)
    purge = site.call("POST", "/api/v1/purges", json={"confirm": urlsplit(site.base_url).netloc})
    assert purge.status_code == 202, purge.text
    with session(database.owner) as cursor:
        cursor.execute("update tasks set due_at = now() where kind = 'purge'")
    assert place.work() == "done"
    # Whoever remembers the site from before is told once to ask again.
    assert site.call("GET", "/api/v1/me").status_code == 503
    assert site.names() == site.names("deleted=true") == []

    imported(site, place, before)

    one, other = (json.loads(gzip.decompress(file)) for file in (before, exported(site, place)))
    assert alike(other) == alike(one)
    assert len(one["versions"]) == len(other["versions"]) - 1 == 17
    assert {row["id"] for row in one["reports"]}.isdisjoint(row["id"] for row in other["reports"])
    assert "import-applied" in {row["event"] for row in other["audit"]}
    assert "settings-changed" not in {row["event"] for row in other["audit"]}
