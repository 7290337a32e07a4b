from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.ids import uuid7
from core.jira import Jira
from core.outbound import Outbound
from core.rights import Right, Rights, Standing
from core.tenants import Tenant
from tests.clock import Clock
from tests.jira_server import CHECK, GROUPS, JiraServer, Reply, jira_server

SECRET = "a secret that is long enough for the algorithm"
NOTHING = Standing()


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        there.admins.add("ada")
        yield there


@pytest.fixture
def tenant(jira: JiraServer) -> Tenant:
    return Tenant(uuid7(), "site", jira.url, "active", 1, SECRET)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rights(clock: Clock) -> Rights:
    jira = Jira(Outbound(max_bytes=1_048_576), app_key="com.app", clock=clock, wait=lambda _: None)
    return Rights(jira, clock=clock)


def learn(
    rights: Rights, tenant: Tenant, known: Standing = NOTHING, *projects: str, groups: bool = False
) -> Standing:
    return rights.learn(tenant, "ada", known, groups=groups, projects=list(projects))


def test_who_administers_the_site_is_remembered_for_five_minutes(
    rights: Rights, tenant: Tenant, jira: JiraServer, clock: Clock
) -> None:
    assert rights.site_admin(tenant, "ada") == Right(granted=True)
    jira.admins.clear()

    clock.now += 299
    assert rights.site_admin(tenant, "ada").granted
    clock.now += 2
    assert not rights.site_admin(tenant, "ada").granted


def test_a_fresh_question_is_asked_and_its_answer_remembered(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    rights.site_admin(tenant, "ada")
    jira.admins.clear()

    assert not rights.site_admin(tenant, "ada", fresh=True).granted
    assert not rights.site_admin(tenant, "ada").granted


def test_an_answer_is_about_one_account_of_one_installation_of_one_tenant(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.groups["ada"] = {"g"}
    rights.site_admin(tenant, "ada")
    learn(rights, tenant, groups=True)
    jira.admins.clear()

    for other in (replace(tenant, id=uuid7()), replace(tenant, secret_version=2)):
        assert not rights.site_admin(other, "ada").granted
        assert rights.standing(other, "ada") == NOTHING
    assert not rights.site_admin(tenant, "bob").granted
    assert rights.standing(tenant, "bob") == NOTHING


BAD_REPLIES = [Reply(500), Reply(401, b"{}"), Reply(302), Reply(404), Reply(body=b"<html>"), Reply(body=b"7"),
               Reply(body=b"[" * 9000), Reply(body=b"null")]  # fmt: skip


@pytest.mark.parametrize("reply", [*BAD_REPLIES, Reply(body=b"[]")])
def test_no_proper_answer_means_no_admin_and_is_asked_again_soon(
    rights: Rights, tenant: Tenant, jira: JiraServer, clock: Clock, reply: Reply
) -> None:
    jira.always = reply
    assert rights.site_admin(tenant, "ada") == Right(granted=False, unchecked=True)

    jira.always = None
    assert not rights.site_admin(tenant, "ada").granted
    clock.now += 11
    assert rights.site_admin(tenant, "ada") == Right(granted=True)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"globalPermissions": "ADMINISTER"}', b'{"globalPermissions": null}']
)
def test_an_answer_without_the_permission_means_no(
    rights: Rights, tenant: Tenant, jira: JiraServer, body: bytes
) -> None:
    jira.always = Reply(body=body)

    assert rights.site_admin(tenant, "ada") == Right(granted=False)


def test_without_a_secret_jira_is_not_asked(rights: Rights, tenant: Tenant, jira: JiraServer) -> None:
    uninstalled = replace(tenant, state="uninstalled", secret=None)

    assert rights.site_admin(uninstalled, "ada").unchecked
    assert learn(rights, uninstalled, groups=True).unchecked
    assert jira.asked == []


def test_groups_and_projects_are_learnt_by_id(rights: Rights, tenant: Tenant, jira: JiraServer) -> None:
    jira.groups["ada"] = {"g1", "g2"}
    jira.projects["ada"] = {10001, 10003}

    known = learn(rights, tenant, NOTHING, "10001", "10002", groups=True)

    assert known == Standing(frozenset({"g1", "g2"}), frozenset({"10001"}), frozenset({"10002"}))
    assert rights.standing(tenant, "ada") == known
    assert jira.asked[0].query == "accountId=ada"
    assert jira.asked[1].body == {
        "accountId": "ada",
        "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [10001, 10002]}],
    }


