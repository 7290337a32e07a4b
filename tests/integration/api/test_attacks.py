from __future__ import annotations

from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from api.access import Access, declared_access
from api.app import all_routes
from api.services import Services
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.integration.api.forgeries import Attack, Forger, sent
from tests.integration.api.honest_requests import HONEST, Things, one_of_everything
from tests.integration.api.test_app import methods_of
from tests.whole_database import assert_nothing_changed, dump

REFUSALS = {400, 401, 403, 415}


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


@pytest.fixture
def things(new_site: Callable[[], Site]) -> Things:
    return one_of_everything(new_site())


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


def test_a_change_would_be_noticed(things: Things, api_database: DatabaseUrls) -> None:
    before = dump(api_database)
    things.site.call("DELETE", f"/api/v1/reports/{things.report}/star")

    with pytest.raises(AssertionError, match="stars"):
        assert_nothing_changed(before, dump(api_database))
