from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import Result, TestClient

from demo.rest import create_rest, scope_of
from demo.rest.personal_data import PATH
from tests.integration.demo.rest.jira import SignedIn

NOW = "2026-11-01T00:00:00.000Z"


def report(site: Any, *accounts: str, as_app: bool = True, body: Any = None) -> Result:
    caller = SignedIn()
    caller.account = None if as_app else site.accounts()[0]
    sent = {"accounts": [{"accountId": account, "updatedAt": NOW} for account in accounts]}
    return TestClient(create_rest(site, [caller])).simulate_post(PATH, json=sent if body is None else body)


def test_who_has_left_is_told_and_others_are_not(site: Any) -> None:
    gone = next(account for account in site.catalogue.accounts.values() if not account.active)

    told = report(site, site.accounts()[0].id, gone.id, "712020:nobody-knows")

    assert told.status_code == 200
    assert told.json == {"accounts": [{"accountId": gone.id, "status": "closed"}]}


def test_where_nobody_has_left_there_is_nothing_to_do(site: Any) -> None:
    told = report(site, site.accounts()[0].id)

    assert (told.status_code, told.content) == (204, b"")


def test_people_may_not_report(site: Any) -> None:
    assert report(site, "a", as_app=False).status_code == 403


def test_an_app_with_the_scope_read_may() -> None:
    assert scope_of("POST", PATH) == "READ"


@pytest.mark.parametrize(
    "body",
    [
        {"accounts": []},
        {"accounts": [{"accountId": str(n), "updatedAt": NOW} for n in range(91)]},
        {"accounts": [{"accountId": "a", "updatedAt": NOW}] * 2},
        {"accounts": [{"accountId": "a"}]},
        {"accounts": [{"accountId": 7, "updatedAt": NOW}]},
        {"accounts": ["a"]},
        {},
        [],
    ],
)
def test_what_is_no_report_is_refused(site: Any, body: Any) -> None:
    assert report(site, body=body).status_code == 400
