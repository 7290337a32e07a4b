from __future__ import annotations

from typing import Any

import pytest

from tests.integration.api.connect_site import Site

REPORTS = "/api/v1/reports"
DEFINITION = {
    "jql": 'summary ~ "Ä 📈"',
    "columns": [{"of": {"field": "votes"}, "aggregate": "sum", "label": "שלום"}],
    "filters": [{"of": {"field": "votes"}, "operator": "greater", "values": [0.1]}],
}


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def copied(site: Site, report: dict[str, Any], as_: str = "ada", **options: Any) -> dict[str, Any]:
    result = site.call("POST", f"{at(report)}/copy", as_=as_, **options)
    assert result.status_code == 201, result.text
    made: dict[str, Any] = result.json
    return made


def test_a_copy_has_the_content_and_is_private_and_the_copiers_own(site: Site) -> None:
    report = site.create(
        "Effort",
        description="By month",
        definition=DEFINITION,
        administrators=["ada", "eve"],
        visibility="limited",
        shared_with={"accounts": ["bob"], "groups": [{"id": "g", "name": "G"}], "projects": ["1"]},
    )
    site.call("PUT", f"{at(report)}/star", as_="bob")

    result = site.call("POST", f"{at(report)}/copy", as_="bob")

    assert result.status_code == 201
    copy = result.json
    assert copy == {
        "id": copy["id"],
        "name": "Copy of Effort",
        "description": "By month",
        "definition": DEFINITION,
        "administrators": ["bob"],
        "visibility": "private",
        "shared_with": {"accounts": [], "groups": [], "projects": []},
        "starred": False,
        "version": 1,
        "created_at": copy["created_at"],
        "created_by": "bob",
        "updated_at": copy["created_at"],
        "updated_by": "bob",
    }
    assert copy["id"] != report["id"]
    assert (result.headers["Location"], result.headers["ETag"]) == (at(copy), '"1"')
    assert site.call("GET", at(copy), as_="bob").json == copy
    assert site.call("GET", at(copy)).status_code == 404
    assert site.call("GET", at(report)).json == report


def test_a_copy_and_its_original_go_separate_ways(site: Site) -> None:
    report = site.create("One")
    copy = copied(site, report)

    site.call("PUT", at(copy), json={"name": "Other"}, headers={"If-Match": '"1"'})
    site.call("DELETE", at(report), headers={"If-Match": '"1"'})

    assert site.names() == ["Other"]


def test_a_copy_has_no_history_but_its_own(site: Site) -> None:
    report = site.create("One")
    site.call("PUT", at(report), json={"name": "Two"}, headers={"If-Match": '"1"'})

    copy = copied(site, report)

    [version] = site.call("GET", f"{at(copy)}/versions").json["items"]
    assert (version["version"], version["name"], version["by"]) == (1, "Copy of Two", "ada")


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("x" * 247, f"Copy of {'x' * 247}"),
        ("x" * 248, f"Copy of {'x' * 246}…"),
        ("📈" * 255, f"Copy of {'📈' * 246}…"),
        ("Copy of A", "Copy of Copy of A"),
    ],
)
def test_a_copys_name_is_no_longer_than_names_may_be(site: Site, name: str, copy: str) -> None:
    assert copied(site, site.create(name))["name"] == copy


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"headers": {"Content-Length": "0"}}])
def test_a_copy_needs_no_body(site: Site, options: dict[str, Any]) -> None:
    assert copied(site, site.create("A"), **options)["name"] == "Copy of A"


def test_a_copy_can_be_named_and_is_found_under_that_name(site: Site) -> None:
    report = site.create("Original")

    copied(site, report, json={"name": "Übersicht"})

    assert site.names("sort=name") == ["Original", "Übersicht"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "x" * 256}, "/name"),
        ({"name": None}, "/name"),
        ({"description": "mine"}, "/description"),
        ([], ""),
    ],
)
def test_a_wrong_body_is_422_with_the_place(site: Site, body: Any, pointer: str) -> None:
    result = site.call("POST", f"{at(site.create('A'))}/copy", json=body)

    assert result.status_code == 422
    assert {error["pointer"] for error in result.json["errors"]} == {pointer}
    assert site.names() == ["A"]


def test_a_retried_copy_makes_one_report_even_when_the_original_is_gone(site: Site) -> None:
    report = site.create("A")
    key = {"Idempotency-Key": "click-1"}

    first = copied(site, report, headers=key)
    assert copied(site, report, headers=key) == first
    site.call("DELETE", at(report), headers={"If-Match": '"1"'})
    assert copied(site, report, headers=key) == first

    assert site.names() == ["Copy of A"]


def test_a_key_used_for_something_else_is_refused(site: Site) -> None:
    one, other = site.create("One"), site.create("Other")
    key = {"Idempotency-Key": "click-1"}
    copied(site, one, headers=key)

    answers = [
        site.call("POST", f"{at(other)}/copy", headers=key),
        site.call("POST", f"{at(one)}/copy", json={"name": "Named"}, headers=key),
        site.call("POST", REPORTS, json={"name": "New", "definition": DEFINITION}, headers=key),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert site.names("sort=name") == ["Copy of One", "One", "Other"]


@pytest.mark.parametrize("lost", ["handed over", "deleted"])
def test_a_retry_does_not_open_what_the_caller_has_given_away(site: Site, lost: str) -> None:
    key = {"Idempotency-Key": "click-1"}
    body = {"name": "Mine", "definition": DEFINITION}
    report = site.call("POST", REPORTS, json=body, headers=key).json
    tag = {"If-Match": '"1"'}
    if lost == "deleted":
        site.call("DELETE", at(report), headers=tag)
    else:
        site.call("PUT", at(report), json={"administrators": ["bob"]}, headers=tag)
        secret = {"description": "Layoffs"}
        site.call("PUT", at(report), as_="bob", json=secret, headers={"If-Match": '"2"'})

    again = site.call("POST", REPORTS, json=body, headers=key)

    assert again.status_code == 422
    assert report["id"] not in again.text
    assert "Layoffs" not in again.text
    assert site.names() == []


def test_what_one_does_not_see_cannot_be_copied(site: Site) -> None:
    assert site.call("POST", f"{at(site.create())}/copy", as_="bob").status_code == 404
    assert site.names(as_="bob") == []


def test_a_copy_needs_a_free_place(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    report = site.create("A")
    monkeypatch.setattr("core.reports.creation.LARGEST_NUMBER_OF_REPORTS", 1)

    assert site.call("POST", f"{at(report)}/copy").status_code == 409
    assert site.names() == ["A"]
