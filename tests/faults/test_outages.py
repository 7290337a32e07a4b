"""Tasks of many tenants, asked for and done while each server that the work needs fails in its turn."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import psycopg2
import pytest
from redis import Redis as Client

from cli.local.account import server_account
from cli.local.part import free_port
from cli.local.postgres import Postgres
from cli.local.programs import Programs
from cli.local.redis import Redis
from core.database import Database, DatabaseUnavailable, wait_for
from core.export import EXPORT
from core.tasks import request_task
from tests.databases import DatabaseServer
from tests.faults.own_servers import AT_ONCE, OwnPostgres, OwnRedis
from tests.separation import session
from tests.workers import Workplace, eventually, workplace

LONG = bool(os.environ.get("SOAK"))
SEED = int(os.environ.get("SEED", "0")) or (secrets.randbelow(1 << 32) if LONG else 20_261_123)
TENANTS = 50
TASKS = 1000 if LONG else 150
SECONDS = 1500 if LONG else 150
REPORTS = 2
ACCEPTING_THREADS = 4
_LEFT = "select count(*) from tasks where state in ('waiting', 'queued', 'running')"
_CUT = (
    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
    " where datname = %s and application_name like 'sightline%%'"
)


@dataclass
class World:
    """The worker's processes on servers that fail, and those who ask for exports meanwhile."""

    place: Workplace
    postgres: OwnPostgres
    redis: OwnRedis
    tenants: list[UUID] = field(default_factory=list)
    accepted: dict[UUID, UUID] = field(default_factory=dict)
    refused: int = 0
    subjects: Iterator[int] = field(default_factory=lambda: iter(range(TASKS)))

    def __post_init__(self) -> None:
        self.api = Database(self.place.urls.api, pool_size=ACCEPTING_THREADS)
        self._jobs: list[Future[None]] = []

    @contextmanager
    def asking(self, at_once: int) -> Iterator[None]:
        """Meanwhile `ask` has threads ask for so many tasks."""
        with ThreadPoolExecutor(ACCEPTING_THREADS) as threads:
            self._threads, self._at_once = threads, at_once
            yield

    def ask(self) -> None:
        """Has some more tasks asked for; does not wait for that."""
        self._jobs += [self._threads.submit(self.accept, one) for one in islice(self.subjects, self._at_once)]

    def ask_for_the_rest(self) -> None:
        """Returns when all are accepted."""
        self._jobs += [self._threads.submit(self.accept, one) for one in self.subjects]
        for job in self._jobs:
            job.result()

    def accept(self, subject: int) -> None:
        """Asks until it is accepted; a refusal means that the database answers nothing at the moment."""
        tenant = self.tenants[subject % len(self.tenants)]
        while True:
            try:
                with self.api.tenant(tenant) as cursor:
                    task, _ = request_task(cursor, EXPORT, tenant, subject=str(subject), requested_by="ann")
            except DatabaseUnavailable:
                self.refused += 1
                wait_for(self.api, seconds=60)
            else:
                self.accepted[task.id] = tenant
                return

    def left(self) -> int:
        """How many tasks are not done; asks until the database answers."""
        found: list[int] = []

        def look() -> bool:
            with suppress(psycopg2.OperationalError), session(self.place.urls.owner) as cursor:
                cursor.execute(_LEFT)
                found.extend(row[0] for row in cursor.fetchall())
            return bool(found)

        eventually(look, "the database")
        return found[-1]

    def ended(self) -> int:
        """How many were accepted and have ended."""
        return len(self.accepted) - self.left()

    def goes_on(self) -> None:
        """Waits until some more tasks are done than are now."""
        goal = self.ended() + 3
        eventually(lambda: self.ended() >= goal or not self.left(), "the work to go on", SECONDS)

    @property
    def client(self) -> Client:
        """A client of the queue's Redis."""
        return Client.from_url(self.redis.server.url)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    account = server_account()
    with Programs(account) as programs:
        redis_server = Redis(tmp_path / "redis", programs.redis(), account, free_port(), secrets.token_hex(8))
        redis_server.prepare()
        postgres = OwnPostgres(
            Postgres(tmp_path / "server", programs.postgres(), account, free_port(), secrets.token_hex(8)),
            tmp_path / "postgres.log",
        )
        own_redis = OwnRedis(redis_server, tmp_path / "redis.log")
        postgres.start()
        own_redis.start()
        server = DatabaseServer(postgres.server.url_of("").rstrip("/"))
        server.make_template(tmp_path / "template.done")
        made = World(workplace(server.fresh_database(), redis_server.url, tmp_path), postgres, own_redis)
        made.tenants = [made.place.tenant(reports=REPORTS) for _ in range(TENANTS)]
        yield made
        with suppress(DatabaseUnavailable):
            made.api.close()
        own_redis.kill()
        postgres.stop()


