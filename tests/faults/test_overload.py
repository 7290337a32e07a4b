from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import DatabaseUrls
from tests.overload import overload
from tests.served import Served, served

MEBIBYTE = 1024 * 1024


@pytest.fixture
def crowded(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(
        tmp_path, owner_url=database.owner, api_url=database.api, redis_url=redis_url, sites=50
    ) as place:
        yield place


def test_too_many_requests_are_shed_and_the_rest_answered_rightly(crowded: Served) -> None:
    overload(crowded, times=1, seconds=1, measured=2)
    before = crowded.memory()

    found = overload(crowded, times=3, seconds=5, measured=2)

    assert found.under.wrong == []
    assert found.under.shed > 0
    assert found.under.rate > found.able.rate / 3, "nearly nobody was answered"
    assert found.recovered < 5
    assert crowded.memory() - before < 64 * MEBIBYTE
