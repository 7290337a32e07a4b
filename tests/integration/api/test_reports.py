from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.integration.api.connect_site import DEFINITION, Site

REPORTS = "/api/v1/reports"


def at(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def tagged(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_a_new_report_is_private_and_its_creator_administers_it(site: Site) -> None:
    report = site.create("Effort", description="By month")

    assert UUID(report["id"]).version == 7
    assert datetime.now(UTC) - datetime.fromisoformat(report["created_at"]) < timedelta(minutes=1)
    assert report["created_at"].endswith("Z")
    assert report == {
        "id": report["id"],
        "name": "Effort",
        "description": "By month",
        "definition": DEFINITION,
        "administrators": ["ada"],
        "visibility": "private",
        "shared_with": {"accounts": [], "groups": [], "projects": []},
        "starred": False,
        "version": 1,
        "created_at": report["created_at"],
        "created_by": "ada",
        "updated_at": report["created_at"],
        "updated_by": "ada",
    }


def test_a_report_reads_as_it_was_written(site: Site) -> None:
    definition = {
        "jql": 'text ~ "Ä \\"quoted\\" 📈 </script>"',
        "columns": [{"of": {"field": "customfield_10016"}, "aggregate": "sum", "label": "שלום"}],
        "filters": [{"of": {"field": "votes"}, "operator": "greater", "values": [0.1]}],
    }
    report = site.create("Ünï — 📊", definition=definition)

    result = site.call("GET", at(report))

    assert result.json == report
    assert result.json["definition"] == definition
    assert result.headers["ETag"] == '"1"'
    assert result.headers["Content-Type"] == "application/json"


def test_creating_answers_201_with_the_reports_address(site: Site) -> None:
    result = site.call("POST", REPORTS, json={"name": "A", "definition": DEFINITION})

    assert result.status_code == 201
    assert result.headers["Location"] == at(result.json)


def test_the_creator_comes_first_among_administrators(site: Site) -> None:
    assert site.create(administrators=["bob", "ada"])["administrators"] == ["ada", "bob"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"definition": DEFINITION}, "/name"),
        ({"name": "A"}, "/definition"),
        ({"name": "", "definition": DEFINITION}, "/name"),
        ({"name": "  ", "definition": DEFINITION}, "/name"),
        ({"name": "a\nb", "definition": DEFINITION}, "/name"),
        ({"name": "x" * 256, "definition": DEFINITION}, "/name"),
        ({"name": "A", "description": "x" * 4001, "definition": DEFINITION}, "/description"),
        ({"name": "A", "definition": DEFINITION, "id": "mine"}, "/id"),
        ({"name": "A", "definition": DEFINITION, "tenant_id": "x"}, "/tenant_id"),
        ({"name": "A", "definition": DEFINITION, "visibility": "secret"}, "/visibility"),
        ({"name": "A", "definition": DEFINITION, "administrators": []}, "/administrators"),
        ({"name": "A", "definition": DEFINITION, "administrators": ["a b"]}, "/administrators/0"),
        ({"name": "A", "definition": DEFINITION, "shared_with": {"users": []}}, "/shared_with/users"),
        ({"name": "A", "definition": DEFINITION, "shared_with": {"projects": ["X"]}},
         "/shared_with/projects/0"),
        ({"name": "A", "definition": {"jql": ""}}, "/definition/columns"),
        ({"name": "A", "definition": {"jql": "", "columns": [{"of": {"field": "!"}}]}},
         "/definition/columns/0/of/field"),
        ([], ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_wrong_body_is_422_with_the_place(site: Site, body: Any, pointer: str) -> None:
    headers = {"Content-Type": "application/json"}
    result = site.call("POST", REPORTS, body=json.dumps(body), headers=headers)

    assert result.status_code == 422, result.text
    assert pointer in [error["pointer"] for error in result.json["errors"]]
    assert all(error["detail"] for error in result.json["errors"])
    assert site.names() == []


def test_a_repeated_creation_with_the_same_key_makes_one_report(site: Site) -> None:
    body = {"name": "Once", "definition": DEFINITION}
    headers = {"Idempotency-Key": "click-1"}

    first = site.call("POST", REPORTS, json=body, headers=headers)
    second = site.call("POST", REPORTS, json=body, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    assert site.names() == ["Once"]


def test_a_key_used_for_another_report_is_refused(site: Site) -> None:
    headers = {"Idempotency-Key": "click-1"}
    site.call("POST", REPORTS, json={"name": "One", "definition": DEFINITION}, headers=headers)

    result = site.call("POST", REPORTS, json={"name": "Two", "definition": DEFINITION}, headers=headers)

    assert result.status_code == 422
    assert site.names() == ["One"]


def test_another_persons_key_is_another_key(site: Site) -> None:
    body = {"name": "Same words", "definition": DEFINITION}
    ids = {
        site.call("POST", REPORTS, as_=who, json=body, headers={"Idempotency-Key": "k"}).json["id"]
        for who in ("ada", "bob")
    }

    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 300, "ü"])
def test_a_key_that_is_none_is_400(site: Site, key: str) -> None:
    result = site.call(
        "POST", REPORTS, json={"name": "A", "definition": DEFINITION}, headers={"Idempotency-Key": key}
    )

    assert result.status_code == 400


def test_replacing_changes_what_is_given_and_leaves_the_rest(site: Site) -> None:
    report = site.create("Before", description="Same", visibility="public")

    result = site.call("PUT", at(report), json={"name": "After"}, headers=tagged(1))

    assert result.status_code == 200
    assert result.headers["ETag"] == '"2"'
    expected = report | {"name": "After", "version": 2, "updated_at": result.json["updated_at"]}
    assert result.json == expected
    assert result.json["updated_at"] > report["updated_at"]
    assert site.call("GET", at(report)).json == expected


@pytest.mark.parametrize(
    "member",
    [
        {"description": ""},
        {"visibility": "limited"},
        {"administrators": ["bob", "ada"]},
        {
            "shared_with": {
                "accounts": ["eve"],
                "groups": [{"id": "g-1", "name": "Devs"}],
                "projects": ["10001"],
            }
        },
        {"definition": {"jql": "", "columns": [{"of": {"field": "summary"}}]}},
    ],
)
def test_each_member_can_be_replaced(site: Site, member: dict[str, Any]) -> None:
    report = site.create(description="Some")

    result = site.call("PUT", at(report), json=member, headers=tagged(1))

    assert {name: result.json[name] for name in member} == member


def test_sharing_lists_that_are_left_out_become_empty(site: Site) -> None:
    report = site.create(shared_with={"accounts": ["eve"], "projects": ["1"]})

    result = site.call("PUT", at(report), json={"shared_with": {"projects": ["2"]}}, headers=tagged(1))

    assert result.json["shared_with"] == {"accounts": [], "groups": [], "projects": ["2"]}


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"version": 3}, {"definition": {}}, {"created_by": "eve"}]
)
def test_a_wrong_change_is_422_and_changes_nothing(site: Site, body: dict[str, Any]) -> None:
    report = site.create()

    assert site.call("PUT", at(report), json=body, headers=tagged(1)).status_code == 422
    assert site.call("GET", at(report)).json == report


