"""Background work as it runs: `python -m worker` on a durable PostgreSQL, all servers on two cores.

1. An export and a purge of a large tenant, from the request to the end, and what of memory the working
   process took at most for it, over one that stands before its work.
2. How many small tasks of fifty tenants are done in a second, and how long a task that is asked for alone
   waits for its start, with one and with two workers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psutil
import psycopg2

from bench.api.servers import Servers, running_servers
from bench.result import Result
from core.export import EXPORT
from core.purge import PURGE
from core.tasks import Kind, request_task
from tests.databases import DatabaseUrls
from tests.separation import session
from tests.workers import Workplace, eventually, workplace

REPORTS, VERSIONS = 10_000, 5
EXPORT_SECONDS, PURGE_SECONDS, MOST_MEBIBYTES = 15.0, 5.0, 50.0
SMALL_TASKS, TENANTS, ALONE = 500, 50, 100
_MEBIBYTE = 1024
_STATED = "at most {:g} {}"
_WRITE = "update reports set description = repeat('What it shows. ', 10) || %s, version = version + 1"


def measure() -> list[Result]:
    """Seconds and MiB of the large ones; tasks a second and milliseconds of the small ones."""
    with running_servers() as servers:
        return [*_large(servers), *_queue(servers, 1), *_queue(servers, 2)]


def _workplace(servers: Servers, name: str) -> Workplace:
    made = servers.database(name)
    password = made.api.partition("sightline_api:")[2].partition("@")[0]
    logins = {role: made.api.replace("sightline_api:", f"sightline_{role}:") for role in ("worker", "backup")}
    with session(made.owner) as cursor:
        for role in logins:
            cursor.execute(f"alter role sightline_{role} password '{password}'")
    folder = servers.folder / name
    folder.mkdir()
    place = workplace(DatabaseUrls(made.owner, made.api, **logins), servers.redis_url, folder)
    place.environment |= {"LEASE_SECONDS": "30", "LOG_LEVEL": "INFO"}
    return place


@dataclass
class _Peak:
    """The most memory that a process ever had, in KiB, as its kernel counts it."""

    process: psutil.Process
    most: int = field(default=0)

    def look(self) -> None:
        """Looks while it lives."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        self.most = max([self.most, *map(int, found)])


def _large(servers: Servers) -> Iterator[Result]:
    place = _workplace(servers, "large_tenant")
    tenant = place.tenant(reports=REPORTS)
    for number in range(1, VERSIONS):
        with session(place.urls.owner) as cursor:
            cursor.execute(_WRITE, (str(number),))
    with session(place.urls.owner) as cursor:
        cursor.execute("select count(*) from report_versions")
        assert cursor.fetchall() == [(REPORTS * VERSIONS,)]
    _vacuum(place)
    with place.worker("--processes", "1"):
        idle = _idle_memory(place)
        for kind, most in ((EXPORT, EXPORT_SECONDS), (PURGE, PURGE_SECONDS)):
            seconds, peak = _timed(place, tenant, kind)
            what = f"{kind.name} of {REPORTS:,} reports with {VERSIONS} versions each"
            yield _bounded(what, seconds, "s", most)
            yield _bounded(f"{what}: the worker's memory", (peak - idle) / _MEBIBYTE, "MiB", MOST_MEBIBYTES)


def _bounded(name: str, value: float, unit: str, most: float) -> Result:
    return Result(
        name=name, value=round(value, 2), unit=unit, bound=_STATED.format(most, unit), met=value <= most
    )


def _idle_memory(place: Workplace) -> int:
    """That of a working process which waits for its first row."""
    tenant = place.tenant()
    with place.held_reports():
        task = place.request_export(tenant)
        peak = _Peak(place.work_horse(task))
        place.reach(tenant, task, "running")
        peak.look()
    place.reach(tenant, task, "done")
    return peak.most


def _timed(place: Workplace, tenant: UUID, kind: Kind) -> tuple[float, int]:
    began = time.monotonic()
    task = _request(place, tenant, kind)
    peak = _Peak(place.work_horse(task))

    def ended() -> bool:
        peak.look()
        return bool(place.logged(message="attempt ended", task=str(task), outcome="done"))

    eventually(ended, f"the {kind.name}", 300)
    return time.monotonic() - began, peak.most


def _request(place: Workplace, tenant: UUID, kind: Kind, subject: str = "") -> UUID:
    with place.api() as database, database.tenant(tenant) as cursor:
        return request_task(cursor, kind, tenant, subject=subject, requested_by="ann")[0].id


def _queue(servers: Servers, processes: int) -> Iterator[Result]:
    place = _workplace(servers, f"queue_{processes}")
    tenants = [place.tenant(reports=1) for _ in range(TENANTS)]
    workers = f"{processes} worker{'s' if processes > 1 else ''}"
    with place.worker("--processes", str(processes)):
        waits = sorted(_waits_alone(place, tenants[0]))
        for share in (50, 99):
            at = waits[len(waits) * share // 100 - 1]
            yield _shown(f"a task's start after its request, {workers}, p{share}", at * 1000, "ms")
        _write_tasks(place, tenants)
        began = time.monotonic()
        eventually(lambda: not _left(place), "all tasks", 600)
        rate = SMALL_TASKS / (time.monotonic() - began)
        yield _shown(f"small exports of {TENANTS} tenants, {workers}", rate, "tasks/s")


def _shown(name: str, value: float, unit: str) -> Result:
    return Result(name=name, value=round(value, 1), unit=unit, bound="shown", met=True)


def _waits_alone(place: Workplace, tenant: UUID) -> Iterator[float]:
    for number in range(ALONE):
        task_id = _request(place, tenant, EXPORT, f"alone {number}")
        task = place.reach(tenant, task_id, "done")
        assert task.started_at is not None
        yield (task.started_at - task.created_at) / timedelta(seconds=1)


def _write_tasks(place: Workplace, tenants: list[UUID]) -> None:
    with session(place.urls.owner) as cursor:
        for number in range(SMALL_TASKS):
            cursor.execute(
                "insert into tasks (tenant_id, id, kind, subject, urgency, state, attempts_allowed)"
                " values (%s, gen_random_uuid(), 'export', %s, 0, 'queued', 5)",
                (str(tenants[number % TENANTS]), str(number)),
            )


def _left(place: Workplace) -> int:
    with session(place.urls.owner) as cursor:
        cursor.execute("select count(*) from tasks where finished_at is null")
        return int(cursor.fetchall()[0][0])


def _vacuum(place: Workplace) -> None:
    connection = psycopg2.connect(place.urls.owner)
    connection.autocommit = True
    connection.cursor().execute("vacuum analyze")
    connection.close()
