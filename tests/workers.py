"""The background work as it really runs: `python -m worker` against the run's PostgreSQL and Redis."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import psutil
import psycopg2

from core.database import Database
from core.export import EXPORT
from core.ids import uuid7
from core.setting_types import new_secret_key
from core.settings import Settings
from core.store import Store
from core.tasks import (
    SERVICE,
    Kind,
    Task,
    cancel_task,
    find_task,
    list_tasks,
    request_task,
    schedule_task,
)
from core.tasks_lease import Lease, claim_task
from tests.databases import DatabaseUrls
from worker.attempt import attempt_one
from worker.kinds import runners
from worker.work import Resources

LEASE_SECONDS = 3
Found = TypeVar("Found")

_TENANT = """
    insert into tenants (id, client_key, base_url, state, last_event_at)
    values (%s, %s, 'https://acme.atlassian.net', 'active', now())
"""
_REPORTS = """
    insert into reports (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by,
                         visibility, shared_accounts, shared_groups)
    select %s, gen_random_uuid(), 'Report ' || number, 'report ' || number,
           '{"jql": "project = A", "columns": [{"of": {"field": "issuekey"}}]}',
           '{ann,bob}', 'ann', 'ann', 'limited', '{carl}', '[{"id": "g1", "name": "Ünïts \\"and\\" more"}]'
    from generate_series(1, %s) number
"""


def eventually(look: Callable[[], Found | None], what: str, seconds: float = 60) -> Found:
    """What `look` gives as soon as that is something; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        pause.wait(0.02)
    return found


@dataclass(frozen=True)
class HeldLease:
    """A lease as the database holds it."""

    token: UUID
    until: datetime

    @property
    def latest_end(self) -> datetime:
        """When it would have ended, renewed once."""
        return self.until + timedelta(seconds=LEASE_SECONDS)


