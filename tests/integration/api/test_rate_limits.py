from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import falcon.testing
import pytest

from api.access import Access, declared_access
from api.app import all_routes, create_app
from api.services import Services
from cli.local.part import free_port
from core.rates import Quota, Rates
from tests.integration.api.connect_site import Site
from tests.integration.api.test_app import address_of, methods_of

POLICY = re.compile(r'"account";q=(\d+);w=(\d+), "tenant";q=(\d+);w=(\d+)')
LEFT = re.compile(r'"account";r=(\d+);t=(\d+), "tenant";r=(\d+);t=(\d+)')


@pytest.fixture
def rates(services: Services) -> Iterator[Rates]:
    made = Rates(
        services.settings.redis_url,
        account=Quota(burst=4, per_second=1),
        tenant=Quota(burst=6, per_second=1),
        wait=5,
    )
    yield made
    made.close()


def limited(services: Services, site: Site, rates: Rates) -> Site:
    """The same site, where these rates hold."""
    app = create_app(replace(services, rates=rates))
    return Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret)


def test_who_asks_too_often_is_told_to_wait(services: Services, site: Site, rates: Rates) -> None:
    there = limited(services, site, rates)

    answers = [there.call("GET", "/api/v1/reports") for _ in range(6)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert refused
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert refused[0].json["detail"].startswith("This account asks more often")
    found = LEFT.fullmatch(refused[0].headers["RateLimit"])
    assert found is not None
    assert found[1] == "0"


def test_an_account_that_asks_too_often_takes_nothing_from_the_others(
    services: Services, site: Site, rates: Rates
) -> None:
    there = limited(services, site, rates)
    greedy = [there.call("GET", "/api/v1/me").status_code for _ in range(20)]

    assert greedy.count(429) >= 10
    assert there.call("GET", "/api/v1/me", as_="bob").status_code == 200


def test_a_site_whose_accounts_together_ask_too_often_is_told_so(
    services: Services, site: Site, rates: Rates
) -> None:
    there = limited(services, site, rates)

    answers = [there.call("GET", "/api/v1/me", as_=f"account-{number}") for number in range(14)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.json["detail"][:14] for answer in refused} == {"This site asks"}


def test_a_refused_change_changes_nothing(services: Services, site: Site, rates: Rates) -> None:
    there = limited(services, site, rates)
    report = there.create("Before", visibility="public")
    for _ in range(5):
        there.call("GET", "/api/v1/me")

    refused = there.call(
        "PUT", f"/api/v1/reports/{report['id']}", json={"name": "After"}, headers={"If-Match": '"1"'}
    )

    assert refused.status_code == 429
    assert there.names(as_="bob") == ["Before"]


def test_every_route_of_proven_callers_tells_its_limits(services: Services, site: Site) -> None:
    tried = 0
    for template, resource in all_routes(services):
        for method in methods_of(resource):
            if declared_access(resource, method) in {Access.PUBLIC, Access.SIGNED}:
                continue
            tried += 1
            answer = site.call(method, address_of(template))
            assert POLICY.fullmatch(answer.headers["RateLimit-Policy"]), (method, template)
            assert LEFT.fullmatch(answer.headers["RateLimit"]), (method, template)
    assert tried > 10


def test_strangers_count_for_nobody(services: Services, site: Site, rates: Rates) -> None:
    there = limited(services, site, rates)
    forged = replace(there, secret="x" * 40)
    for _ in range(10):
        assert forged.call("GET", "/api/v1/me").status_code == 401

    assert there.call("GET", "/api/v1/me").status_code == 200


def test_the_api_goes_on_without_redis_and_says_it_once(
    services: Services, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = Rates(f"redis://127.0.0.1:{free_port()}/0")
    there = limited(services, site, nowhere)

    with caplog.at_level(logging.WARNING):
        answers = [there.call("GET", "/api/v1/me") for _ in range(20)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[-1].headers
    assert [record.message for record in caplog.records if record.name == "sightline.rates"] == [
        "rates are not limited"
    ]


def test_the_documents_say_what_is_allowed(services: Services, site: Site) -> None:
    rates = Rates(services.settings.redis_url)
    answer = limited(services, site, rates).call("GET", "/api/v1/me")
    rates.close()

    told = (Path(__file__).parents[3] / "docs" / "limits.md").read_text("utf-8")
    assert f"RateLimit-Policy: {answer.headers['RateLimit-Policy']}\n" in told
