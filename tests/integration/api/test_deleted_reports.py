from __future__ import annotations

from typing import Any

import pytest

from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Site
from tests.separation import session

REPORTS = "/api/v1/reports"


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def deleted(site: Site, name: str = "Back soon", **members: Any) -> dict[str, Any]:
    report = site.create(name, **members)
    assert site.call("DELETE", at(report), headers=tagged(1)).status_code == 204
    return report


def age(urls: DatabaseUrls, report: dict[str, Any], span: str) -> None:
    """Makes a deletion so much older."""
    with session(urls.owner) as cursor:
        cursor.execute(
            "update reports set deleted_at = deleted_at - %s::interval where id = %s", (span, report["id"])
        )


def test_a_deleted_report_is_gone_and_can_be_restored(site: Site) -> None:
    report = site.create("Back soon", visibility="public", shared_with={"accounts": ["bob"]})
    site.call("PUT", f"{at(report)}/star")

    gone = site.call("DELETE", at(report), headers=tagged(1))
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"2"')
    assert site.call("GET", at(report)).status_code == 404
    assert site.names() == []
    assert site.names("deleted=true") == ["Back soon"]

    restored = site.call("POST", f"{at(report)}/restore", headers={"If-Match": gone.headers["ETag"]})
    assert restored.status_code == 200
    assert restored.headers["ETag"] == '"3"'
    changed = {"version": 3, "updated_at": restored.json["updated_at"], "starred": True}
    assert restored.json == report | changed
    assert site.names() == ["Back soon"]
    assert site.names("deleted=true") == []


def test_whoever_deletes_is_named_with_the_time_in_the_list_of_the_deleted(site: Site) -> None:
    report = site.create(administrators=["ada", "bob"])
    site.call("DELETE", at(report), as_="bob", headers=tagged(1))

    [item] = site.call("GET", REPORTS, params={"deleted": "true"}).json["items"]

    assert (item["updated_by"], item["version"]) == ("bob", 2)
    assert item["updated_at"] > report["updated_at"]


def test_a_deleted_report_can_be_neither_read_nor_changed_nor_copied_nor_starred(site: Site) -> None:
    report = deleted(site, visibility="public")

    for account in ("ada", "bob"):
        for method, path in [
            ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/copy"), ("PUT", "/star"),
            ("DELETE", "/star"), ("GET", "/versions"), ("GET", "/versions/1"),
            ("POST", "/versions/1/restore"),
        ]:  # fmt: skip
            body: dict[str, Any] = {"json": {"name": "X"}} if (method, path) == ("PUT", "") else {}
            result = site.call(method, at(report) + path, as_=account, headers=tagged(2), **body)
            assert result.status_code == 404, (method, path)


def test_restoring_needs_the_version_and_tells_of_another(site: Site) -> None:
    report = deleted(site)

    assert site.call("POST", f"{at(report)}/restore").status_code == 428
    stale = site.call("POST", f"{at(report)}/restore", headers=tagged(1))

    assert stale.status_code == 412
    assert (stale.json["version"], stale.json["report"]["name"]) == (2, "Back soon")
    assert site.names() == []


def test_only_an_administrator_restores(site: Site) -> None:
    report = deleted(site, visibility="public")

    assert site.call("POST", f"{at(report)}/restore", as_="bob", headers=tagged(2)).status_code == 404
    assert site.names("deleted=true", as_="bob") == []


def test_a_report_that_is_not_deleted_cannot_be_restored(site: Site) -> None:
    assert site.call("POST", f"{at(site.create())}/restore", headers=tagged(1)).status_code == 404


@pytest.mark.parametrize(("span", "kept"), [("29 days 23:59", True), ("30 days 00:01", False)])
def test_a_report_is_restorable_for_30_days_whether_or_not_a_sweep_has_come(
    site: Site, api_database: DatabaseUrls, span: str, kept: bool
) -> None:
    report = deleted(site)
    age(api_database, report, span)

    assert site.names("deleted=true") == (["Back soon"] if kept else [])
    restored = site.call("POST", f"{at(report)}/restore", headers=tagged(2))
    assert restored.status_code == (200 if kept else 404)
