from __future__ import annotations

from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.workers import Workplace

CHECK = "/rest/api/3/permissions/check"
IMPORTS = "/api/v1/imports"
NOBODY = "01890000-0000-7000-8000-000000000000"
BYTES = {"Content-Type": "application/octet-stream"}


pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own: workers look for the tasks of all sites."""
    return database


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def begun(site: Site) -> str:
    result = site.call("POST", IMPORTS)
    assert result.status_code == 202, result.text
    assert result.headers["Location"] == f"{IMPORTS}/{result.json['id']}"
    return str(result.headers["Location"])


def put(site: Site, path: str, number: int | str, content: bytes, **headers: str) -> falcon.testing.Result:
    return site.call("PUT", f"{path}/parts/{number}", body=content, headers=BYTES | headers)


def stored(place: Workplace) -> list[str]:
    return [file.name for file in place.store.files("imports")]


def test_a_new_import_waits_for_its_parts(site: Site) -> None:
    path = begun(site)
    shown = site.call("GET", path).json

    assert (shown["kind"], shown["state"], shown["step"]) == ("import", "waiting", "parts")
    assert (shown["parts"], shown["bytes"], shown["created_by"]) == ([], 0, "ada")
    assert (shown["check"], shown["applied"], shown["applicable"]) == (None, None, False)
    assert site.call("GET", IMPORTS).json == {"items": [shown], "next": None}
    assert begun(site) != path


def test_parts_come_in_any_order_and_once_each(site: Site, place: Workplace) -> None:
    path = begun(site)
    for number, content in ((2, b"second"), (1, b"first"), (2, b"second")):
        assert put(site, path, number, content).status_code == 204
    shown = site.call("GET", path).json

    assert (shown["parts"], shown["bytes"]) == ([1, 2], 11)
    assert len(stored(place)) == 2


def test_a_part_of_another_content_takes_the_place_of_the_one_before(site: Site, place: Workplace) -> None:
    path = begun(site)
    put(site, path, 1, b"first")
    (before,) = stored(place)
    assert put(site, path, 1, b"another").status_code == 204
    (after,) = stored(place)

    assert before != after
    assert site.call("GET", path).json["bytes"] == 7


def test_parts_lie_encrypted_in_a_folder_of_the_sites_own(site: Site, place: Workplace) -> None:
    put(site, begun(site), 1, b"what nobody else may read")
    (name,) = stored(place)
    files = [file for file in place.settings.state_dir.rglob("*.part") if file.is_file()]

    assert name.split("/")[0] == "imports"
    assert files
    assert all(b"nobody else" not in file.read_bytes() for file in files)


@pytest.mark.parametrize("number", ["0", "257", "-1", "01x", "9999", "a", "1.5"])
def test_a_part_that_no_file_has_is_refused(site: Site, number: str) -> None:
    assert put(site, begun(site), number, b"x").status_code == 404


def test_a_part_has_its_size_and_its_media_type(site: Site, place: Workplace) -> None:
    path = begun(site)
    assert put(site, path, 256, b"x" * 256 * 1024).status_code == 204
    assert put(site, path, 1, b"x" * (256 * 1024 + 1)).status_code == 413
    assert put(site, path, 1, b"").status_code == 422
    assert put(site, path, 1, b"x", **{"Content-Type": "application/json"}).status_code == 415
    assert put(site, path, 1, b"x", **{"Content-Encoding": "gzip"}).status_code == 415
    assert site.call("GET", path).json["parts"] == [256]
    assert len(stored(place)) == 1


def test_no_more_parts_are_kept_for_a_site_than_it_has_room_for(
    site: Site, new_site: Callable[[], Site], place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.store.LARGEST_STORAGE", 10)
    first, second = begun(site), begun(site)
    assert put(site, first, 1, b"12345678").status_code == 204
    assert put(site, second, 1, b"123").status_code == 409
    assert put(new_site(), begun(site), 1, b"123").status_code == 404
    assert len(stored(place)) == 1
    assert site.call("DELETE", first).status_code == 204
    assert put(site, second, 1, b"123").status_code == 204


def test_no_more_imports_are_kept_than_a_site_may_have(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imports.store.MOST_IMPORTS", 2)
    path = begun(site)
    begun(site)
    assert site.call("POST", IMPORTS).status_code == 409
    for _ in ("cancelled", "removed"):
        assert site.call("DELETE", path).status_code == 204
    begun(site)


def test_cancelling_removes_the_file_and_ends_the_import(site: Site, place: Workplace) -> None:
    path = begun(site)
    put(site, path, 1, b"x")
    assert site.call("DELETE", path).status_code == 204
    shown = site.call("GET", path).json

    assert (shown["state"], shown["parts"]) == ("cancelled", [])
    assert shown["finished_at"]
    assert stored(place) == []
    assert put(site, path, 1, b"x").status_code == 409
    assert stored(place) == []
    for step in ("check", "apply"):
        assert site.call("POST", f"{path}/{step}").status_code == 409


def test_what_has_ended_can_be_removed(site: Site) -> None:
    path = begun(site)
    for _ in ("cancelled", "removed"):
        assert site.call("DELETE", path).status_code == 204
    assert site.call("GET", path).status_code == 404
    assert site.call("DELETE", path).status_code == 404


def test_a_check_needs_every_part(site: Site) -> None:
    path = begun(site)
    nothing = site.call("POST", f"{path}/check")
    put(site, path, 1, b"x")
    put(site, path, 4, b"x")
    gap = site.call("POST", f"{path}/check")

    assert (nothing.status_code, nothing.json["detail"]) == (409, "There is no part 1.")
    assert (gap.status_code, gap.json["detail"]) == (409, "There is no part 2, 3.")


def test_nothing_is_applied_that_was_not_checked(site: Site) -> None:
    path = begun(site)
    put(site, path, 1, b"x")
    assert site.call("POST", f"{path}/apply").status_code == 409


def test_a_step_asked_for_twice_is_one_task(site: Site) -> None:
    path = begun(site)
    put(site, path, 1, b"x")
    first, second = (site.call("POST", f"{path}/check") for _ in range(2))

    assert (first.status_code, first.json["state"], first.json["step"]) == (202, "queued", "check")
    assert first.json == second.json


def test_an_import_under_way_takes_no_parts_and_can_be_cancelled(site: Site, place: Workplace) -> None:
    path = begun(site)
    put(site, path, 1, b"x")
    site.call("POST", f"{path}/check")
    assert put(site, path, 1, b"y").status_code == 409
    assert site.call("POST", f"{path}/apply").status_code == 409
    assert site.call("DELETE", path).status_code == 204
    assert place.work() == "nothing"
    assert stored(place) == []


@pytest.mark.parametrize("step", ["", "/check", "/apply"])
def test_a_request_takes_no_members(site: Site, step: str) -> None:
    path = begun(site)
    refused = site.call("POST", f"{path}{step}" if step else IMPORTS, json={"force": True})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/force"


def test_only_site_admins_reach_imports(site: Site, jira: Answering) -> None:
    path = begun(site)
    for answer in ((200, b'{"globalPermissions": []}'), (500, b"")):
        jira.answers[CHECK] = answer
        for method, route in every_route(path):
            assert site.call(method, route, as_=f"bob{answer[0]}").status_code == 403


def test_jira_is_asked_anew_for_whatever_changes_the_site(site: Site, jira: Answering) -> None:
    path = begun(site)
    put(site, path, 1, b"x")
    before = len(jira.asked)
    for method, route in (("POST", f"{path}/check"), ("POST", f"{path}/apply"), ("DELETE", path)):
        site.call(method, route)
    assert len(jira.asked) == before + 3
    put(site, path, 1, b"x")
    assert len(jira.asked) == before + 3


def test_another_site_finds_nothing(new_site: Callable[[], Site]) -> None:
    site, other = new_site(), new_site()
    path = begun(site)
    for method, route in every_route(path)[2:]:
        assert other.call(method, route, **how(method)).status_code == 404
    assert other.call("GET", IMPORTS).json == {"items": [], "next": None}
    assert site.call("GET", path).json["state"] == "waiting"


def test_nobody_without_a_token_reaches_imports(client: falcon.testing.TestClient, site: Site) -> None:
    for method, route in every_route(begun(site)):
        assert client.simulate_request(method, route).status_code == 401


def test_what_does_not_exist_is_not_found(site: Site) -> None:
    for path in (f"{IMPORTS}/{NOBODY}", f"{IMPORTS}/nonsense"):
        for method, route in every_route(path)[2:]:
            assert site.call(method, route, **how(method)).status_code == 404


def how(method: str) -> dict[str, Any]:
    return {"body": b"x", "headers": BYTES} if method == "PUT" else {}


def every_route(path: str) -> list[tuple[str, str]]:
    return [
        ("GET", IMPORTS),
        ("POST", IMPORTS),
        ("GET", path),
        ("PUT", f"{path}/parts/1"),
        ("POST", f"{path}/check"),
        ("POST", f"{path}/apply"),
        ("DELETE", path),
    ]
