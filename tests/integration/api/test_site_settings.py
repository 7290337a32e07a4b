from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import falcon.testing
import pytest

from api.openapi import shape_of
from tests.integration.api.connect_site import Answering, Site

PATH = "/api/v1/settings"
CHECK = "/rest/api/3/permissions/check"
NEVER_SET = {"contact_addresses": [], "version": 0, "updated_by": None, "updated_at": None}


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def read(site: Site) -> dict[str, object]:
    result = site.call("GET", PATH)
    assert result.status_code == 200
    assert shape_of("Settings").problems(result.json) == []
    assert result.headers["ETag"] == f'"{result.json["version"]}"'
    body: dict[str, object] = result.json
    return body


def put(site: Site, version: int, *addresses: str, as_: str = "ada") -> falcon.testing.Result:
    headers = {"If-Match": f'"{version}"'}
    return site.call("PUT", PATH, as_=as_, json={"contact_addresses": addresses}, headers=headers)


def entries(site: Site) -> list[dict[str, object]]:
    items: list[dict[str, object]] = site.call(
        "GET", "/api/v1/audit", query_string="event=settings-changed"
    ).json["items"]
    return items


def test_a_site_that_set_nothing_has_no_address(site: Site) -> None:
    assert read(site) == NEVER_SET


def test_what_is_set_is_read_again_in_its_order(site: Site) -> None:
    result = put(site, 0, "b@example.com", "a+privacy@mail.example.com")

    assert result.status_code == 200
    assert result.json == read(site)
    assert result.json["contact_addresses"] == ["b@example.com", "a+privacy@mail.example.com"]
    assert (result.json["version"], result.json["updated_by"]) == (1, "ada")
    assert put(site, 1, as_="bob").json["contact_addresses"] == []
    assert read(site)["updated_by"] == "bob"


def test_only_administrators_of_the_site_read_or_change_them(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": []}')

    assert site.call("GET", PATH).status_code == 403
    assert put(site, 0, "eve@example.com").status_code == 403


def test_a_change_names_the_version_it_is_meant_for(site: Site) -> None:
    assert put(site, 0, "a@example.com").status_code == 200

    unnamed = site.call("PUT", PATH, json={"contact_addresses": []})
    stale = put(site, 0, "b@example.com")

    assert unnamed.status_code == 428
    assert (stale.status_code, stale.json["version"], stale.headers["ETag"]) == (412, 1, '"1"')
    assert read(site)["contact_addresses"] == ["a@example.com"]


def test_of_many_who_set_them_first_at_once_one_succeeds(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = [r.status_code for r in pool.map(lambda n: put(site, 0, f"a{n}@example.com"), range(8))]

    assert sorted(results) == [200, *[412] * 7]


def test_the_trail_tells_which_member_changed_and_no_value(site: Site) -> None:
    assert put(site, 0, "secret@example.com").status_code == 200
    assert put(site, 1, "secret@example.com").status_code == 200

    [entry] = entries(site)

    assert entry["details"] == {"members": ["contact_addresses"]}
    assert entry["account_id"] == "ada"


def test_a_refused_change_leaves_no_entry(site: Site) -> None:
    assert put(site, 3, "a@example.com").status_code == 412
    assert put(site, 0, "nonsense").status_code == 422

    assert entries(site) == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/contact_addresses"]),
        ({"contact_addresses": "a@example.com"}, ["/contact_addresses"]),
        ({"contact_addresses": [f"a{n}@example.com" for n in range(6)]}, ["/contact_addresses"]),
        ({"contact_addresses": ["a@example.com", "a@example.com"]}, ["/contact_addresses"]),
        ({"contact_addresses": ["a@example.com", "A@Example.com"]}, ["/contact_addresses/1"]),
        ({"contact_addresses": ["nobody", 7]}, ["/contact_addresses/0", "/contact_addresses/1"]),
        ({"contact_addresses": [], "contact": ""}, ["/contact"]),
        ([], [""]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(site: Site, body: object, pointers: list[str]) -> None:
    result = site.call("PUT", PATH, json=body, headers={"If-Match": '"0"'})

    assert result.status_code == 422
    assert [error["pointer"] for error in result.json["errors"]] == pointers
