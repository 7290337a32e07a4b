from __future__ import annotations

import json

import jwt

from core.qsh import query_string_hash
from tests.integration.api.connect_site import APP_KEY, Answering, Site

CHECK = "/rest/api/3/permissions/check"


def test_an_administrator_whom_jira_confirms_is_one(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (200, json.dumps({"globalPermissions": ["ADMINISTER"]}).encode())

    result = site.call("GET", "/api/v1/me")

    assert result.json == {"account_id": "ada", "host": "connect", "admin": True, "notices": []}


def test_jira_is_asked_as_the_app_about_this_account(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": []}')

    result = site.call("GET", "/api/v1/me", as_="5b10:ab-c")

    assert result.json["admin"] is False
    assert "unchecked" not in result.json
    [(method, path, headers, body)] = jira.asked
    assert (method, path) == ("POST", CHECK)
    assert json.loads(body) == {"accountId": "5b10:ab-c", "globalPermissions": ["ADMINISTER"]}
    token = headers["Authorization"].removeprefix("JWT ")
    claims = jwt.decode(token, site.secret, algorithms=["HS256"])
    assert claims["iss"] == APP_KEY
    assert claims["qsh"] == query_string_hash("POST", CHECK)
    assert claims["exp"] - claims["iat"] == 180


def test_a_jira_that_gives_no_answer_means_no_and_is_said(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (500, b"")

    result = site.call("GET", "/api/v1/me")

    assert result.json["admin"] is False
    assert result.json["unchecked"] is True


def test_jira_is_not_asked_again_for_every_request(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')

    for _ in range(3):
        site.call("GET", "/api/v1/me")

    assert len(jira.asked) == 1
