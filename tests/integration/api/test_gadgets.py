from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import falcon.testing
import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.openapi import shape_of
from core import gadgets
from core.ids import uuid7
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site

PATH = "/api/v1/gadgets/10000/10010"
CHECK = "/rest/api/3/permissions/check"
GROUPS = "/rest/api/3/user/groups?accountId="
EMPTY = {
    "state": "empty", "report": None, "version": 0, "set_by": None, "set_at": None, "editable": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": [], "projectPermissions": []}')
    for account in ("ada", "bob", "eve"):
        jira.answers[f"{GROUPS}{account}"] = (200, b"[]")


def grant(jira: Answering, *permissions: str) -> None:
    jira.answers[CHECK] = (200, json.dumps({"globalPermissions": permissions}).encode())


def shown(site: Site, *, as_: str = "ada", path: str = PATH) -> dict[str, object]:
    result = site.call("GET", path, as_=as_)
    assert result.status_code == 200, result.text
    assert shape_of("Gadget").problems(result.json) == []
    assert result.headers["ETag"] == f'"{result.json["version"]}"'
    body: dict[str, object] = result.json
    return body


def choose(
    site: Site, report: object, version: int, *, as_: str = "ada", path: str = PATH
) -> falcon.testing.Result:
    headers = {"If-Match": f'"{version}"'}
    return site.call("PUT", path, as_=as_, json={"report": report}, headers=headers)


def clear(site: Site, version: int, *, as_: str = "ada") -> falcon.testing.Result:
    return site.call("DELETE", PATH, as_=as_, headers={"If-Match": f'"{version}"'})


def public(site: Site, name: str = "Public", *, as_: str = "ada") -> str:
    return str(site.create(name, as_=as_, visibility="public")["id"])


def delete(site: Site, report: str, *, as_: str = "ada") -> None:
    headers = {"If-Match": '"1"'}
    assert site.call("DELETE", f"/api/v1/reports/{report}", as_=as_, headers=headers).status_code == 204


def test_a_gadget_that_nobody_set_is_empty_and_open_to_everyone(site: Site) -> None:
    assert shown(site, as_="eve") == EMPTY


def test_a_chosen_report_is_shown_to_everyone_who_may_see_it(site: Site) -> None:
    report = public(site)

    chosen = choose(site, report, 0)

    assert chosen.status_code == 200
    assert chosen.headers["ETag"] == '"1"'
    assert chosen.json == shown(site)
    assert (chosen.json["state"], chosen.json["report"], chosen.json["set_by"]) == ("shown", report, "ada")
    assert chosen.json["editable"] is True
    assert shown(site, as_="eve") == {**chosen.json, "editable": False}


def test_gadgets_of_two_places_are_two(site: Site) -> None:
    assert choose(site, public(site), 0).status_code == 200

    assert shown(site, path="/api/v1/gadgets/10000/10011") == EMPTY
    assert shown(site, path="/api/v1/gadgets/10001/10010") == EMPTY


def test_of_a_report_that_is_not_theirs_people_learn_that_there_is_one_and_who_chose_it(site: Site) -> None:
    report = site.create("Secret plan")["id"]
    assert choose(site, report, 0).status_code == 200

    result = site.call("GET", PATH, as_="eve")

    assert result.json["state"] == "hidden"
    assert result.json["set_by"] == "ada"
    assert result.json["report"] is None
    assert result.json["editable"] is False
    assert report not in result.text
    assert "unchecked" not in result.json


def test_a_report_shared_with_a_group_is_shown_once_jira_has_told_the_groups(
    site: Site, jira: Answering
) -> None:
    jira.answers[f"{GROUPS}bob"] = (200, b'[{"name": "team", "groupId": "g-1"}]')
    shared = {"groups": [{"id": "g-1", "name": "team"}]}
    report = site.create("Shared", visibility="limited", shared_with=shared)["id"]
    assert choose(site, report, 0).status_code == 200

    assert shown(site, as_="bob")["report"] == report
    assert shown(site, as_="eve")["state"] == "hidden"


def test_who_cannot_be_checked_is_told_so(site: Site, jira: Answering) -> None:
    jira.answers[f"{GROUPS}bob"] = (500, b"")
    shared = {"groups": [{"id": "g-1", "name": "team"}]}
    report = site.create("Shared", visibility="limited", shared_with=shared)["id"]
    assert choose(site, report, 0).status_code == 200

    found = shown(site, as_="bob")

    assert (found["state"], found["unchecked"]) == ("hidden", True)


def test_a_deleted_report_is_told_to_who_saw_it_and_comes_back_with_its_restoration(site: Site) -> None:
    open_, secret = public(site), site.create("Secret")["id"]
    assert choose(site, open_, 0).status_code == 200
    delete(site, open_)

    assert [shown(site, as_=account)["state"] for account in ("ada", "eve")] == ["deleted", "deleted"]
    assert shown(site)["report"] is None
    back = site.call("POST", f"/api/v1/reports/{open_}/restore", headers={"If-Match": '"2"'})
    assert back.status_code == 200
    assert shown(site, as_="eve")["report"] == open_

    assert choose(site, secret, 1).status_code == 200
    delete(site, secret)
    assert [shown(site, as_=account)["state"] for account in ("ada", "eve")] == ["deleted", "hidden"]


def test_a_report_that_is_gone_for_good_leaves_an_empty_gadget_of_the_same_version(
    site: Site, api_database: DatabaseUrls
) -> None:
    report = public(site)
    assert choose(site, report, 0).status_code == 200
    with closing(psycopg2.connect(api_database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("set local role sightline_definer")
        cursor.execute("delete from reports where id = %s", (report,))
        assert cursor.rowcount == 1

    assert shown(site, as_="eve") == {**EMPTY, "version": 1}
    assert choose(site, public(site, as_="eve"), 1, as_="eve").status_code == 200


@pytest.mark.parametrize("kind", ["private", "deleted", "nobody's", "no id"])
def test_only_a_report_that_one_sees_can_be_chosen(site: Site, kind: str) -> None:
    report = {"nobody's": str(uuid7()), "no id": "7"}.get(kind) or str(site.create(as_="bob")["id"])
    if kind == "deleted":
        report = public(site)
        delete(site, report)

    result = choose(site, report, 0)

    assert result.status_code == 422
    assert result.json["errors"] == [{"pointer": "/report", "detail": "is no report that you may see"}]
    assert shown(site) == EMPTY


@pytest.mark.parametrize(
    "body", [{}, [], {"report": None}, {"report": 1}, {"report": "x" * 65}, {"reprot": "x"}]
)
def test_a_body_of_another_form_is_refused_with_its_place(site: Site, body: object) -> None:
    result = site.call("PUT", PATH, json=body, headers={"If-Match": '"0"'})

    assert result.status_code == 422
    assert result.json["errors"]


@pytest.mark.parametrize("part", ["%20", "a%2Fb", "x" * 65, "..%5C", "é", "10000%00"])
def test_a_place_that_jira_cannot_have_does_not_exist(site: Site, part: str) -> None:
    for path in (f"/api/v1/gadgets/{part}/1", f"/api/v1/gadgets/1/{part}"):
        assert site.call("GET", path).status_code == 404
        assert choose(site, public(site), 0, path=path).status_code == 404


def test_a_choice_is_changed_by_who_made_it_and_the_administrators_of_what_is_shown(site: Site) -> None:
    bobs, evil = public(site, "Bob's", as_="bob"), public(site, "Eve's", as_="eve")
    assert choose(site, bobs, 0).status_code == 200

    refused = choose(site, evil, 1, as_="eve")

    assert refused.status_code == 403
    assert "unchecked" not in refused.json
    assert clear(site, 1, as_="eve").status_code == 403
    assert shown(site, as_="bob")["editable"] is True
    assert choose(site, public(site), 1, as_="bob").status_code == 200
    # Now it is Bob's choice of Ada's report: both may, Eve still may not.
    assert choose(site, evil, 2, as_="eve").status_code == 403
    assert choose(site, bobs, 2).status_code == 200


def test_administrators_of_the_site_change_any_choice_also_one_hidden_from_them(
    site: Site, jira: Answering
) -> None:
    assert choose(site, site.create("Private")["id"], 0).status_code == 200
    grant(jira, "ADMINISTER")
    report = public(site, as_="eve")

    assert choose(site, report, 1, as_="eve").status_code == 200
    assert shown(site)["report"] == report


def test_where_jira_cannot_be_asked_the_refusal_says_so(site: Site, jira: Answering) -> None:
    assert choose(site, public(site), 0).status_code == 200
    jira.answers[CHECK] = (500, b"")

    refused = choose(site, public(site, as_="eve"), 1, as_="eve")

    assert (refused.status_code, refused.json["unchecked"]) == (403, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_names_the_version_it_is_meant_for(site: Site, method: str) -> None:
    first, second = public(site), public(site)
    assert choose(site, first, 0).status_code == 200
    body = json.dumps({"report": second}) if method == "PUT" else ""

    def call(**headers: str) -> falcon.testing.Result:
        kind = {"Content-Type": "application/json"} if body else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return site.call(method, PATH, headers=kind | named, body=body)

    stale = call(If_Match='"0"')
    others = [call(), call(If_Match="1"), call(If_Match='W/"2"')]

    assert [stale.status_code, *(one.status_code for one in others)] == [412, 428, 400, 412]
    assert (stale.json["version"], stale.headers["ETag"]) == (1, '"1"')
    assert shown(site)["report"] == first


def test_versions_go_on_counting_when_a_choice_is_taken_back(site: Site) -> None:
    report = public(site)
    assert choose(site, report, 0).status_code == 200
    assert clear(site, 1).status_code == 204

    assert shown(site, as_="eve") == {**EMPTY, "version": 2}
    assert choose(site, report, 0).status_code == 412
    assert choose(site, public(site, as_="eve"), 2, as_="eve").status_code == 200


def test_emptying_an_empty_gadget_leaves_it_as_it_is(site: Site) -> None:
    assert clear(site, 0).status_code == 204
    assert shown(site) == EMPTY


def test_of_many_who_choose_first_at_once_one_succeeds(site: Site) -> None:
    report = public(site)

    with ThreadPoolExecutor(8) as pool:
        results = [r.status_code for r in pool.map(lambda _: choose(site, report, 0), range(8))]

    assert sorted(results) == [200, *[412] * 7]


def test_a_site_has_a_largest_number_of_gadgets(
    site: Site, api_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gadgets, "LARGEST_NUMBER_OF_GADGETS", 2)
    report = public(site)
    places = [f"/api/v1/gadgets/1/{item}" for item in range(3)]

    assert [choose(site, report, 0, path=path).status_code for path in places] == [200, 200, 409]
    assert choose(site, report, 1, path=places[0]).status_code == 200
    assert site.call("DELETE", places[0], headers={"If-Match": '"2"'}).status_code == 204
    assert choose(site, report, 0, path=places[2]).status_code == 409
    with closing(psycopg2.connect(api_database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute(
            "update gadgets set set_at = now() - interval '25 hours' where item = '0' and dashboard = '1'"
            " and tenant_id = (select id from tenants where client_key = %s)",
            (site.client_key,),
        )
        assert cursor.rowcount == 1
    assert choose(site, report, 0, path=places[2]).status_code == 200


def test_another_site_has_its_own_gadget_at_the_same_place(site: Site, new_site: Callable[[], Site]) -> None:
    other = new_site()
    assert choose(site, public(site), 0).status_code == 200

    assert shown(other) == EMPTY
    assert choose(other, public(other), 0).status_code == 200
    assert choose(other, shown(site)["report"], 1).status_code == 422


@settings(max_examples=300)
@given(st.text(max_size=70))
def test_a_place_is_what_the_described_pattern_lets_through(text: str) -> None:
    fits = not shape_of("GadgetPart").problems(text)

    assert (gadgets.place_of(text, "1") is not None) == fits
    assert (gadgets.place_of("1", text) is not None) == fits
