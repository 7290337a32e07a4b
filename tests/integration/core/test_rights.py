from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.ids import uuid7
from core.jira import Jira
from core.outbound import Outbound
from core.rights import Right, Rights
from core.tenants import Tenant
from tests.integration.api.connect_site import Answering, answering

CHECK = "/rest/api/3/permissions/check"
YES = (200, b'{"globalPermissions": ["ADMINISTER"], "projectPermissions": []}')
NO = (200, b'{"globalPermissions": [], "projectPermissions": []}')


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def jira() -> Iterator[Answering]:
    with answering() as there:
        there.answers[CHECK] = YES
        yield there


@pytest.fixture
def tenant(jira: Answering) -> Tenant:
    return Tenant(uuid7(), "site", jira.url, "active", 1, "a secret that is long enough for the algorithm")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rights(clock: Clock) -> Rights:
    return Rights(Jira(Outbound(), app_key="com.app", clock=clock), clock=clock)


def test_an_answer_is_remembered_for_five_minutes(
    rights: Rights, tenant: Tenant, jira: Answering, clock: Clock
) -> None:
    assert rights.site_admin(tenant, "ada") == Right(granted=True)
    jira.answers[CHECK] = NO

    clock.now = 299
    assert rights.site_admin(tenant, "ada").granted
    clock.now = 301
    assert not rights.site_admin(tenant, "ada").granted


def test_a_fresh_question_is_asked_and_its_answer_remembered(
    rights: Rights, tenant: Tenant, jira: Answering
) -> None:
    rights.site_admin(tenant, "ada")
    jira.answers[CHECK] = NO

    assert not rights.site_admin(tenant, "ada", fresh=True).granted
    assert not rights.site_admin(tenant, "ada").granted


def test_an_answer_is_about_one_account_of_one_tenant(
    rights: Rights, tenant: Tenant, jira: Answering
) -> None:
    rights.site_admin(tenant, "ada")
    jira.answers[CHECK] = NO
    other = Tenant(uuid7(), "other", jira.url, "active", 1, tenant.secret)

    assert not rights.site_admin(tenant, "bob").granted
    assert not rights.site_admin(other, "ada").granted


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (401, b"{}"), (302, b"http://x/"), (200, b"<html>"), (200, b"[]"), (200, b"[" * 9000)],
)
def test_no_proper_answer_means_no_and_is_asked_again_soon(
    rights: Rights, tenant: Tenant, jira: Answering, clock: Clock, answer: tuple[int, bytes]
) -> None:
    jira.answers[CHECK] = answer
    assert rights.site_admin(tenant, "ada") == Right(granted=False, unchecked=True)

    jira.answers[CHECK] = YES
    assert not rights.site_admin(tenant, "ada").granted
    clock.now = 11
    assert rights.site_admin(tenant, "ada") == Right(granted=True)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"globalPermissions": "ADMINISTER"}', b'{"globalPermissions": null}']
)
def test_an_answer_without_the_permission_means_no(
    rights: Rights, tenant: Tenant, jira: Answering, body: bytes
) -> None:
    jira.answers[CHECK] = (200, body)

    assert rights.site_admin(tenant, "ada") == Right(granted=False)


def test_without_a_secret_jira_is_not_asked(rights: Rights, tenant: Tenant, jira: Answering) -> None:
    uninstalled = Tenant(tenant.id, "site", jira.url, "uninstalled", 2, None)

    assert rights.site_admin(uninstalled, "ada").unchecked
    assert jira.asked == []
