"""The real application over a real database, a server with Atlassian's keys, and sites that install it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import falcon.testing
import pytest
from redis import Redis

from api.app import create_app
from api.services import Services, services_of
from core.database import Database
from core.rates import Quota, Rates
from core.setting_types import new_secret_key
from core.settings import Settings
from tests.databases import DatabaseServer, DatabaseUrls
from tests.integration.api.connect_site import BASE_URL, KEY, Answering, Site, answering, pem_of
from tests.integration.api.described_client import DescribedClient
from tests.workers import Workplace, workplace


@pytest.fixture(scope="session")
def api_database(postgres: DatabaseServer) -> Iterator[DatabaseUrls]:
    """One database for all tests of a worker process: each test installs sites of its own."""
    urls = postgres.fresh_database()
    yield urls
    postgres.drop(urls.owner)


@pytest.fixture(scope="session")
def key_server() -> Iterator[Answering]:
    """Atlassian's key server."""
    with answering() as server:
        server.answers["/the-key"] = (200, pem_of(KEY))
        yield server


@pytest.fixture
def jira() -> Iterator[Answering]:
    """What the sites answer when we ask them."""
    with answering() as server:
        yield server


@pytest.fixture
def place(api_database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    """Workers beside the application. They look for the tasks of all sites, so that who asks for them has a
    database of each test's own.
    """
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return workplace(api_database, redis_url, tmp_path)


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, api_database: DatabaseUrls, redis_url: str, key_server: Answering
) -> Settings:
    """With the workers' folder and keys in tests that have workers."""
    made = Settings.from_environment(
        {
            "BASE_URL": BASE_URL,
            "DATABASE_URL": api_database.api,
            "REDIS_URL": redis_url,
            "SECRET_KEYS": new_secret_key(),
            "INSTALL_KEYS_URL": key_server.url,
            "CONNECT_HOSTS": "*.atlassian.net,127.0.0.1",
        }
    )
    if "place" not in request.fixturenames:
        return made
    workers: Workplace = request.getfixturevalue("place")
    return replace(made, state_dir=workers.settings.state_dir, secret_keys=workers.settings.secret_keys)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    # Counted as in production, but no test is as slow as people are.
    quota = Quota(burst=1_000_000, per_second=1_000_000)
    made = services_of(settings, Database(settings.database_url))
    made.rates.close()
    wide = replace(made, rates=Rates(settings.redis_url, account=quota, tenant=quota, wait=5))
    yield wide
    made.database.close()
    made.redis.close()
    wide.rates.close()


@pytest.fixture
def client(services: Services) -> falcon.testing.TestClient:
    return DescribedClient(create_app(services))


@pytest.fixture
def new_site(client: falcon.testing.TestClient, jira: Answering) -> Callable[[], Site]:
    """Installs the app on one more site."""

    def install() -> Site:
        site = Site(client, jira.url)
        result = site.install()
        assert result.status_code == 204, result.text
        return site

    return install


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    """A site that has installed the app."""
    return new_site()
