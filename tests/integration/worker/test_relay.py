from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from core.database import Database
from core.export import EXPORT, EXPORT_SWEEP
from tests.workers import Workplace
from worker.announcements import Announcements
from worker.nudges import task_queue
from worker.relay import Relay


@pytest.fixture
def worker(place: Workplace) -> Iterator[Database]:
    database = Database(place.urls.worker, pool_size=1)
    yield database
    database.close()


@pytest.fixture
def announcements(place: Workplace) -> Iterator[Announcements]:
    listening = Announcements(place.urls.worker)
    listening.wait(0)
    yield listening
    listening.close()


@pytest.fixture
def redis(place: Workplace) -> Iterator[Redis]:
    with Redis.from_url(place.environment["REDIS_URL"]) as client:
        yield client


def seconds_of_wait(announcements: Announcements, longest: float) -> float:
    began = time.monotonic()
    announcements.wait(longest)
    return time.monotonic() - began


def test_a_new_task_ends_the_wait(place: Workplace, announcements: Announcements) -> None:
    place.request_export(place.tenant())
    assert seconds_of_wait(announcements, 30) < 10
    assert seconds_of_wait(announcements, 0.1) >= 0.1


def test_a_task_given_back_ends_the_wait(place: Workplace, announcements: Announcements) -> None:
    place.request_export(place.tenant())
    announcements.wait(30)
    lease = place.claim()
    assert seconds_of_wait(announcements, 0.1) >= 0.1
    lease.release()
    assert seconds_of_wait(announcements, 30) < 10


def test_a_lost_connection_is_made_anew(place: Workplace, announcements: Announcements) -> None:
    place.refuse_connections()
    # The first wait ends at the news that the connection is lost; after it there is no spinning.
    announcements.wait(0.05)
    for _ in range(3):
        assert seconds_of_wait(announcements, 0.05) >= 0.05
    place.accept_connections()
    announcements.wait(0)
    place.request_export(place.tenant())
    assert seconds_of_wait(announcements, 30) < 10


def test_what_is_due_and_held_by_nobody_is_offered(
    place: Workplace, worker: Database, announcements: Announcements, redis: Redis
) -> None:
    rounds = Relay(worker, task_queue(redis), announcements, []).rounds()
    assert next(rounds) == 0
    place.request_export(place.tenant())
    assert next(rounds) == 1
    assert next(rounds) == 0
    redis.flushdb()
    assert next(rounds) == 1
    place.claim()
    redis.flushdb()
    assert next(rounds) == 0


def test_scheduled_kinds_get_their_task_and_others_do_not(
    place: Workplace, worker: Database, announcements: Announcements, redis: Redis
) -> None:
    relays = [Relay(worker, task_queue(redis), announcements, [EXPORT, EXPORT_SWEEP]) for _ in range(2)]
    assert [next(relay.rounds()) for relay in relays] == [1, 0]
    assert place.work() == "done"
    assert place.last_result(EXPORT_SWEEP) == {"expired": 0, "strays": 0}


def test_trouble_is_told_once_and_its_end_too(
    place: Workplace,
    worker: Database,
    announcements: Announcements,
    redis: Redis,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "worker.relay")
    rounds = Relay(worker, task_queue(redis), announcements, []).rounds()
    next(rounds)
    place.refuse_connections()
    assert [next(rounds), next(rounds)] == [0, 0]
    place.accept_connections()
    next(rounds)
    assert [record.message for record in caplog.records] == ["relay is held up", "relay goes on"]
