from __future__ import annotations

import gzip
import json
import os
import signal
import time
from uuid import UUID

from redis import Redis

from core.tasks import Task
from tests.separation import session
from tests.workers import Workplace, alive, eventually, kill

REPORTS = 30
# As it is where nobody sets it, at length; otherwise that of these tests.
DEFAULT_LEASE = bool(os.environ.get("SOAK"))


def assert_done_once(place: Workplace, task: Task) -> None:
    """The task is done, and its file is whole and the only one."""
    assert task.state == "done"
    assert task.result is not None
    assert place.stored() == [task.result["file"]]
    document = json.loads(gzip.decompress(place.document(task)))
    assert len(document["reports"]) == REPORTS
    done = place.logged(message="attempt ended", kind="export", outcome="done")
    assert [line["task"] for line in done] == [str(task.id)]


def test_a_killed_work_horse_is_replaced(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1"):
        with place.held_reports():
            horse = place.work_horse(task_id)
            place.reach(tenant, task_id, "running")
            kill(horse)
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", kind="export"), "the log")
    assert task.attempts == 2
    assert_done_once(place, task)


def test_a_task_of_dead_processes_is_going_again_within_a_minute_of_a_living_worker(place: Workplace) -> None:
    if DEFAULT_LEASE:
        del place.environment["LEASE_SECONDS"]
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1") as worker, place.held_reports():
        horse = place.work_horse(task_id)
        place.reach(tenant, task_id, "running")
        first = place.lease_of(tenant, task_id)
        for process in (*place.parts(worker, "relay"), *place.parts(worker, "work"), horse):
            kill(process)
        worker.kill()
    living = time.monotonic()
    with place.worker("--processes", "1"), place.held_reports():
        eventually(
            lambda: (
                place.task(tenant, task_id).attempts == 2
                and place.lease_of(tenant, task_id).token != first.token
            ),
            "the task to be going again",
            60,
        )
        assert time.monotonic() - living < 60
    assert_done_soon(place, tenant, task_id)


def assert_done_soon(place: Workplace, tenant: UUID, task_id: UUID) -> None:
    with place.worker("--processes", "1"):
        assert place.reach(tenant, task_id, "done").state == "done"


def test_a_long_step_keeps_its_lease(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "2"):
        with place.held_reports():
            place.reach(tenant, task_id, "running")
            first = place.lease_of(tenant, task_id)
            eventually(
                lambda: place.lease_of(tenant, task_id).until > first.latest_end,
                "the lease to be renewed twice",
            )
            renewed = place.lease_of(tenant, task_id)
        task = place.reach(tenant, task_id, "done")
    assert renewed.token == first.token
    assert task.attempts == 1
    assert_done_once(place, task)


def test_a_frozen_work_horse_that_wakes_too_late_changes_nothing(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "2"):
        with place.held_reports():
            frozen = place.work_horse(task_id)
            place.reach(tenant, task_id, "running")
            frozen.send_signal(signal.SIGSTOP)
        task = place.reach(tenant, task_id, "done")
        frozen.send_signal(signal.SIGCONT)
        frozen.wait(30)
        assert place.task(tenant, task_id) == task
    assert task.attempts == 2
    assert place.logged(message="attempt ended", kind="export", outcome="lost")
    assert_done_once(place, task)


def test_an_orphan_that_still_runs_gives_its_task_back(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1") as worker:
        with place.held_reports():
            orphan = place.work_horse(task_id)
            place.reach(tenant, task_id, "running")
            (parent,) = place.parts(worker, "work")
            kill(parent)
            orphan.wait(30)
        task = place.reach(tenant, task_id, "done")
    assert_done_once(place, task)


def test_a_killed_relay_is_replaced(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    with place.worker("--processes", "1") as worker:
        first, *_ = eventually(lambda: place.parts(worker, "relay"), "the relay")
        kill(first)
        task_id = place.request_export(tenant)
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", kind="export"), "the log")
    assert place.logged(message="ended unasked", child="relay")
    assert_done_once(place, task)


def test_a_task_survives_that_redis_forgets_everything(place: Workplace, redis_url: str) -> None:
    tenant = place.tenant(reports=REPORTS)
    with place.worker("relay"), Redis.from_url(redis_url) as redis:
        task_id = place.request_export(tenant)
        eventually(lambda: redis.llen("rq:queue:sightline-tasks"), "a nudge")
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    with place.worker("--processes", "1"):
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", kind="export"), "the log")
    assert_done_once(place, task)


def test_an_idle_worker_survives_that_redis_forgets_it(place: Workplace, redis_url: str) -> None:
    tenant = place.tenant(reports=REPORTS)
    with place.worker("--processes", "1") as worker, Redis.from_url(redis_url) as redis:
        eventually(lambda: redis.smembers("rq:workers"), "the worker to register")
        redis.flushdb()
        task_id = place.request_export(tenant)
        task = place.reach(tenant, task_id, "done")
        assert worker.poll() is None
        eventually(lambda: place.logged(message="attempt ended", kind="export"), "the log")
    assert_done_once(place, task)


def test_a_nudge_that_was_popped_and_lost_is_made_up_for(place: Workplace, redis_url: str) -> None:
    tenant = place.tenant(reports=REPORTS)
    with Redis.from_url(redis_url) as redis, place.worker("relay"):
        task_id = place.request_export(tenant)
        eventually(lambda: redis.lpop("rq:queue:sightline-tasks"), "a nudge to lose")
        eventually(lambda: redis.llen("rq:queue:sightline-tasks"), "another nudge")
    with place.worker("--processes", "1"):
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", kind="export"), "the log")
    assert_done_once(place, task)


def test_an_export_cut_off_from_the_database_is_made_again(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1"):
        with place.held_reports():
            place.reach(tenant, task_id, "running")
            place.refuse_connections()
            eventually(lambda: place.logged(message="attempt ended", outcome="lost"), "the attempt to end")
        eventually(lambda: place.logged(message="relay is held up"), "the relay to say so")
        place.accept_connections()
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", outcome="done", kind="export"), "the log")
    assert task.attempts == 2
    assert_done_once(place, task)


def test_a_worker_asked_to_stop_gives_its_task_back_untried(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.held_reports(), place.worker("--processes", "1") as worker:
        place.reach(tenant, task_id, "running")
        worker.terminate()
        assert worker.wait(30) == 0
        assert place.task(tenant, task_id).state == "queued"
    with place.worker("--processes", "1"):
        task = place.reach(tenant, task_id, "done")
        eventually(lambda: place.logged(message="attempt ended", kind="export", outcome="done"), "the log")
    assert task.attempts == 1
    assert_done_once(place, task)


def test_nothing_outlives_a_killed_supervisor(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1") as worker, place.held_reports():
        horse = place.work_horse(task_id)
        place.reach(tenant, task_id, "running")
        family = [horse, *place.parts(worker, "work"), *place.parts(worker, "relay")]
        worker.send_signal(signal.SIGKILL)
        eventually(lambda: not any(alive(member) for member in family), "their end")
    with place.worker("--processes", "1"):
        assert_done_once(place, place.reach(tenant, task_id, "done"))


def test_a_cancelled_export_stops_and_leaves_no_file(place: Workplace) -> None:
    tenant = place.tenant(reports=REPORTS)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1"):
        with place.held_reports():
            place.reach(tenant, task_id, "running")
            place.cancel(tenant, task_id)
        eventually(
            lambda: place.logged(message="attempt ended", kind="export", outcome="lost"), "the attempt to end"
        )
    assert place.task(tenant, task_id).state == "cancelled"
    assert place.stored() == []


def test_a_worker_that_cannot_start_says_so(place: Workplace) -> None:
    place.environment["SECRET_KEYS"] = "short"
    with place.worker() as worker:
        assert worker.wait(30) == 2
    assert "SECRET_KEYS" in place.log.read_text()


def test_a_worker_whose_database_lacks_a_migration_says_which(place: Workplace) -> None:
    with session(place.urls.owner) as cursor:
        cursor.execute("delete from schema_migrations where name like '0002%'")
    with place.worker() as worker:
        assert worker.wait(30) == 2
    assert "The database lacks 0002_tasks.sql; run: sightline migrate" in place.log.read_text()


def test_a_worker_with_a_role_that_could_see_every_tenant_does_not_start(place: Workplace) -> None:
    place.environment["DATABASE_URL"] = place.urls.owner
    with place.worker() as worker:
        assert worker.wait(30) == 2
    assert "could see every tenant" in place.log.read_text()
