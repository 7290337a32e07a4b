from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.api.connect_site import Site

REPORTS = "/api/v1/reports"


def page(site: Site, as_: str = "ada", **query: str) -> dict[str, Any]:
    result = site.call("GET", REPORTS, as_=as_, query_string=urlencode(query))
    assert result.status_code == 200, result.text
    content: dict[str, Any] = result.json
    return content


def all_pages(site: Site, **query: str) -> list[list[str]]:
    pages = []
    content = page(site, **query)
    pages.append([item["name"] for item in content["items"]])
    while content["next"] is not None:
        content = page(site, **query, cursor=content["next"])
        pages.append([item["name"] for item in content["items"]])
    return pages


def test_an_empty_list_is_a_list(site: Site) -> None:
    assert page(site) == {"items": [], "next": None}


def test_a_list_holds_all_of_a_report_but_its_definition(site: Site) -> None:
    report = site.create()

    [item] = page(site)["items"]

    assert item == {name: value for name, value in report.items() if name != "definition"}


def test_pages_follow_each_other_without_gap_or_repetition(site: Site) -> None:
    for number in range(7):
        site.create(f"{number}")

    assert all_pages(site, limit="3") == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


def test_a_full_last_page_has_no_next_one(site: Site) -> None:
    for number in range(4):
        site.create(f"{number}")

    assert all_pages(site, limit="2") == [["3", "2"], ["1", "0"]]


def test_twenty_reports_a_page_unless_asked_otherwise(site: Site) -> None:
    for number in range(21):
        site.create(f"{number}")

    assert [len(names) for names in all_pages(site)] == [20, 1]


def test_a_report_added_or_removed_meanwhile_moves_no_page(site: Site) -> None:
    reports = [site.create(f"{number}") for number in range(6)]
    first = page(site, limit="3")
    site.create("new")
    site.call("DELETE", f"{REPORTS}/{reports[5]['id']}", headers={"If-Match": '"1"'})

    rest = page(site, limit="3", cursor=first["next"])

    assert [item["name"] for item in rest["items"]] == ["2", "1", "0"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Älpha", "alphabet", "beta", "Gamma"]),
        ("-name", ["Gamma", "beta", "alphabet", "Älpha"]),
        ("created", ["beta", "Älpha", "Gamma", "alphabet"]),
        ("-created", ["alphabet", "Gamma", "Älpha", "beta"]),
        ("updated", ["Älpha", "Gamma", "alphabet", "beta"]),
        ("-updated", ["beta", "alphabet", "Gamma", "Älpha"]),
    ],
)
@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_every_order_goes_on_over_pages(site: Site, sort: str, expected: list[str], limit: str) -> None:
    first = site.create("beta")
    for name in ("Älpha", "Gamma", "alphabet"):
        site.create(name)
    site.call("PUT", f"{REPORTS}/{first['id']}", json={"description": "new"}, headers={"If-Match": '"1"'})

    pages = all_pages(site, sort=sort, limit=limit)

    assert [name for names in pages for name in names] == expected


def test_reports_of_one_name_are_each_listed_once(site: Site) -> None:
    ids = {site.create("Same")["id"] for _ in range(5)}
    listed = []
    content = page(site, sort="name", limit="2")
    listed += content["items"]
    while content["next"]:
        content = page(site, sort="name", limit="2", cursor=content["next"])
        listed += content["items"]

    assert len(listed) == 5
    assert {item["id"] for item in listed} == ids


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("bug", ["Open BUGS", "Weekly"]),
        ("100%", ["100% done"]),
        ("_", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("'", []),
        ("É", ["Café"]),
        ("***=b", []),
        (".*", []),
        ("(", []),
        ("", ["100% done", "Café", "Open BUGS", "Weekly", "back\\slash", "snake_case"]),
    ],
)
def test_a_search_looks_for_the_words_as_written_in_name_and_description(
    site: Site, search: str, expected: list[str]
) -> None:
    for name in ("Open BUGS", "100% done", "snake_case", "back\\slash", "Café"):
        site.create(name)
    site.create("Weekly", description="All bugs of the week")

    assert sorted(item["name"] for item in page(site, search=search)["items"]) == expected


def test_the_reports_of_an_administrator_can_be_asked_for(site: Site) -> None:
    site.create("Ada's", visibility="public")
    site.create("Bob's", as_="bob", visibility="public")
    site.create("Bob's own", as_="bob")

    assert site.names("owner=bob") == ["Bob's"]
    assert site.names("owner=bob", as_="bob") == ["Bob's own", "Bob's"]


def test_a_list_says_that_groups_and_projects_were_not_asked_for(site: Site) -> None:
    site.create(visibility="limited", shared_with={"groups": [{"id": "g", "name": "Devs"}]})

    assert page(site, as_="bob") == {"items": [], "next": None, "unchecked": True}
    assert "unchecked" not in page(site)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1.5", "limit=-1", "limit=", "limit=1&limit=2", "sort=size",
     "sort=", "owner=a%20b", "starred=1", "deleted=yes", "page=2", "search=%00", "search=" + "x" * 300,
     "cursor=", "limit=%C2%B2"],
)  # fmt: skip
def test_a_parameter_that_is_wrong_or_unknown_is_400(site: Site, query: str) -> None:
    result = site.call("GET", REPORTS, query_string=query)

    assert result.status_code == 400, result.text


def forged(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


UUID_TEXT = "018f0000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "e30", forged({}), forged(["-updated"]), forged(["name", "a", UUID_TEXT]),
     forged(["-updated", "yesterday", UUID_TEXT]), forged(["-updated", "2026-01-01", "no id"]),
     forged(["-updated", 5, UUID_TEXT]), forged(["-updated", "2026-01-01", 5]), "A" * 5000,
     forged(["-updated", "\0", UUID_TEXT]), forged(["-updated", "\ud800", UUID_TEXT])],
)  # fmt: skip
def test_a_cursor_that_is_none_of_ours_is_400(site: Site, cursor: str) -> None:
    assert site.call("GET", REPORTS, params={"cursor": cursor}).status_code == 400


def test_a_cursor_belongs_to_its_order(site: Site) -> None:
    for number in range(2):
        site.create(f"{number}")
    cursor = page(site, limit="1")["next"]

    result = site.call("GET", REPORTS, params={"cursor": cursor, "sort": "name"})

    assert result.status_code == 400


def test_a_cursor_made_up_opens_nothing_that_is_hidden(site: Site) -> None:
    site.create("Hidden")

    cursor = forged(["-updated", "2999-01-01T00:00:00+00:00", UUID_TEXT])

    assert site.names(f"cursor={cursor}", as_="bob") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from(["search", "cursor", "owner", "sort", "limit"]), st.text(max_size=30)))
def test_no_query_however_odd_breaks_the_list(site: Site, query: dict[str, str]) -> None:
    encoded = urlencode({name: text.encode("utf-8", "replace") for name, text in query.items()})

    assert site.call("GET", REPORTS, query_string=encoded).status_code in {200, 400}
