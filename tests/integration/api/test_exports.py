from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import falcon.testing
import pytest

from core.export import EXPORT_SWEEP
from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.workers import Workplace, eventually

CHECK = "/rest/api/3/permissions/check"
EXPORTS = "/api/v1/exports"
NOBODY = "01890000-0000-7000-8000-000000000000"


pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own: workers look for the tasks of all sites."""
    return database


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def request(site: Site) -> dict[str, Any]:
    result = site.call("POST", EXPORTS)
    assert result.status_code == 202, result.text
    export: dict[str, Any] = result.json
    return export


def finished(site: Site, place: Workplace) -> str:
    export = request(site)
    assert place.work() == "done"
    return f"{EXPORTS}/{export['id']}"


def test_a_site_admin_downloads_what_the_site_made(site: Site, place: Workplace) -> None:
    reports = [site.create(f"Report {number} ☂") for number in range(25)]
    created = site.call("POST", EXPORTS)
    location = created.headers["Location"]
    with place.worker("--processes", "1"):
        export = eventually(
            lambda: (shown := site.call("GET", location).json)["state"] == "done" and shown, "the export"
        )
    file = site.call("GET", f"{location}/file")

    assert export == site.call("GET", EXPORTS).json["items"][0]
    assert (export["kind"], export["done"], export["total"], export["error"]) == ("export", 28, 28, None)
    assert export["created_by"] == "ada"
    assert file.headers["Content-Type"] == "application/gzip"
    assert file.headers["Content-Length"] == str(export["bytes"])
    assert file.headers["ETag"] == f'"{export["sha256"]}"'
    assert file.headers["Content-Disposition"].startswith('attachment; filename="sightline-127.0.0.1-')
    document = json.loads(gzip.decompress(file.content))
    assert {report["id"]: report["name"] for report in document["reports"]} == {
        report["id"]: report["name"] for report in reports
    }
    for exported in document["reports"]:
        (made,) = (report for report in reports if report["id"] == exported["id"])
        shared = {name: made[name] for name in ("definition", "administrators", "visibility", "version")}
        assert shared.items() <= exported.items()


def test_a_request_while_one_is_under_way_finds_that_one(site: Site) -> None:
    assert request(site) == request(site)
    assert len(site.call("GET", EXPORTS).json["items"]) == 1


def test_a_request_takes_an_empty_body_and_no_unknown_members(site: Site) -> None:
    assert site.call("POST", EXPORTS, json={}).status_code == 202
    refused = site.call("POST", EXPORTS, json={"issues": True})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/issues"


def test_any_range_of_the_file_can_be_had(site: Site, place: Workplace) -> None:
    site.create()
    path = f"{finished(site, place)}/file"
    whole = site.call("GET", path).content
    last = len(whole) - 1
    for asked, start, end in [
        ("0-0", 0, 0),
        ("5-20", 5, 20),
        ("20-", 20, last),
        ("-7", last - 6, last),
        (f"3-{last + 900}", 3, last),
        (f"-{last + 900}", 0, last),
    ]:
        part = site.call("GET", path, headers={"Range": f"bytes={asked}"})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
        assert part.content == whole[start : end + 1]


@pytest.mark.parametrize("asked", ["bytes=0-3,5-9", "bytes=9-3", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole_file(site: Site, place: Workplace, asked: str) -> None:
    path = f"{finished(site, place)}/file"
    answer = site.call("GET", path, headers={"Range": asked})
    assert (answer.status_code, gzip.decompress(answer.content)[:10]) == (200, b'{"format":')


def test_a_range_beyond_the_end_is_refused_with_the_length(site: Site, place: Workplace) -> None:
    path = f"{finished(site, place)}/file"
    length = len(site.call("GET", path).content)
    for asked in (f"bytes={length}-", "bytes=-0"):
        answer = site.call("GET", path, headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{length}"
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_download_goes_on_only_with_the_same_file(site: Site, place: Workplace) -> None:
    path = f"{finished(site, place)}/file"
    tag = site.call("GET", path).headers["ETag"]
    for known, status in ((tag, 206), ('"another"', 200)):
        answer = site.call("GET", path, headers={"Range": "bytes=1-", "If-Range": known})
        assert answer.status_code == status
    assert site.call("GET", path, headers={"If-None-Match": tag}).status_code == 304


def test_a_download_is_told_of_once_a_minute_however_many_pieces_it_has(site: Site, place: Workplace) -> None:
    path = f"{finished(site, place)}/file"
    tag = site.call("GET", path, as_="bob").headers["ETag"]
    for piece in range(12):
        site.call("GET", path, headers={"Range": f"bytes={piece}-{piece}"})
    site.call("GET", path, as_="carl", headers={"If-None-Match": tag})
    site.call("GET", path, as_="dora", headers={"Range": "bytes=999999999-"})

    entries = site.call("GET", "/api/v1/audit", query_string="event=export-downloaded").json["items"]
    assert {entry["subject"] for entry in entries} == {path.split("/")[-2]}
    accounts = [entry["account_id"] for entry in entries]
    # Ada twice where the clock turned to a new minute meanwhile.
    assert accounts in (["ada", "bob"], ["ada", "ada", "bob"])


def test_only_site_admins_reach_exports(site: Site, jira: Answering, place: Workplace) -> None:
    path = finished(site, place)
    for answer in ((200, b'{"globalPermissions": []}'), (500, b"")):
        jira.answers[CHECK] = answer
        for method, route in every_route(path):
            assert site.call(method, route, as_=f"bob{answer[0]}").status_code == 403
    assert site.call("GET", path, as_="ada").json["state"] == "done"


def test_jira_is_asked_anew_for_a_request_and_a_download(
    site: Site, jira: Answering, place: Workplace
) -> None:
    path = finished(site, place)
    before = len(jira.asked)
    for method, route in [("POST", EXPORTS), ("GET", f"{path}/file"), ("GET", f"{path}/file")]:
        site.call(method, route)
    assert len(jira.asked) == before + 3
    site.call("GET", path)
    assert len(jira.asked) == before + 3


def test_another_site_finds_nothing(new_site: Callable[[], Site], place: Workplace) -> None:
    site, other = new_site(), new_site()
    path = finished(site, place)
    for method, route in every_route(path)[2:]:
        assert other.call(method, route).status_code == 404
    assert other.call("GET", EXPORTS).json == {"items": [], "next": None}
    assert site.call("GET", f"{path}/file").status_code == 200


def test_nobody_without_a_token_reaches_exports(
    client: falcon.testing.TestClient, site: Site, place: Workplace
) -> None:
    for method, route in every_route(finished(site, place)):
        assert client.simulate_request(method, route).status_code == 401


def test_what_does_not_exist_is_not_found(site: Site) -> None:
    unfinished = request(site)["id"]
    for route in (f"/{NOBODY}", "/nonsense", f"/{NOBODY}/file", f"/{unfinished}/file"):
        assert site.call("GET", f"{EXPORTS}{route}").status_code == 404


def test_deleting_an_export_under_way_cancels_it(site: Site, place: Workplace) -> None:
    path = f"{EXPORTS}/{request(site)['id']}"
    assert site.call("DELETE", path).status_code == 204
    assert site.call("GET", path).json["state"] == "cancelled"
    assert place.work() == "nothing"


def test_deleting_a_finished_export_removes_its_file(site: Site, place: Workplace) -> None:
    path = finished(site, place)
    assert place.stored()
    assert site.call("DELETE", path).status_code == 204
    assert place.stored() == []
    assert site.call("GET", path).status_code == 404


def test_an_expired_export_is_not_served_and_is_swept(
    site: Site, place: Workplace, settings: Settings
) -> None:
    path = finished(site, place)
    place.age_tasks(settings.export_ttl - timedelta(minutes=1))
    assert site.call("GET", f"{path}/file").status_code == 200
    place.age_tasks(timedelta(minutes=2))
    assert site.call("GET", f"{path}/file").status_code == 404
    place.schedule(EXPORT_SWEEP)
    assert place.work() == "done"
    assert site.call("GET", path).status_code == 404
    assert place.stored() == []


def every_route(path: str) -> list[tuple[str, str]]:
    return [
        ("GET", EXPORTS),
        ("POST", EXPORTS),
        ("GET", path),
        ("GET", f"{path}/file"),
        ("DELETE", path),
    ]