@dataclass
class Workplace:
    """A database, a Redis and a store for one test, and the worker's processes on them."""

    urls: DatabaseUrls
    environment: dict[str, str]
    log: Path

    @property
    def settings(self) -> Settings:
        """The settings as the worker reads them."""
        return Settings.from_environment(self.environment)

    @property
    def store(self) -> Store:
        """The store that the worker writes to."""
        return Store.of(self.settings)

    def tenant(self, *, reports: int = 0) -> UUID:
        """A new tenant with so many reports."""
        tenant_id = uuid7()
        with self._everything() as cursor:
            cursor.execute(_TENANT, (tenant_id, str(tenant_id)))
            cursor.execute(_REPORTS, (tenant_id, reports))
        return tenant_id

    def request_export(self, tenant_id: UUID) -> UUID:
        """Asks for an export as the API does."""
        with self.api() as database, database.tenant(tenant_id) as cursor:
            return request_task(cursor, EXPORT, tenant_id, requested_by="ann")[0].id

    def task(self, tenant_id: UUID, task_id: UUID) -> Task:
        """The task as it stands."""
        with self.api() as database, database.tenant(tenant_id) as cursor:
            task = find_task(cursor, tenant_id, EXPORT, task_id)
        assert task is not None
        return task

    def reach(self, tenant_id: UUID, task_id: UUID, state: str, seconds: float = 60) -> Task:
        """Waits until the task is in a state."""
        self._wait(lambda: self.task(tenant_id, task_id).state == state, f"the task to be {state}", seconds)
        return self.task(tenant_id, task_id)

    def cancel(self, tenant_id: UUID, task_id: UUID) -> None:
        """Cancels as the API does."""
        with self.api() as database, database.tenant(tenant_id) as cursor:
            assert cancel_task(cursor, tenant_id, task_id) is not None

    def lease_of(self, tenant_id: UUID, task_id: UUID) -> HeldLease:
        """The lease of a running task."""
        sql = "select lease_token, leased_until from tasks where tenant_id = %s and id = %s"
        with self.api() as database:
            (row,) = database.read(tenant_id, sql, (tenant_id, task_id))
        return HeldLease(row["lease_token"], row["leased_until"])

    def document(self, task: Task) -> bytes:
        """The file of a finished export as it was stored."""
        assert task.result is not None
        file = self.store.open(task.result["file"], owner=str(task.tenant_id))
        return b"".join(file.read(0, file.length))

    def stored(self) -> list[str]:
        """The names of all stored files."""
        return [file.name for file in self.store.files("exports")]

    @contextmanager
    def api(self) -> Iterator[Database]:
        """The database with the API's role."""
        database = Database(self.urls.api, pool_size=2)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def as_worker(self) -> Iterator[Database]:
        """The database with the worker's role."""
        database = Database(self.urls.worker, pool_size=2)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def held_reports(self) -> Iterator[None]:
        """Nobody can read the table of reports meanwhile, so that exports stand still."""
        with self._everything() as cursor:
            cursor.execute("reset role; lock table reports in access exclusive mode")
            yield

    @contextmanager
    def worker(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """`python -m worker`, up to the end of the block; then asked to stop, and nothing of it is left."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "worker", *arguments]
            process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.PIPE, stderr=log, stdout=log
            )
            family = [psutil.Process(process.pid)]
            try:
                yield process
            finally:
                family += descendants(process.pid)
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(30)
                for member in family:
                    with suppress(psutil.NoSuchProcess):
                        member.kill()
                process.wait()
                process.stdin and process.stdin.close()

    def claim(self) -> Lease:
        """Takes the fairest due export, as a worker would."""
        lease = claim_task(Database(self.urls.worker, pool_size=1), [EXPORT.name], timedelta(seconds=60))
        assert lease is not None
        return lease

    def work(self) -> str:
        """Does the fairest due task in this process, as a work-horse would, and says how it ended."""
        leash, held = os.pipe()
        resources = Resources.of(self.settings)
        try:
            return attempt_one(resources, runners(), leash)
        finally:
            resources.database.close()
            os.close(leash)
            os.close(held)

    def schedule(self, kind: Kind) -> None:
        """Writes the scheduled task of this moment."""
        database = Database(self.urls.worker, pool_size=1)
        assert schedule_task(database, kind)
        database.close()

    def last_result(self, kind: Kind) -> dict[str, Any] | None:
        """What the latest of the service's own tasks of a kind ended with."""
        database = Database(self.urls.worker, pool_size=1)
        with database.tenant(SERVICE) as cursor:
            task, *_ = list_tasks(cursor, SERVICE, kind)
        database.close()
        return task.result

    def age_tasks(self, by: timedelta) -> None:
        """Has all tasks that ended have ended earlier."""
        with self._everything() as cursor:
            cursor.execute("set role sightline_definer")
            cursor.execute("update tasks set finished_at = finished_at - %s", (by,))

    def refuse_connections(self) -> None:
        """Has PostgreSQL end our processes' connections to the database and accept no other."""
        self._allow_connections(allowed=False)

    def accept_connections(self) -> None:
        """Takes `refuse_connections` back."""
        self._allow_connections(allowed=True)

    def _allow_connections(self, *, allowed: bool) -> None:
        server, _, name = self.urls.owner.rpartition("/")
        connection = psycopg2.connect(f"{server}/postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"alter database {name} allow_connections {allowed}")
            if not allowed:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = %s and application_name like 'sightline%%'",
                    (name,),
                )
        connection.close()

    def parts(self, worker: subprocess.Popen[bytes], name: str) -> list[psutil.Process]:
        """The running children of the supervisor for a part, `work` or `relay`."""
        children = psutil.Process(worker.pid).children()
        return [child for child in children if child.status() != "zombie" and child.cmdline()[-1:] == [name]]

    def work_horse(self, task_id: UUID) -> psutil.Process:
        """The process that is doing the latest attempt at a task; waits for one."""

        def look() -> psutil.Process | None:
            begun = self.logged(message="attempt began", task=str(task_id))
            return psutil.Process(cast("int", begun[-1]["process"])) if begun else None

        return self._wait(look, "a work-horse")

    def logged(self, **wanted: object) -> list[dict[str, object]]:
        """The lines of the log that hold these members."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if wanted.items() <= line.items()]

    def _wait(self, look: Callable[[], Found | None], what: str, seconds: float = 60) -> Found:
        try:
            return eventually(look, what, seconds)
        except AssertionError as error:
            log = self.log.read_text()[-4000:] if self.log.exists() else "(no log)"
            raise AssertionError(f"{error}\n{log}") from None

    @contextmanager
    def _everything(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(self.urls.owner)
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def workplace(urls: DatabaseUrls, redis_url: str, folder: Path) -> Workplace:
    """A workplace with short leases in a folder of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": urls.worker,
        "REDIS_URL": redis_url,
        "SECRET_KEYS": new_secret_key(),
        "STATE_DIR": str(folder),
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "LOG_LEVEL": "DEBUG",
    }
    return Workplace(urls, environment, folder / "worker.log")


def descendants(pid: int) -> list[psutil.Process]:
    """The processes below one."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def alive(process: psutil.Process) -> bool:
    """Whether a process still does anything."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def kill(process: psutil.Process) -> None:
    """Kills without a chance to clean up."""
    process.send_signal(signal.SIGKILL)
