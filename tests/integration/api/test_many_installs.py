from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from api.services import Services
from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION
from tests.integration.api.many_sites import INSTALLED, Tenant, all_at_once, post
from tests.integration.api.real_server import real_server

SITES, SECRETS = 1_000, 200


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own, as the tests count its rows."""
    return database


@pytest.fixture
def port(settings: Settings, tmp_path: Path) -> Iterator[int]:
    with real_server(settings, tmp_path) as port:
        yield port


def rows(urls: DatabaseUrls, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(urls.owner)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_a_thousand_sites_that_install_at_once_are_neither_lost_nor_mixed_up(
    port: int, services: Services, api_database: DatabaseUrls
) -> None:
    now = int(time.time())
    sites = [Tenant(f"site-{n}", f"https://site-{n}.atlassian.net") for n in range(SITES)]
    installations = [site.installation(signed_at=now) for site in sites]

    assert set(all_at_once(lambda one: post(port, INSTALLED, *one), installations)) == {204}

    found = rows(api_database, "select client_key, base_url, state, secret_version from tenants")
    assert sorted(found) == sorted((site.client_key, site.base_url, "active", 1) for site in sites)
    for site in sites:
        tenant = services.tenants.find(site.client_key)
        assert tenant is not None
        assert tenant.secret == site.secret
    assert_first_calls_are_answered(port, sites, api_database)


def assert_first_calls_are_answered(port: int, sites: list[Tenant], urls: DatabaseUrls) -> None:
    """Each site makes a report named after itself, and has that one."""

    def create(site: Tenant) -> int:
        body = {"name": site.client_key, "definition": DEFINITION}
        return post(port, "/api/v1/reports", site.context_token(), body)

    assert set(all_at_once(create, sites)) == {201}
    named = rows(urls, "select t.client_key, r.name from reports r join tenants t on t.id = r.tenant_id")
    assert sorted(named) == sorted((site.client_key, site.client_key) for site in sites)


def test_of_many_installations_of_one_site_at_once_the_newest_secret_stays(
    port: int, services: Services, api_database: DatabaseUrls
) -> None:
    now = int(time.time())
    secrets_of_one = [Tenant("one-site", "https://one-site.atlassian.net") for _ in range(SECRETS)]
    installations = [
        one.installation(signed_at=now - SECRETS + number) for number, one in enumerate(secrets_of_one)
    ]

    assert set(all_at_once(lambda one: post(port, INSTALLED, *one), installations[::-1])) == {204}

    [(_, version)] = rows(api_database, "select id, secret_version from tenants")
    assert 1 <= version <= SECRETS
    tenant = services.tenants.find("one-site")
    assert tenant is not None
    assert tenant.secret == secrets_of_one[-1].secret
    body = {"name": "First", "definition": DEFINITION}
    answers = [post(port, "/api/v1/reports", one.context_token(), body) for one in secrets_of_one]
    assert answers == [401] * (SECRETS - 1) + [201]
