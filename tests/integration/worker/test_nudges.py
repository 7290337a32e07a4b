from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.callbacks import Callback
from rq.job import Job
from rq.serializers import JSONSerializer

from core.ids import uuid7
from tests.integration.worker import hostile
from tests.workers import Workplace, eventually
from worker.nudges import QUEUE, task_queue, top_up


@pytest.fixture
def redis(place: Workplace, redis_url: str) -> Iterator[Redis]:
    assert place.environment["REDIS_URL"] == redis_url  # the fixture emptied it
    with Redis.from_url(redis_url) as client:
        yield client


def test_the_queue_is_topped_up_to_what_is_due(redis: Redis) -> None:
    queue = task_queue(redis)
    due = [uuid7() for _ in range(5)]
    assert top_up(queue, due[:3]) == 3
    assert top_up(queue, due) == 2
    assert top_up(queue, due) == 0
    assert top_up(queue, []) == 0
    assert len(queue) == 5


def test_a_nudge_names_its_task_in_json_and_does_not_stay_for_ever(redis: Redis) -> None:
    queue = task_queue(redis)
    task_id = uuid7()
    top_up(queue, [task_id])
    (job,) = queue.jobs
    assert isinstance(job.data, bytes)
    assert json.loads(job.data)[2] == [str(task_id)]
    assert not job.retries_left
    assert 0 < int(redis.ttl(job.key)) <= 600


def put_hostile_job(redis: Redis) -> Queue:
    queue = Queue(QUEUE, connection=redis, job_class=Job, serializer=JSONSerializer)
    callback = Callback(hostile.mark)
    queue.enqueue_call(hostile.mark, on_success=callback, on_failure=callback)
    return queue


def test_what_a_job_in_redis_names_is_never_run(place: Workplace, redis: Redis, tmp_path: Path) -> None:
    place.environment["HOSTILE_MARK"] = str(tmp_path / "mark")
    queue = put_hostile_job(redis)
    tenant = place.tenant(reports=1)
    with place.worker("--processes", "1"):
        eventually(lambda: not queue.job_ids, "the job to be taken")
        place.reach(tenant, place.request_export(tenant), "done")
    assert not (tmp_path / "mark").exists()


def test_the_same_job_runs_in_a_worker_as_rq_has_it(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTILE_MARK", str(tmp_path / "mark"))
    put_hostile_job(redis)
    SimpleWorker([QUEUE], connection=redis, serializer=JSONSerializer).work(burst=True)
    assert (tmp_path / "mark").exists()
