from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.databases import DatabaseUrls
from tests.jira_server import JiraServer, jira_server
from tests.personal_data import Site
from tests.workers import Workplace, workplace


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return workplace(database, redis_url, tmp_path)


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        yield there


@pytest.fixture
def site(place: Workplace, jira: JiraServer) -> Site:
    made = Site(place, jira)
    made.install()
    return made