def test_a_write_without_version_is_428(site: Site) -> None:
    report = site.create()

    assert site.call("PUT", at(report), json={"name": "X"}).status_code == 428
    assert site.call("DELETE", at(report)).status_code == 428


def test_a_stale_write_is_412_with_the_report_as_it_is_now(site: Site) -> None:
    report = site.create()
    site.call("PUT", at(report), json={"name": "Theirs"}, headers=tagged(1))

    for result in (
        site.call("PUT", at(report), json={"name": "Mine"}, headers=tagged(1)),
        site.call("DELETE", at(report), headers=tagged(1)),
    ):
        assert result.status_code == 412
        assert result.json["version"] == 2
        assert result.json["report"] == site.call("GET", at(report)).json
        assert result.headers["ETag"] == '"2"'
    assert site.names() == ["Theirs"]


@pytest.mark.parametrize("header", ['W/"1"', '"9", "1"', ' "1" '])
def test_weak_marks_and_lists_of_versions_are_understood(site: Site, header: str) -> None:
    report = site.create()

    assert site.call("PUT", at(report), json={"name": "X"}, headers={"If-Match": header}).status_code == 200


@pytest.mark.parametrize("header", ["*", "1", '"a"', '"1', '""', '"1" "2"', '"99999999999999"'])
def test_a_condition_that_names_no_version_is_400(site: Site, header: str) -> None:
    report = site.create()

    result = site.call("PUT", at(report), json={"name": "X"}, headers={"If-Match": header})

    assert result.status_code == 400


def test_of_two_writers_with_the_same_version_one_wins(site: Site) -> None:
    report = site.create()

    statuses = [
        site.call("PUT", at(report), json={"name": name}, headers=tagged(1)).status_code
        for name in ("A", "B")
    ]

    assert statuses == [200, 412]


SHARINGS: list[tuple[str, dict[str, Any], bool]] = [
    ("private", {"visibility": "private"}, False),
    ("private though shared", {"visibility": "private", "shared_with": {"accounts": ["bob"]}}, False),
    ("public", {"visibility": "public"}, True),
    ("limited to bob", {"visibility": "limited", "shared_with": {"accounts": ["bob"]}}, True),
    ("limited to eve", {"visibility": "limited", "shared_with": {"accounts": ["eve"]}}, False),
    (
        "limited to a group",
        {"visibility": "limited", "shared_with": {"groups": [{"id": "g", "name": "G"}]}},
        False,
    ),
    ("limited to a project", {"visibility": "limited", "shared_with": {"projects": ["1"]}}, False),
    ("administered", {"visibility": "private", "administrators": ["bob"]}, True),
]


