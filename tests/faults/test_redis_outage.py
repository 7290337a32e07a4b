from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.account import server_account
from cli.local.part import free_port
from cli.local.programs import Programs
from cli.local.redis import Redis
from tests.databases import DatabaseUrls
from tests.faults.own_servers import OwnRedis
from tests.workers import Workplace, eventually, workplace


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    account = server_account()
    with Programs(account) as programs:
        server = Redis(tmp_path / "redis", programs.redis(), account, free_port(), secrets.token_hex(8))
        server.prepare()
        own = OwnRedis(server, tmp_path / "redis.log")
        yield own
        own.kill()


@pytest.fixture
def place(database: DatabaseUrls, redis: OwnRedis, tmp_path: Path) -> Workplace:
    return workplace(database, redis.server.url, tmp_path)


def test_work_goes_on_while_redis_is_away_and_is_not_done_twice(place: Workplace, redis: OwnRedis) -> None:
    redis.start()
    tenant = place.tenant(reports=5)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1"):
        with place.held_reports():
            place.reach(tenant, task_id, "running")
            redis.kill()
        task = place.reach(tenant, task_id, "done")
        redis.start()
        next_id = place.request_export(tenant)
        place.reach(tenant, next_id, "done")
        assert place.task(tenant, task_id) == task
    assert task.attempts == 1


def test_a_request_made_without_redis_is_done_once_it_is_back(place: Workplace, redis: OwnRedis) -> None:
    tenant = place.tenant(reports=5)
    with place.worker("--processes", "1"):
        task_id = place.request_export(tenant)
        eventually(lambda: place.logged(message="relay is held up"), "the relay to say so")
        assert place.task(tenant, task_id).state == "queued"
        redis.start()
        task = place.reach(tenant, task_id, "done")
    assert task.attempts == 1
