from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import falcon.testing
import psycopg2
import pytest
from psycopg2 import sql

from api.access import Access, declared_access
from api.app import all_routes
from api.services import Services
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.integration.api.forgeries import Attack, Forger
from tests.integration.api.honest_requests import HONEST, Honest, Things
from tests.integration.api.test_app import methods_of

REFUSALS = {400, 401, 403, 415}
# Entries of the audit trail that tell of an authenticated caller's refusal are meant to be written.
KEPT = {"audit": sql.SQL("where event <> 'refused'")}


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


@pytest.fixture
def things(new_site: Callable[[], Site]) -> Things:
    return one_of_everything(new_site())


def one_of_everything(site: Site) -> Things:
    report, deleted = site.create("The victim's")["id"], site.create("Deleted")["id"]
    assert site.call("PUT", f"/api/v1/reports/{report}/star").status_code == 204
    gone = site.call("DELETE", f"/api/v1/reports/{deleted}", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    export = site.call("POST", "/api/v1/exports")
    assert export.status_code == 202
    return Things(site, report, deleted, export.json["id"])


def dump(urls: DatabaseUrls) -> dict[str, list[str]]:
    """Every row of every table."""
    with closing(psycopg2.connect(urls.owner)) as connection, connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            condition = KEPT.get(table, sql.SQL(""))
            query = sql.SQL("select t::text from {} t {} order by 1").format(sql.Identifier(table), condition)
            cursor.execute(query)
            rows[table] = [row for (row,) in cursor.fetchall()]
        return rows


def sent(site: Site, honest: Honest, attack: Attack) -> falcon.testing.Result:
    return site.client.simulate_request(
        honest.method, honest.path, headers=attack.headers, query_string=attack.query, body=attack.body
    )


def test_every_route_has_its_place_in_the_matrix(services: Services) -> None:
    closed = {
        (method, template)
        for template, resource in all_routes(services)
        for method in methods_of(resource)
        if declared_access(resource, method) is not Access.PUBLIC
    }

    assert len(closed) > 15
    assert closed == set(HONEST), "add an honest request of each route to honest_requests.py"


@pytest.mark.parametrize("route", HONEST, ids=" ".join)
def test_the_request_that_attacks_start_from_is_accepted(things: Things, route: tuple[str, str]) -> None:
    honest = HONEST[route](things)
    token = Forger(honest, things.site, things.site).honest_token()
    good = Attack("honest", [*honest.headers.items(), ("Authorization", f"JWT {token}")], body=honest.body)

    assert sent(things.site, honest, good).status_code in honest.statuses


@pytest.mark.parametrize("route", HONEST, ids=" ".join)
def test_every_attack_is_refused_and_changes_nothing(
    route: tuple[str, str],
    things: Things,
    new_site: Callable[[], Site],
    jira: Answering,
    api_database: DatabaseUrls,
) -> None:
    honest = HONEST[route](things)
    attacks = list(Forger(honest, things.site, own=new_site()).attacks())
    assert len(attacks) > 70
    before = dump(api_database)

    for attack in attacks:
        asked = len(jira.asked)
        result = sent(things.site, honest, attack)
        assert result.status_code in REFUSALS, (attack.name, result.status_code, result.text)
        assert attack.authenticated or result.status_code != 403, attack.name
        assert_it_tells_nothing(result, things)
        assert attack.authenticated or len(jira.asked) == asked, f"Jira was asked because of {attack.name}"

    assert_nothing_changed(before, dump(api_database))


def assert_it_tells_nothing(result: falcon.testing.Result, things: Things) -> None:
    problem: dict[str, Any] = result.json
    assert result.headers["Content-Type"] == "application/problem+json"
    assert set(problem) <= {"type", "title", "status", "detail", "errors", "request_id"}
    assert things.site.secret not in result.text
    assert "victim" not in result.text
    if result.status_code == 401:
        assert result.headers["WWW-Authenticate"] == 'JWT realm="com.sightline.reports"'


def assert_nothing_changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    assert sum(len(rows) for rows in before.values()) > 8
    assert set(before) == set(after)
    for table, rows in before.items():
        assert after[table] == rows, table


def test_a_change_would_be_noticed(things: Things, api_database: DatabaseUrls) -> None:
    before = dump(api_database)
    things.site.call("DELETE", f"/api/v1/reports/{things.report}/star")

    with pytest.raises(AssertionError, match="stars"):
        assert_nothing_changed(before, dump(api_database))