@pytest.mark.parametrize(("_name", "sharing", "seen"), SHARINGS)
def test_who_may_see_a_report_sees_it_in_the_list_and_alone(
    site: Site, _name: str, sharing: dict[str, Any], seen: bool
) -> None:
    report = site.create("Shared", **sharing)

    assert site.names(as_="bob") == (["Shared"] if seen else [])
    assert site.call("GET", at(report), as_="bob").status_code == (200 if seen else 404)


@pytest.mark.parametrize(("_name", "sharing", "seen"), SHARINGS)
def test_what_one_may_not_see_cannot_be_told_from_what_does_not_exist(
    site: Site, _name: str, sharing: dict[str, Any], seen: bool
) -> None:
    report = site.create(**sharing)
    expected = 404 if not seen else 200 if "administrators" in sharing else 403

    assert (
        site.call("PUT", at(report), as_="bob", json={"name": "X"}, headers=tagged(1)).status_code == expected
    )


def test_a_reader_who_does_not_administer_may_neither_change_nor_delete(site: Site) -> None:
    report = site.create(visibility="public")

    assert site.call("PUT", at(report), as_="bob", json={"name": "X"}, headers=tagged(1)).status_code == 403
    assert site.call("DELETE", at(report), as_="bob", headers=tagged(1)).status_code == 403
    assert site.call("GET", at(report)).json == report


def test_a_report_can_be_handed_over(site: Site) -> None:
    report = site.create()

    assert (
        site.call("PUT", at(report), json={"administrators": ["bob"]}, headers=tagged(1)).status_code == 200
    )
    assert site.call("GET", at(report)).status_code == 404
    assert site.names(as_="bob") == ["A report"]


def test_a_star_is_the_callers_own(site: Site) -> None:
    report = site.create(visibility="public")

    assert site.call("PUT", f"{at(report)}/star", as_="bob").status_code == 204
    assert site.call("PUT", f"{at(report)}/star", as_="bob").status_code == 204

    assert site.call("GET", at(report), as_="bob").json["starred"] is True
    assert site.call("GET", at(report)).json == report
    assert site.names("starred=true", as_="bob") == ["A report"]
    assert site.names("starred=true") == []
    assert site.call("DELETE", f"{at(report)}/star", as_="bob").status_code == 204
    assert site.names("starred=false", as_="bob") == ["A report"]


def test_a_report_that_one_does_not_see_cannot_be_starred(site: Site) -> None:
    assert site.call("PUT", f"{at(site.create())}/star", as_="bob").status_code == 404


@pytest.mark.parametrize(
    "report_id", ["x", "018f0000-0000-7000-8000-000000000000", "'; drop table reports; --"]
)
def test_a_report_that_does_not_exist_is_404(site: Site, report_id: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        result = site.call(method, f"{REPORTS}/{report_id}", json={"name": "X"}, headers=tagged(1))
        assert result.status_code == 404


def test_a_site_can_have_no_more_than_its_share_of_reports(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.reports.creation.LARGEST_NUMBER_OF_REPORTS", 2)
    first = site.create("1")
    site.create("2")

    assert site.call("POST", REPORTS, json={"name": "3", "definition": DEFINITION}).status_code == 409

    site.call("DELETE", at(first), headers=tagged(1))
    site.create("3")
    assert site.call("POST", f"{at(first)}/restore", headers=tagged(2)).status_code == 409
    assert site.call("POST", f"{at(first)}/copy").status_code == 404


def test_nothing_of_one_site_is_there_for_another(new_site: Callable[[], Site]) -> None:
    here, there = new_site(), new_site()
    report = here.create("Ours", visibility="public")
    everything = [
        there.call("GET", at(report)),
        there.call("PUT", at(report), json={"name": "X"}, headers=tagged(1)),
        there.call("DELETE", at(report), headers=tagged(1)),
        there.call("POST", f"{at(report)}/restore", headers=tagged(1)),
        there.call("PUT", f"{at(report)}/star"),
        there.call("DELETE", f"{at(report)}/star"),
    ]

    assert [result.status_code for result in everything] == [404] * 6
    assert there.names() == there.names("search=Ours") == there.names("deleted=true") == []
    assert here.call("GET", at(report)).json == report


def test_the_same_idempotency_key_on_two_sites_makes_two_reports(new_site: Callable[[], Site]) -> None:
    body = {"name": "Same", "definition": DEFINITION}
    for site in (new_site(), new_site()):
        site.call("POST", REPORTS, json=body, headers={"Idempotency-Key": "k"})

        assert site.names() == ["Same"]
