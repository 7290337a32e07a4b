from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services
from core.definition import Versions
from core.reports import Reports
from tests.integration.api.connect_site import DEFINITION, Site

REPORTS = "/api/v1/reports"


def order_by_key(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "jql": f"{definition['jql']} ORDER BY key"}


def name_rows(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "rows": "issue"}


UPGRADED = name_rows(order_by_key(DEFINITION))
Release = Callable[[Versions], Site]


@pytest.fixture
def release(services: Services, site: Site) -> Release:
    """The site as it calls another release over the same database, one that knows these versions."""

    def of(versions: Versions) -> Site:
        reports = Reports(services.database, services.rights, versions)
        app = create_app(dataclasses.replace(services, reports=reports))
        return dataclasses.replace(site, client=falcon.testing.TestClient(app))

    return of


@pytest.fixture
def new(release: Release) -> Site:
    """The release with versions 1 to 3."""
    return release(Versions((order_by_key, name_rows)))


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_a_newer_release_reads_an_old_definition_in_its_own_version(site: Site, new: Site) -> None:
    report = site.create("Üñ")

    result = new.call("GET", at(report))

    assert result.json == report | {"definition": UPGRADED}
    assert result.headers["ETag"] == '"1"'
    assert site.call("GET", at(report)).json == report


def test_each_release_in_between_takes_its_own_steps(site: Site, release: Release) -> None:
    report = site.create()

    between = release(Versions((order_by_key,))).call("GET", at(report))

    assert between.json["definition"] == order_by_key(DEFINITION)


def test_what_does_not_touch_the_definition_keeps_its_version(site: Site, new: Site) -> None:
    report = site.create()

    renamed = new.call("PUT", at(report), json={"name": "B"}, headers=tagged(1))

    assert renamed.json["definition"] == UPGRADED
    old = site.call("GET", at(report))
    assert (old.json["name"], old.json["definition"]) == ("B", DEFINITION)


def test_a_deleted_report_comes_back_upgraded(site: Site, new: Site) -> None:
    report = site.create()
    site.call("DELETE", at(report), headers=tagged(1))

    assert new.call("POST", f"{at(report)}/restore", headers=tagged(2)).json["definition"] == UPGRADED


def test_a_retried_creation_answers_in_the_version_of_the_release_that_answers(site: Site, new: Site) -> None:
    body, key = {"name": "A", "definition": DEFINITION}, {"Idempotency-Key": "one"}
    made = site.call("POST", REPORTS, json=body, headers=key)

    again = new.call("POST", REPORTS, json=body, headers=key)

    assert (again.json["id"], again.json["definition"]) == (made.json["id"], UPGRADED)


@pytest.fixture
def newer_report(site: Site, new: Site) -> dict[str, Any]:
    """A report whose definition only the newer release can read."""
    report = site.create("Newer")
    result = new.call("PUT", at(report), json={"definition": DEFINITION}, headers=tagged(1))
    assert result.json["definition"] == DEFINITION
    changed: dict[str, Any] = result.json
    return changed


def test_an_older_release_says_that_it_cannot_read_a_newer_definition(
    site: Site, newer_report: dict[str, Any]
) -> None:
    result = site.call("GET", at(newer_report))

    assert result.status_code == 503
    assert result.json["detail"] == "A newer release wrote the report, and this one cannot read it."
    assert int(result.headers["Retry-After"]) > 0


def test_an_older_release_lists_a_newer_report_like_all_others(
    site: Site, newer_report: dict[str, Any]
) -> None:
    site.create("Older")

    assert site.names("sort=name") == ["Newer", "Older"]
    assert newer_report["name"] == "Newer"


def test_what_an_older_release_cannot_answer_with_it_does_not_change(
    site: Site, new: Site, newer_report: dict[str, Any]
) -> None:
    refused = site.call("PUT", at(newer_report), json={"name": "B"}, headers=tagged(2))

    assert refused.status_code == 503
    assert new.call("GET", at(newer_report)).json == newer_report


def test_an_older_release_can_delete_and_replace_what_it_cannot_read(
    site: Site, newer_report: dict[str, Any]
) -> None:
    replaced = site.call("PUT", at(newer_report), json={"definition": DEFINITION}, headers=tagged(2))

    assert replaced.status_code == 200
    assert site.call("GET", at(newer_report)).json["definition"] == DEFINITION
    assert site.call("DELETE", at(newer_report), headers=tagged(3)).status_code == 204