def redis_stops(world: World) -> None:
    world.redis.kill()
    world.ask()
    eventually(lambda: world.place.logged(message="relay is held up"), "the relay to notice")
    world.redis.start()


def redis_forgets(world: World) -> None:
    world.ask()
    for _ in range(3):
        world.client.flushall()
        world.goes_on()


def redis_is_full(world: World) -> None:
    held_up = len(world.place.logged(message="relay is held up"))
    with world.client as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        client.flushall()
        world.ask()
        eventually(
            lambda: len(world.place.logged(message="relay is held up")) > held_up or not world.left(),
            "the relay to notice",
        )
        client.config_set("maxmemory", "0")


def database_restarts(world: World) -> None:
    refused = world.refused
    world.postgres.stop(AT_ONCE)
    world.ask()
    eventually(lambda: world.refused > refused, "a refusal")
    world.postgres.start()


def connections_are_cut(world: World) -> None:
    world.ask()
    for _ in range(3):
        with session(world.place.urls.owner) as cursor:
            cursor.execute(_CUT, (world.place.urls.owner.rpartition("/")[2],))
        world.goes_on()


def store_refuses(world: World) -> None:
    folder = world.place.settings.state_dir / "store" / "exports"
    aside = folder.with_name("aside")
    failed = len(world.place.logged(message="attempt failed"))
    eventually(folder.exists, "the store")
    folder.rename(aside)
    folder.touch()
    world.ask()
    eventually(
        lambda: len(world.place.logged(message="attempt failed")) > failed or not world.left(),
        "an attempt to fail",
    )
    folder.unlink()
    aside.rename(folder)


TROUBLES: list[Callable[[World], None]] = [
    redis_stops, redis_forgets, redis_is_full, database_restarts, connections_are_cut, store_refuses,
]  # fmt: skip


@pytest.mark.timeout(2 * SECONDS + 300)
def test_all_that_was_accepted_is_done_once_whatever_fails_meanwhile(world: World) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be the same for the same seed
    troubles = [one for _ in range(3 if LONG else 1) for one in chance.sample(TROUBLES, len(TROUBLES))]
    order = [trouble.__name__ for trouble in troubles]
    began = time.monotonic()
    with world.place.worker("--processes", "2"), world.asking(TASKS // len(troubles)):
        for trouble in troubles:
            trouble(world)
            world.goes_on()
        world.ask_for_the_rest()
        eventually(lambda: world.left() == 0, f"the rest after {order}, seed {SEED}", SECONDS)
    seconds = time.monotonic() - began
    sys.stdout.write(f"SEED={SEED} {order}: {TASKS} done in {seconds:.0f} s, {world.refused} refused\n")
    assert_all_done_once(world)


def assert_all_done_once(world: World) -> None:
    """Every task is done, its file is whole, and no attempt but one said that it did it."""
    assert len(world.accepted) == TASKS
    with session(world.place.urls.owner) as cursor:
        cursor.execute("select id, tenant_id, state, result, error from tasks where kind = 'export'")
        tasks = cursor.fetchall()
    assert {(one, of) for one, of, *_ in tasks} == set(world.accepted.items())
    assert Counter(state for *_, state, _, _ in tasks) == {"done": TASKS}, [task[-1] for task in tasks]
    for _, tenant, _, result, _ in tasks:
        file = world.place.store.open(result["file"], owner=str(tenant))
        document = json.loads(gzip.decompress(b"".join(file.read(0, file.length))))
        assert len(document["reports"]) == REPORTS
    done = Counter(
        line["task"] for line in world.place.logged(message="attempt ended", kind="export", outcome="done")
    )
    assert set(done.values()) <= {1}


@contextmanager
def full_store(most: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_export_that_finds_no_room_leaves_nothing_and_is_made_when_there_is(place: Workplace) -> None:
    tenant = place.tenant(reports=600)
    with session(place.urls.owner) as cursor:
        # What cannot be compressed.
        cursor.execute(
            "update reports set description = (select string_agg(md5(random()::text || id || n), '')"
            " from generate_series(1, 100) n), version = 2"
        )
    task_id = place.request_export(tenant)
    with full_store(256 * 1024):
        assert place.work() == "failed"
    task = place.task(tenant, task_id)
    assert (task.state, task.attempts) == ("queued", 1)
    assert place.stored() == []
    with session(place.urls.owner) as cursor:
        cursor.execute("update tasks set due_at = now()")

    assert place.work() == "done"
    assert len(place.stored()) == 1
