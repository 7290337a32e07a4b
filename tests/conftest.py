"""Fixtures of all tests: a PostgreSQL and a Redis of this run, and files that only some machines have."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from cli.local.redis import DATABASES
from tests.databases import DatabaseServer, DatabaseUrls
from tests.servers import Servers, servers_of_run

# The same cases in every run, so that a red one is about the change; `make soak` looks for new ones.
settings.register_profile("test", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("test")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def servers(run_folder: Path) -> Servers:
    """Where this run's PostgreSQL and Redis are."""
    main_process = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    with _one_at_a_time(run_folder):
        return servers_of_run(run_folder, main_process)


@pytest.fixture(scope="session")
def postgres(servers: Servers, run_folder: Path) -> DatabaseServer:
    """The run's PostgreSQL, ready to make migrated databases."""
    server = DatabaseServer(servers.postgres_url)
    with _one_at_a_time(run_folder):
        server.make_template(run_folder / "template.done")
    return server


@pytest.fixture
def database(postgres: DatabaseServer) -> Iterator[DatabaseUrls]:
    """A migrated database of this test's own."""
    urls = postgres.fresh_database()
    yield urls
    postgres.drop(urls.owner)


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    """A Redis database of this worker process's own; what one test leaves there, the next one finds."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{servers.redis_url}/{int(worker) % DATABASES}"


@pytest.fixture(scope="session")
def data_file() -> Callable[[str], Path]:
    """Finds the file that an environment variable names; skips the test without it, but fails it in CI."""
    return _data_file


def _data_file(variable: str) -> Path:
    path = os.environ.get(variable)
    if path:
        return Path(path)
    if os.environ.get("CI") == "true":
        pytest.fail(f"{variable} is not set")
    pytest.skip(f"{variable} is not set")


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
