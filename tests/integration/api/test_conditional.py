from __future__ import annotations

from falcon.testing import Result

from api.access import Access, declared_access
from api.app import all_routes
from api.services import Services
from tests.integration.api.connect_site import Answering, Site

REPORTS = "/api/v1/reports"


def again(site: Site, path: str, tag: str, **options: str) -> Result:
    return site.call("GET", path, headers={"If-None-Match": tag}, **options)


def test_a_report_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    report = site.create()
    path = f"{REPORTS}/{report['id']}"
    tag = site.call("GET", path).headers["ETag"]

    for given in (tag, f"W/{tag}", f'"7", {tag}', "*"):
        answer = again(site, path, given)
        assert (answer.status_code, answer.text) == (304, "")
        assert answer.headers["ETag"] == tag == '"1"'
        assert answer.headers["Cache-Control"] == "no-store"

    site.call("PUT", path, json={"name": "Changed"}, headers={"If-Match": tag})
    assert again(site, path, tag).json["name"] == "Changed"


def test_a_page_of_reports_is_sent_again_once_anything_in_it_has_changed(site: Site) -> None:
    report = site.create("One")
    first = site.call("GET", REPORTS)
    assert again(site, REPORTS, first.headers["ETag"]).status_code == 304

    site.call("PUT", f"{REPORTS}/{report['id']}/star")

    second = again(site, REPORTS, first.headers["ETag"])
    assert second.status_code == 200
    assert second.json["items"][0]["starred"] is True
    assert second.headers["ETag"] != first.headers["ETag"]


def test_another_reader_of_the_same_page_does_not_have_it_already(site: Site) -> None:
    site.create("Mine")
    tag = site.call("GET", REPORTS, as_="ada").headers["ETag"]

    assert again(site, REPORTS, tag, as_="bob").json["items"] == []


def test_a_tag_opens_nothing(site: Site) -> None:
    report = site.create()
    path = f"{REPORTS}/{report['id']}"

    assert again(site, path, '"1"', as_="bob").status_code == 404
    assert again(site, path, "*", token="none").status_code == 401


def test_every_plain_read_has_a_tag_and_knows_it_again(
    services: Services, site: Site, jira: Answering
) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    tried = 0
    for template, resource in all_routes(services):
        access = declared_access(resource, "GET")
        if "{" in template or access in {None, Access.PUBLIC, Access.SIGNED}:
            continue
        tried += 1
        tag = site.call("GET", template).headers["ETag"]
        answer = again(site, template, tag)
        assert (answer.status_code, answer.text) == (304, ""), template
    assert tried >= 4


def test_what_is_no_read_has_no_tag_of_its_bytes(site: Site) -> None:
    assert "ETag" not in site.call("GET", f"{REPORTS}?limit=0").headers
    star = f"{REPORTS}/{site.create()['id']}/star"
    assert site.call("PUT", star, headers={"If-None-Match": "*"}).status_code == 204
