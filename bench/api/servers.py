"""PostgreSQL and Redis for these benchmarks, set up as in production, on two cores with all else."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2

from cli.local.account import server_account
from cli.local.part import Part, free_port, spawn
from cli.local.postgres import OWNER, Postgres
from cli.local.programs import Programs
from cli.local.redis import Redis
from core.migrate import migrate
from tests.servers import wait_until

CORES = 2
_PASSWORD = "for-benchmarks-only"  # noqa: S105 - of servers that live for minutes
# Durable, as in production; with memory as a small dedicated server has it.
_SETTINGS = {
    "shared_buffers": "512MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "8GB",
    "max_connections": "100",
}
_STOP_SECONDS = 30


@dataclass(frozen=True)
class Database:
    """The addresses of one migrated database: its owner's, and that of the API's role."""

    owner: str
    api: str


@dataclass(frozen=True)
class Servers:
    """The servers of one run; `folder` is for whatever else the run writes."""

    folder: Path
    postgres: Postgres
    postgres_process: psutil.Process
    redis_process: psutil.Process
    redis_url: str

    def database(self, name: str) -> Database:
        """A new migrated database."""
        self._run("postgres", f"create database {name}")
        owner = self.postgres.url_of(name)
        migrate(owner)
        self._run("postgres", f"alter role sightline_api password '{_PASSWORD}'")
        return Database(
            owner, owner.replace(f"{OWNER}:{self.postgres.password}", f"sightline_api:{_PASSWORD}")
        )

    def _run(self, database: str, sql: str) -> None:
        connection = psycopg2.connect(self.postgres.url_of(database))
        connection.autocommit = True
        connection.cursor().execute(sql)
        connection.close()


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Both servers, and their folder. This process and all that it starts keep to two cores meanwhile."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:CORES])
    account = server_account()
    try:
        with tempfile.TemporaryDirectory(prefix="sightline-bench-") as name, Programs(account) as programs:
            folder = Path(name)
            postgres = Postgres(folder / "postgres", programs.postgres(), account, free_port(), _PASSWORD)
            redis = Redis(folder / "redis", programs.redis(), account, free_port(), _PASSWORD)
            postgres.prepare()
            redis.prepare()
            with (
                started(postgres.part(_SETTINGS), folder) as postgres_process,
                started(redis.part(), folder) as redis_process,
            ):
                yield Servers(folder, postgres, postgres_process, redis_process, redis.url)
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def started(part: Part, folder: Path) -> Iterator[psutil.Process]:
    """A part while it is needed; ready when this is entered, ended by its own process id."""
    with (folder / f"{part.name}.log").open("ab") as log:
        process = spawn(part, log.fileno())
    try:
        wait_until(lambda: part.ready() or process.poll() is not None, part.name, part.ready_seconds)
        if process.poll() is not None:
            raise RuntimeError(
                f"{part.name} did not start:\n{(folder / f'{part.name}.log').read_text()[-3000:]}"
            )
        yield psutil.Process(process.pid)
    finally:
        _end(process, part.stop_signal)


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def port_of(url: str) -> int:
    """The port that an address names."""
    return urlsplit(url).port or 0
