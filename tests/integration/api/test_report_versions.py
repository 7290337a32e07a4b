from __future__ import annotations

from dataclasses import replace
from typing import Any

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services
from core.definition import Versions
from core.reports import Reports
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION, Site
from tests.separation import session

REPORTS = "/api/v1/reports"
OTHER = {"jql": "", "columns": [{"of": {"field": "summary"}}]}


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def change(site: Site, report: dict[str, Any], as_: str = "ada", **members: Any) -> dict[str, Any]:
    """The report after a change of its latest version."""
    version = site.call("GET", at(report)).json["version"]
    result = site.call("PUT", at(report), as_=as_, json=members, headers=tagged(version))
    assert result.status_code == 200, result.text
    changed: dict[str, Any] = result.json
    return changed


def versions(site: Site, report: dict[str, Any], as_: str = "ada") -> list[dict[str, Any]]:
    result = site.call("GET", f"{at(report)}/versions", as_=as_)
    assert result.status_code == 200, result.text
    items: list[dict[str, Any]] = result.json["items"]
    return items


def numbers(site: Site, report: dict[str, Any]) -> list[int]:
    return [item["version"] for item in versions(site, report)]


def version(site: Site, report: dict[str, Any], number: int) -> dict[str, Any]:
    result = site.call("GET", f"{at(report)}/versions/{number}")
    assert result.status_code == 200, result.text
    content: dict[str, Any] = result.json
    return content


def take_back(site: Site, report: dict[str, Any], number: object, tag: int, as_: str = "ada") -> Any:
    return site.call("POST", f"{at(report)}/versions/{number}/restore", as_=as_, headers=tagged(tag))


def test_a_report_that_never_changed_has_one_version(site: Site) -> None:
    report = site.create("A", description="B")

    assert versions(site, report) == [
        {"version": 1, "at": report["created_at"], "by": "ada", "imported": False, "name": "A"}
    ]
    assert version(site, report, 1) == {
        "version": 1,
        "at": report["created_at"],
        "by": "ada",
        "imported": False,
        "name": "A",
        "description": "B",
        "definition": DEFINITION,
    }


def test_each_change_of_content_is_a_version_with_who_made_it_and_when(site: Site) -> None:
    report = site.create("First", administrators=["ada", "bob"])
    second = change(site, report, name="Second")
    third = change(site, report, as_="bob", description="Now with words", definition=OTHER)

    assert [(one["version"], one["at"], one["by"], one["name"]) for one in versions(site, report)] == [
        (3, third["updated_at"], "bob", "Second"),
        (2, second["updated_at"], "ada", "Second"),
        (1, report["created_at"], "ada", "First"),
    ]
    contents = [version(site, report, number) for number in (1, 2, 3)]
    assert [(one["name"], one["description"], one["definition"]) for one in contents] == [
        ("First", "", DEFINITION),
        ("Second", "", DEFINITION),
        ("Second", "Now with words", OTHER),
    ]


def test_sharing_stars_and_unchanged_content_make_no_version(site: Site) -> None:
    report = site.create("A", administrators=["ada", "bob"])
    change(site, report, as_="bob", visibility="public", shared_with={"accounts": ["eve"]})
    site.call("PUT", f"{at(report)}/star")
    change(site, report, as_="bob", name="A", definition=DEFINITION)

    assert numbers(site, report) == [1]
    change(site, report, as_="bob", name="B")

    assert [(one["version"], one["at"], one["by"]) for one in versions(site, report)][1:] == [
        (1, report["created_at"], "ada")
    ]
    assert numbers(site, report) == [4, 1]


def test_the_last_twenty_versions_are_kept(site: Site) -> None:
    report = site.create("1")
    for number in range(2, 25):
        change(site, report, name=f"{number}")

    assert numbers(site, report) == list(range(24, 4, -1))
    assert version(site, report, 5)["name"] == "5"
    assert site.call("GET", f"{at(report)}/versions/4").status_code == 404
    assert take_back(site, report, 4, 24).status_code == 404
    assert take_back(site, report, 5, 24).json["name"] == "5"
    assert numbers(site, report) == list(range(25, 5, -1))


