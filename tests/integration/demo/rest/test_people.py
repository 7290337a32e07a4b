from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def people(site: Any) -> dict[str, Any]:
    return {account.name: account for account in site.accounts()}


def test_one_sees_oneself_with_zone_locale_and_address(jira: Any) -> None:
    me = jira.get("/myself").json
    assert (me["displayName"], me["timeZone"], me["locale"]) == ("Ada Lovett", "Europe/Berlin", "en_GB")
    assert "@" in me["emailAddress"]
    assert (
        me["avatarUrls"]["48x48"] == f"https://jira.example/avatars/{me['accountId'].replace(':', '%3A')}.svg"
    )


def test_addresses_of_others_are_private(jira: Any, people: dict[str, Any]) -> None:
    shown = jira.get("/user", accountId=people["Brendan Power"].id).json
    assert "emailAddress" not in shown


def test_nobody_is_not_anybody(jira: Any) -> None:
    assert jira.as_(None).get("/myself").status_code == 401
    assert jira.get("/user", accountId="nobody").status_code == 404
    assert jira.get("/user").status_code == 400


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ada", ["Ada Lovett"]),
        ("POW", ["Brendan Power"]),
        ("tan", ["Yuki Tanabe"]),
        ("ove", []),
        ("נועה", ["נועה לוי"]),
    ],
)
def test_people_are_found_by_how_a_word_of_their_name_begins(jira: Any, query: str, names: list[str]) -> None:
    assert [user["displayName"] for user in jira.get("/user/search", query=query).json] == names


def test_who_has_left_is_not_found_but_still_known(jira: Any, site: Any) -> None:
    gone = next(account for account in site.catalogue.accounts.values() if not account.active)
    assert jira.get("/user/search", query=gone.name).json == []
    assert jira.get("/user/bulk", accountId=gone.id).json["values"][0]["active"] is False


def test_groups_are_found_by_any_part_and_the_part_is_marked(jira: Any) -> None:
    found = jira.get("/groups/picker", query="admin").json
    assert [group["name"] for group in found["groups"]] == ["jira-administrators", "site-admins"]
    assert found["groups"][1]["html"] == "site-<b>admin</b>s"
    assert found["header"] == "Showing 2 of 2 matching groups"


def test_markup_in_what_is_sought_stays_text(jira: Any) -> None:
    found = jira.get("/groups/picker", query="t john's").json["groups"]
    assert found[0]["html"] == "office s<b>t john&#x27;s</b>"


def check(jira: Any, account: Any, **asked: Any) -> Any:
    return jira.as_(None).post("/permissions/check", {"accountId": account.id, **asked}).json


def test_the_app_may_ask_about_anybody(jira: Any, people: dict[str, Any]) -> None:
    asked = {
        "globalPermissions": ["ADMINISTER", "BULK_CHANGE"],
        "projectPermissions": [
            {"permissions": ["BROWSE_PROJECTS"], "projects": [10000, 10006], "issues": []}
        ],
    }
    ada, brendan = (check(jira, people[name], **asked) for name in ("Ada Lovett", "Brendan Power"))
    assert ada["globalPermissions"] == ["ADMINISTER", "BULK_CHANGE"]
    assert brendan["globalPermissions"] == ["BULK_CHANGE"]
    assert ada["projectPermissions"][0]["projects"] == [10000, 10006]
    assert brendan["projectPermissions"][0]["projects"] == [10000]


def test_hidden_issues_are_not_granted(jira: Any, site: Any, people: dict[str, Any]) -> None:
    hidden = next(issue for issue in site.store.issues() if issue.level == "10102")
    asked = {"projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "issues": [hidden.id]}]}
    assert check(jira, people["Ada Lovett"], **asked)["projectPermissions"][0]["issues"] == [hidden.id]
    assert check(jira, people["Brendan Power"], **asked)["projectPermissions"][0]["issues"] == []


def test_a_person_may_ask_about_oneself_and_an_admin_about_all(jira: Any, people: dict[str, Any]) -> None:
    brendan = jira.as_(people["Brendan Power"])
    asked = {"globalPermissions": ["ADMINISTER"]}
    assert brendan.post("/permissions/check", asked).json["globalPermissions"] == []
    other = {**asked, "accountId": people["Ada Lovett"].id}
    assert brendan.post("/permissions/check", other).status_code == 403
    assert (
        jira.post("/permissions/check", {**asked, "accountId": people["Brendan Power"].id}).status_code == 200
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"globalPermissions": ["FLY"]},
        {"projectPermissions": [{"permissions": ["FLY"]}]},
        {"projectPermissions": ["BROWSE_PROJECTS"]},
        {"projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": list(range(1001))}]},
        {"accountId": "nobody"},
        {"unknown": 1},
    ],
)
def test_bad_questions_about_permissions_are_refused(jira: Any, asked: dict[str, Any]) -> None:
    assert jira.post("/permissions/check", asked).status_code == 400


def test_my_permissions_hold_where_they_are_asked_for(jira: Any, people: dict[str, Any]) -> None:
    assert jira.get("/mypermissions").status_code == 400
    brendan = jira.as_(people["Brendan Power"])
    shown = brendan.get("/mypermissions", permissions="ADMINISTER,BROWSE_PROJECTS", projectKey="SHOP").json[
        "permissions"
    ]
    assert {name: held["havePermission"] for name, held in shown.items()} == {
        "ADMINISTER": False, "BROWSE_PROJECTS": True,
    }  # fmt: skip
    assert brendan.get("/mypermissions", permissions="BROWSE_PROJECTS", projectKey="VAULT").status_code == 404


def test_groups_of_a_person_are_those_of_the_site(jira: Any, site: Any, people: dict[str, Any]) -> None:
    shown = jira.get("/user/groups", accountId=people["Priya Raghunathan"].id).json
    assert {group["name"] for group in shown} == people["Priya Raghunathan"].groups
    assert all(site.catalogue.groups[group["name"]].id == group["groupId"] for group in shown)
