from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import jwt
import psycopg2

from core.qsh import query_string_hash
from tests.databases import DatabaseUrls
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


def move(site: Site, base_url: str) -> None:
    site.base_url, later = base_url, int(time.time()) + 5
    assert site.install(iat=later, exp=later + 180).status_code == 204


def test_administrators_are_told_that_the_address_of_their_site_changed(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = jira.answers[f"/moved{CHECK}"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    before = site.base_url
    move(site, f"{before}/moved")

    [notice] = site.call("GET", "/api/v1/me").json["notices"]

    at = datetime.fromisoformat(notice.pop("at"))
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert notice == {"kind": "site moved", "from": before, "to": f"{before}/moved"}


def test_nobody_else_is_told_where_the_site_was(site: Site, jira: Answering) -> None:
    jira.answers[f"/moved{CHECK}"] = (200, b'{"globalPermissions": []}')
    move(site, f"{site.base_url}/moved")

    assert site.call("GET", "/api/v1/me").json["notices"] == []


def test_a_move_is_told_for_thirty_days(site: Site, jira: Answering, api_database: DatabaseUrls) -> None:
    jira.answers[f"/moved{CHECK}"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    move(site, f"{site.base_url}/moved")

    for age, told in (("29 days 23 hours", 1), ("30 days 1 hour", 0)):
        with closing(psycopg2.connect(api_database.owner)) as owner, owner, owner.cursor() as cursor:
            cursor.execute(
                "update audit set at = now() - %s::interval where event = 'moved' and tenant_id ="
                " (select id from tenants where client_key = %s)",
                (age, site.client_key),
            )
            assert cursor.rowcount == 1
        assert len(site.call("GET", "/api/v1/me").json["notices"]) == told


def test_an_installation_from_the_same_address_is_no_move(site: Site, jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    move(site, site.base_url)

    assert site.call("GET", "/api/v1/me").json["notices"] == []