def test_what_was_learnt_is_forgotten_five_minutes_after_it_was_asked(
    rights: Rights, tenant: Tenant, jira: JiraServer, clock: Clock
) -> None:
    jira.projects["ada"] = {1, 2}
    known = learn(rights, tenant, NOTHING, "1", groups=True)
    clock.now += 200
    both = learn(rights, tenant, known, "2")
    assert both.browsable == {"1", "2"}

    clock.now += 99
    assert rights.standing(tenant, "ada") == both
    clock.now += 1
    assert rights.standing(tenant, "ada") == NOTHING


def test_an_answer_that_took_long_is_as_old_as_its_question(
    tenant: Tenant, jira: JiraServer, clock: Clock
) -> None:
    def wait(_: float) -> None:
        clock.now += 50

    rights = Rights(Jira(Outbound(), app_key="com.app", clock=clock, wait=wait), clock=clock)
    jira.next.extend([Reply(503), Reply(503)])
    learn(rights, tenant, groups=True)

    clock.now += 199
    assert rights.standing(tenant, "ada").groups is not None
    clock.now += 1
    assert rights.standing(tenant, "ada").groups is None


def test_more_than_a_thousand_projects_are_asked_about_in_several_calls(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.projects["ada"] = set(range(0, 2500, 2))

    known = learn(rights, tenant, NOTHING, *map(str, range(2500)))

    assert [len(asked.body["projectPermissions"][0]["projects"]) for asked in jira.asked] == [1000, 1000, 500]
    assert known.browsable == {str(number) for number in range(0, 2500, 2)}
    assert known.closed == {str(number) for number in range(1, 2500, 2)}


def test_ids_that_no_project_can_have_are_closed_and_keep_no_question_from_being_answered(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.projects["ada"] = {7}

    known = learn(rights, tenant, NOTHING, "9" * 19, "7", "007", "7x", "²", "")

    assert known.browsable == {"7", "007"}
    assert known.closed == {"9" * 19, "7x", "²", ""}
    assert not known.unchecked
    assert learn(rights, tenant, NOTHING, "9" * 19).closed
    assert len(jira.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        *BAD_REPLIES,
        Reply(429, headers={"Retry-After": "100"}),
        Reply(body=b"x" * 10_000_000),
        Reply(body=b"{}"),
    ],
)
def test_what_jira_does_not_answer_is_not_known_and_not_asked_again_at_once(
    rights: Rights, tenant: Tenant, jira: JiraServer, clock: Clock, reply: Reply
) -> None:
    jira.groups["ada"], jira.projects["ada"] = {"g"}, {1}
    jira.always = reply
    assert learn(rights, tenant, NOTHING, "1", groups=True) == Standing(unchecked=True)
    jira.always, number = None, len(jira.asked)

    assert learn(rights, tenant, NOTHING, "1", groups=True) == Standing(unchecked=True)
    assert len(jira.asked) == number
    assert rights.standing(tenant, "ada") == NOTHING
    clock.now += 101
    assert learn(rights, tenant, NOTHING, "1", groups=True) == Standing(
        frozenset({"g"}), frozenset({"1"}), frozenset()
    )


def test_what_one_question_tells_is_known_although_the_other_got_no_answer(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.groups["ada"], jira.projects["ada"] = {"g"}, {1}
    jira.next.append(Reply(403))

    known = learn(rights, tenant, NOTHING, "1", groups=True)

    assert known == Standing(None, frozenset({"1"}), unchecked=True)
    assert rights.standing(tenant, "ada") == replace(known, unchecked=False)
    assert jira.paths() == [GROUPS, CHECK]


@pytest.mark.parametrize(
    "grants",
    [b"null", b"[]", b"[7]", b'[{"permission": "EDIT_ISSUES", "projects": [1]}]',
     b'[{"permission": "BROWSE_PROJECTS"}]', b'[{"permission": "BROWSE_PROJECTS", "projects": {"1": 1}}]',
     b'[{"permission": "BROWSE_PROJECTS", "projects": ["1", true, 1.0, null]}]'],
)  # fmt: skip
def test_an_odd_grant_grants_nothing(rights: Rights, tenant: Tenant, jira: JiraServer, grants: bytes) -> None:
    jira.always = Reply(body=b'{"projectPermissions": ' + grants + b"}")

    assert learn(rights, tenant, NOTHING, "1").browsable == frozenset()


def test_a_page_waits_three_seconds_for_a_silent_jira(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.always = Reply(hangs=True)
    started = time.monotonic()

    assert learn(rights, tenant, NOTHING, *map(str, range(5000)), groups=True).unchecked
    assert 2.5 < time.monotonic() - started < 4.5
    assert len(jira.asked) == 1


def test_the_groups_of_somebody_in_a_thousand_of_them_fit(
    rights: Rights, tenant: Tenant, jira: JiraServer
) -> None:
    jira.groups["ada"] = {str(uuid7()) for _ in range(2000)}

    assert learn(rights, tenant, groups=True).groups == frozenset(jira.groups["ada"])
