from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Site
from tests.jira_server import JiraServer, Reply, jira_server
from tests.separation import session

REPORTS = "/api/v1/reports"


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    """Eve administers the site."""
    with jira_server() as there:
        there.admins.add("eve")
        yield there


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def take_over(site: Site, report: dict[str, Any], as_: str = "eve") -> Any:
    return site.call("POST", f"{at(report)}/take-over", as_=as_)


def looked_after(site: Site, account: str = "ada", as_: str = "eve", **query: str) -> Any:
    return site.call("GET", f"/api/v1/accounts/{account}/reports", as_=as_, params=query)


def trail(site: Site) -> list[dict[str, Any]]:
    answer = site.call("GET", "/api/v1/audit", as_="eve", params={"event": "report-taken-over"})
    entries: list[dict[str, Any]] = answer.json["items"]
    return entries


def test_an_administrator_of_the_site_takes_over_a_private_report(site: Site) -> None:
    report = site.create("Secret", shared_with={"accounts": ["bob"]})
    assert site.call("GET", at(report), as_="eve").status_code == 404

    result = take_over(site, report)

    assert (result.status_code, result.headers["ETag"]) == (200, '"2"')
    taken = result.json
    assert taken == report | {
        "administrators": ["ada", "eve"],
        "version": 2,
        "updated_at": taken["updated_at"],
        "updated_by": "eve",
    }
    assert taken["updated_at"] > report["updated_at"]
    assert site.call("GET", at(report), as_="eve").json == taken
    assert site.call("GET", at(report)).json == taken
    assert site.call("GET", at(report), as_="bob").status_code == 404


def test_a_take_over_leaves_its_entry_in_the_trail(site: Site) -> None:
    report = site.create(administrators=["ada", "bob"])

    take_over(site, report)

    [entry] = trail(site)
    assert (entry["account_id"], entry["subject"]) == ("eve", report["id"])
    assert entry["details"] == {"administrators": ["ada", "bob"]}


def test_taking_over_again_changes_nothing(site: Site) -> None:
    report = site.create()
    first = take_over(site, report)

    again = take_over(site, report)

    assert (again.status_code, again.json) == (200, first.json)
    assert len(trail(site)) == 1


def test_after_a_take_over_the_report_can_be_handed_on_and_left(site: Site) -> None:
    report = site.create()
    take_over(site, report)

    handed = {"administrators": ["eve", "bob"]}
    assert site.call("PUT", at(report), as_="eve", json=handed, headers=tagged(2)).status_code == 200
    left = {"administrators": ["bob"]}
    assert site.call("PUT", at(report), as_="eve", json=left, headers=tagged(3)).status_code == 200

    assert site.names(as_="bob") == ["A report"]
    assert site.names(as_="eve") == site.names(as_="ada") == []


def test_a_stale_write_of_the_former_administrator_is_noticed(site: Site) -> None:
    report = site.create()
    take_over(site, report)

    late = site.call("PUT", at(report), json={"administrators": ["ada"]}, headers=tagged(1))

    assert late.status_code == 412
    assert late.json["report"]["administrators"] == ["ada", "eve"]


def test_a_deleted_report_is_taken_over_and_then_restored(site: Site, api_database: DatabaseUrls) -> None:
    report, older = site.create("Left behind"), site.create("Too long ago")
    for one in (report, older):
        site.call("DELETE", at(one), headers=tagged(1))
    with session(api_database.owner) as cursor:
        cursor.execute(
            "update reports set deleted_at = deleted_at - interval '31 days' where id = %s", (older["id"],)
        )

    assert take_over(site, older).status_code == 404
    assert take_over(site, report).status_code == 200

    assert site.names("deleted=true", as_="eve") == ["Left behind"]
    restored = site.call("POST", f"{at(report)}/restore", as_="eve", headers=tagged(3))
    assert restored.status_code == 200


@pytest.mark.parametrize("account", ["ada", "bob"])
def test_who_does_not_administer_the_site_is_refused_whatever_is_named(site: Site, account: str) -> None:
    report = site.create(visibility="public")
    no_such = {"id": "018f0000-0000-7000-8000-000000000000"}

    for answer in (
        take_over(site, report, as_=account),
        take_over(site, no_such, as_=account),
        looked_after(site, as_=account),
        looked_after(site, "nobody", as_=account),
    ):
        assert answer.status_code == 403
    assert site.call("GET", at(report)).json == report


def test_jira_is_asked_each_time_and_no_answer_means_no(site: Site, jira: JiraServer) -> None:
    report = site.create()
    assert looked_after(site).status_code == 200
    jira.admins.clear()
    assert take_over(site, report).status_code == 403
    assert looked_after(site).status_code == 403
    jira.admins.add("eve")
    jira.always = Reply(500)

    answer = take_over(site, report)

    assert answer.status_code == 403
    assert answer.json["unchecked"] is True
    assert site.call("GET", at(report)).json == report


@pytest.mark.parametrize("report_id", ["x", "018f0000-0000-7000-8000-000000000000"])
def test_what_does_not_exist_cannot_be_taken_over(site: Site, report_id: str) -> None:
    assert take_over(site, {"id": report_id}).status_code == 404
    assert trail(site) == []


def test_a_report_has_a_hundred_administrators_at_most(site: Site) -> None:
    full = ["ada", *(f"a{n}" for n in range(99))]
    report = site.create(administrators=full)

    assert take_over(site, report).status_code == 409
    assert site.call("GET", at(report)).json == report


def test_admins_find_what_somebody_who_left_looked_after_without_its_content(site: Site) -> None:
    private = site.create("Layoffs", description="Whom?")
    shared = site.create("Shared", administrators=["bob", "ada"], visibility="public", as_="bob")
    deleted = site.create("Deleted")
    site.create("Bob's", as_="bob")
    gone = site.call("DELETE", at(deleted), headers=tagged(1))
    assert gone.status_code == 204

    answer = looked_after(site)

    assert answer.status_code == 200
    assert "Layoffs" not in answer.text
    assert answer.json["next"] is None
    items = answer.json["items"]
    assert [item["id"] for item in items] == [private["id"], shared["id"], deleted["id"]]
    assert items[0] == {
        "id": private["id"],
        "administrators": ["ada"],
        "visibility": "private",
        "created_at": private["created_at"],
        "updated_at": private["updated_at"],
        "deleted_at": None,
    }
    assert items[1]["administrators"] == ["bob", "ada"]
    assert items[2]["deleted_at"] == items[2]["updated_at"]


def test_what_somebody_looked_after_comes_in_pages(site: Site) -> None:
    made = [site.create(f"{n}")["id"] for n in range(5)]
    pages, query = [], {"limit": "2"}
    while True:
        page = looked_after(site, **query).json
        pages.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert pages == [made[:2], made[2:4], made[4:]]


def test_nobody_looks_after_reports_of_another_site(site: Site) -> None:
    site.create()

    assert looked_after(site, "nobody").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("account", "query", "status"),
    [
        ("a%20b", {}, 404),
        ("%00", {}, 404),
        ("ada", {"cursor": "x"}, 400),
        ("ada", {"limit": "0"}, 400),
        ("ada", {"search": "x"}, 400),
    ],
)
def test_what_cannot_be_looked_for_is_refused(
    site: Site, account: str, query: dict[str, str], status: int
) -> None:
    assert looked_after(site, account, **query).status_code == status
