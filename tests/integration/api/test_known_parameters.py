from __future__ import annotations

from collections.abc import Callable

import falcon.testing
import pytest

from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.integration.api.honest_requests import HONEST, one_of_everything
from tests.whole_database import assert_nothing_changed, dump

OURS = [route for route in HONEST if route[1].startswith("/api/v1/")]


@pytest.mark.parametrize("route", OURS, ids=" ".join)
def test_a_parameter_that_a_route_does_not_know_is_refused_and_changes_nothing(
    route: tuple[str, str], new_site: Callable[[], Site], jira: Answering, api_database: DatabaseUrls
) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
    site = new_site()
    honest = HONEST[route](one_of_everything(site))
    before = dump(api_database)

    refused = site.call(
        honest.method, honest.path, query_string="nonsense=1&more=", body=honest.body, headers=honest.headers
    )

    assert_nothing_changed(before, dump(api_database))
    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json["errors"]] == ["/nonsense", "/more"]
    accepted = site.call(honest.method, honest.path, body=honest.body, headers=honest.headers)
    assert accepted.status_code in honest.statuses


def test_the_description_knows_no_parameter(client: falcon.testing.TestClient) -> None:
    assert client.simulate_get("/api/v1/openapi.json?nonsense=1").status_code == 400


def test_who_is_not_proven_is_not_told_which_parameters_there_are(client: falcon.testing.TestClient) -> None:
    assert client.simulate_get("/api/v1/me?nonsense=1").status_code == 401


@pytest.mark.parametrize("address", ["/atlassian-connect.json", "/data-storage", "/healthz"])
def test_addresses_that_others_know_us_by_take_any_parameter(
    client: falcon.testing.TestClient, address: str
) -> None:
    plain = client.simulate_get(address)

    assert client.simulate_get(f"{address}?cache=1").status_code == plain.status_code