def test_a_version_is_restored_as_a_new_one_and_sharing_stays(site: Site) -> None:
    report = site.create("Älpha", description="Old", administrators=["ada", "bob"])
    change(site, report, name="Zulu", description="New", definition=OTHER)
    now = change(
        site, report, visibility="limited", shared_with={"projects": ["7"]}, administrators=["bob", "ada"]
    )

    result = take_back(site, report, 1, 3, as_="bob")

    assert (result.status_code, result.headers["ETag"]) == (200, '"4"')
    assert result.json == now | {
        "name": "Älpha",
        "description": "Old",
        "definition": DEFINITION,
        "version": 4,
        "updated_at": result.json["updated_at"],
        "updated_by": "bob",
    }
    assert site.call("GET", at(report)).json == result.json
    assert [(one["version"], one["by"], one["name"]) for one in versions(site, report)] == [
        (4, "bob", "Älpha"), (2, "ada", "Zulu"), (1, "ada", "Älpha"),
    ]  # fmt: skip
    site.create("Mike")
    assert site.names("sort=name") == ["Älpha", "Mike"]


def test_restoring_what_is_there_already_is_a_change_without_a_version(site: Site) -> None:
    report = site.create("A")

    assert take_back(site, report, 1, 1).json["version"] == 2
    assert numbers(site, report) == [1]


def test_restoring_needs_the_present_version_and_answers_with_it(site: Site) -> None:
    report = site.create("A")
    now = change(site, report, name="B")

    assert site.call("POST", f"{at(report)}/versions/1/restore").status_code == 428
    stale = take_back(site, report, 1, 1)

    assert stale.status_code == 412
    assert (stale.json["version"], stale.json["report"]) == (2, now)
    assert numbers(site, report) == [2, 1]


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x", "1.0", "²"])
def test_a_version_that_there_is_not_is_404(site: Site, number: str) -> None:
    report = site.create()

    assert site.call("GET", f"{at(report)}/versions/{number}").status_code == 404
    assert take_back(site, report, number, 1).status_code == 404
    assert site.call("GET", at(report)).json == report


def test_what_stood_there_earlier_is_for_administrators_alone(site: Site) -> None:
    report = site.create("Layoffs", visibility="private")
    change(site, report, name="Effort", visibility="public")
    routes = [
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("GET", "/versions/9"),
        ("POST", "/versions/1/restore"),
    ]

    for method, path in routes:
        answer = site.call(method, at(report) + path, as_="bob", headers=tagged(2))
        assert answer.status_code == 403, (method, path)
        assert "Layoffs" not in answer.text

    change(site, report, administrators=["bob"], visibility="private")
    assert [one["name"] for one in versions(site, report, as_="bob")] == ["Effort", "Layoffs"]
    for method, path in routes:
        assert site.call(method, at(report) + path, headers=tagged(3)).status_code == 404, (method, path)


def test_versions_come_back_with_a_deleted_report(site: Site) -> None:
    report = site.create("A")
    change(site, report, name="B")
    site.call("DELETE", at(report), headers=tagged(2))
    site.call("POST", f"{at(report)}/restore", headers=tagged(3))

    assert numbers(site, report) == [2, 1]


def test_versions_go_with_their_report(site: Site, api_database: DatabaseUrls) -> None:
    report = site.create("A")
    change(site, report, name="B")
    with session(api_database.owner) as cursor:
        cursor.execute("delete from reports where id = %s", (report["id"],))
        cursor.execute("select count(*) from report_versions where report_id = %s", (report["id"],))
        assert cursor.fetchone() == (0,)


def test_a_version_says_that_an_import_brought_it(site: Site, api_database: DatabaseUrls) -> None:
    report = site.create("A")
    change(site, report, name="B")
    with session(api_database.owner) as cursor:
        cursor.execute(
            "update report_versions set imported = version = 1 where report_id = %s", (report["id"],)
        )

    assert [one["imported"] for one in versions(site, report)] == [False, True]
    assert version(site, report, 1)["imported"] is True


def order_by_key(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "jql": f"{definition['jql']} ORDER BY key"}


def test_a_newer_release_reads_and_restores_old_definitions_in_its_own_version(
    site: Site, services: Services
) -> None:
    report = site.create("A")
    change(site, report, definition=OTHER)
    reports = Reports(services.database, services.rights, Versions((order_by_key,)))
    app = create_app(replace(services, reports=reports))
    new = replace(site, client=falcon.testing.TestClient(app))

    assert version(new, report, 1)["definition"] == order_by_key(DEFINITION)
    assert take_back(new, report, 1, 2).json["definition"] == order_by_key(DEFINITION)
    assert site.call("GET", at(report)).json["definition"] == DEFINITION

    change(new, report, definition=OTHER)
    # What only the newer release understands stays as it is with the older one.
    assert site.call("GET", f"{at(report)}/versions/4").status_code == 503
    assert take_back(new, report, 3, 4).status_code == 200
    assert take_back(site, report, 4, 5).status_code == 503
    assert site.call("GET", at(report)).json["version"] == 5
