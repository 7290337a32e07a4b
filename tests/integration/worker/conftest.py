from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from tests.databases import DatabaseUrls
from tests.workers import Workplace, workplace


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return workplace(database, redis_url, tmp_path)
