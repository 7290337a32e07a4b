"""One PostgreSQL and one Redis for a whole test run, shared by all its worker processes.

Run as `python -m tests.servers FOLDER PID`: starts both (in containers where a Docker engine answers, else
the embedded ones), writes where they are to `FOLDER/servers.json`, and ends them as soon as process PID has
ended, however it ended.
"""

from __future__ import annotations

import gc
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import docker
import docker.errors
import psutil
import psycopg2
import redis
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from cli.local.account import server_account
from cli.local.part import free_port, spawn
from cli.local.postgres import Postgres
from cli.local.programs import Programs
from cli.local.redis import DATABASES, Redis

START_SECONDS = 120
ROOT = Path(__file__).resolve().parents[1]
# Nothing of a test run needs to survive a power cut.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}


@dataclass(frozen=True)
class Servers:
    """Where the servers of this run are: addresses without the database's name or number."""

    kind: str
    postgres_url: str
    redis_url: str


def servers_of_run(folder: Path, run: int) -> Servers:
    """The servers of the test run whose main process is `run`; starts them where `folder` names none."""
    file = folder / "servers.json"
    if not file.exists():
        command = [sys.executable, "-m", "tests.servers", str(folder), str(run)]
        with (folder / "servers.log").open("wb") as log:
            keeper = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: file.exists() or keeper.poll() is not None, "the servers to start")
        if not file.exists():
            raise RuntimeError(
                f"The test servers did not start:\n{(folder / 'servers.log').read_text()[-3000:]}"
            )
        keeper.returncode = 0  # it outlives this process on purpose
    return Servers(**json.loads(file.read_text()))


def wait_until(done: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Asks until the answer is yes; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        pause.wait(0.02)


@cache
def docker_answers() -> bool:
    """Whether a Docker engine can be asked for containers; TEST_SERVERS=embedded says not to."""
    if os.environ.get("TEST_SERVERS") == "embedded":
        return False
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # a client that finds no engine leaves its socket open
        try:
            with closing(docker.from_env(timeout=5)) as client:
                return bool(client.ping())
        except (docker.errors.DockerException, OSError):
            return False
        finally:
            gc.collect()


@contextmanager
def containers() -> Iterator[Servers]:
    """PostgreSQL and Redis in containers of the official images."""
    testcontainers_config.ryuk_disabled = True  # we watch the run ourselves
    password = secrets.token_hex(16)
    settings = [argument for name, value in CARELESS.items() for argument in ("-c", f"{name}={value}")]
    postgres = DockerContainer("postgres:18", env={"POSTGRES_PASSWORD": password}, ports=[5432])
    postgres.with_command(["postgres", *settings])
    redis_server = DockerContainer("redis:8", ports=[6379])
    redis_server.with_command(
        ["redis-server", "--requirepass", password, "--databases", str(DATABASES), "--save", ""]
    )
    with postgres, redis_server:
        yield Servers(
            "containers",
            f"postgresql://postgres:{password}@{_exposed(postgres, 5432)}",
            f"redis://:{password}@{_exposed(redis_server, 6379)}",
        )


def _exposed(container: DockerContainer, port: int) -> str:
    return f"{container.get_container_host_ip()}:{container.get_exposed_port(port)}"


@contextmanager
def embedded(folder: Path) -> Iterator[Servers]:
    """PostgreSQL and Redis from their wheels."""
    account = server_account()
    password = secrets.token_hex(16)
    with Programs(account) as programs:
        postgres = Postgres(folder / "postgres", programs.postgres(), account, free_port(), password)
        redis_server = Redis(folder / "redis", programs.redis(), account, free_port(), password)
        postgres.prepare(durable=False)
        redis_server.prepare()
        processes = [
            spawn(part, sys.stderr.fileno()) for part in (postgres.part(CARELESS), redis_server.part())
        ]
        try:
            yield Servers(
                "embedded", postgres.url_of("").rstrip("/"), redis_server.url_of(0).removesuffix("/0")
            )
        finally:
            for process in processes:
                process.send_signal(signal.SIGINT)
            for process in processes:
                process.wait(timeout=20)


def _answer(servers: Servers) -> bool:
    try:
        psycopg2.connect(f"{servers.postgres_url}/postgres", connect_timeout=2).close()
        with redis.Redis.from_url(f"{servers.redis_url}/0") as client:
            return bool(client.ping())
    except (psycopg2.OperationalError, redis.RedisError):
        return False


def keep(folder: Path, run: int) -> None:
    """Starts the servers, says where they are, and ends them when the run's main process has ended."""
    with ExitStack() as stack:
        servers = _start(stack, folder)
        wait_until(lambda: _answer(servers), "PostgreSQL and Redis to answer")
        unfinished = folder / "servers.json.new"
        unfinished.write_text(json.dumps(asdict(servers)))
        unfinished.rename(folder / "servers.json")
        with suppress(psutil.NoSuchProcess):
            psutil.Process(run).wait()


def _start(stack: ExitStack, folder: Path) -> Servers:
    if docker_answers():
        try:
            return stack.enter_context(containers())
        except (docker.errors.DockerException, OSError) as error:
            print(f"No containers, so the embedded servers: {error}", file=sys.stderr)  # noqa: T201 - a log
    return stack.enter_context(embedded(folder))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    keep(Path(sys.argv[1]), int(sys.argv[2]))
