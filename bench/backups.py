"""A backup of 10,000 reports with 5 versions each, and its restore: seconds, size, memory.

PostgreSQL is durable, and with everything else on two cores. Memory is what a process of ours that does
nothing else grows by at its highest; `pg_dump`, `pg_restore` and the server have their own.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from bench.api.servers import Servers, running_servers
from bench.result import Result
from core.backups.make import make_backup
from core.backups.restore import restore_backup
from core.backups.shelf import Shelf
from core.ids import uuid7
from core.ledger import Ledger
from core.setting_types import new_secret_key, secret_keys
from core.store import Store

REPORTS = 10_000
VERSIONS = 5
MOST_MIB = 50.0
MOST_SECONDS = 60.0
_PASSWORD = "for-benchmarks-only"  # noqa: S105 - of servers that live for minutes
_TENANT = """
    insert into tenants (id, client_key, base_url, state, last_event_at)
    values (%s, 'key', 'https://acme.atlassian.net', 'active', now())
"""
_REPORTS = """
    insert into reports (tenant_id, id, name, name_key, description, definition, administrators, created_by,
                         updated_by)
    select %s, gen_random_uuid(), 'Report ' || n || ' of the team', 'report ' || n,
           'What is left, week by week, ' || n,
           jsonb_build_object('jql', 'project = TEAM AND created >= -' || n || 'd', 'columns', (
               select jsonb_agg(jsonb_build_object('of', jsonb_build_object('field', md5(n::text || c))))
               from generate_series(1, 12) c)),
           '{ann,bob}', 'ann', 'ann'
    from generate_series(1, %s) n
"""
_CHANGE = "update reports set description = description || '.', version = version + 1, updated_at = now()"


def measure() -> list[Result]:
    """Seconds and memory of both ways."""
    with running_servers() as servers:
        owner = servers.database("backups").owner
        backup = _filled(owner, servers)
        place = (servers.folder / "store", new_secret_key())
        made = _apart(_make, backup, place)
        restored = _apart(_restore, servers.postgres.url_of("restored"), place)
    what = f"{REPORTS:,} reports with {VERSIONS} versions each"
    return [
        _seconds(f"backup of {what}", made["seconds"]),
        _memory(f"backup of {what}", made["mebibytes"]),
        Result(
            name=f"backup of {what}: size in the store",
            value=round(made["size"] / 1024 / 1024, 1),
            unit="MiB",
            bound="none, a figure",
            met=True,
        ),
        _seconds(f"restore of {what}, looked at and migrated", restored["seconds"]),
        _memory(f"restore of {what}", restored["mebibytes"]),
    ]


def _filled(owner: str, servers: Servers) -> str:
    """Fills the database and makes an empty one; the address for the role that reads everything."""
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("create database restored")
        cursor.execute(f"alter role sightline_backup password '{_PASSWORD}'")
        tenant = uuid7()
        cursor.execute(_TENANT, (tenant,))
        cursor.execute(_REPORTS, (tenant, REPORTS))
        for _ in range(VERSIONS - 1):
            cursor.execute(_CHANGE)
        cursor.execute("vacuum analyze")
    return f"postgresql://sightline_backup:{_PASSWORD}@127.0.0.1:{servers.postgres.port}/backups"


def _apart(task: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Does a task in a fresh process, and adds seconds and the growth of its memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_watched, (task, arguments))


def _watched(task: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> dict[str, Any]:
    before, begun = _peak(), time.monotonic()
    found = task(*arguments)
    return {**found, "seconds": time.monotonic() - begun, "mebibytes": (_peak() - before) / 1024}


def _peak() -> int:
    """The most memory that this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _store(place: tuple[Path, str]) -> Store:
    return Store(place[0].as_uri(), secret_keys(place[1]))


def _make(url: str, place: tuple[Path, str]) -> dict[str, Any]:
    manifest = make_backup(url, Shelf(_store(place)))
    if manifest.rows["report_versions"] != REPORTS * VERSIONS:
        raise AssertionError(manifest.rows)
    return {"size": manifest.size}


def _restore(url: str, place: tuple[Path, str]) -> dict[str, Any]:
    store = _store(place)
    shelf = Shelf(store)
    restored = restore_backup(url, shelf, shelf.newest(), Ledger(store))
    return {"rows": restored.rows["report_versions"]}


def _seconds(what: str, value: float) -> Result:
    return Result(
        name=what,
        value=round(value, 2),
        unit="s",
        bound=f"at most {MOST_SECONDS:g} s",
        met=value <= MOST_SECONDS,
    )


def _memory(what: str, value: float) -> Result:
    return Result(
        name=f"{what}: growth of our process",
        value=round(value, 1),
        unit="MiB",
        bound=f"at most {MOST_MIB:g} MiB",
        met=value <= MOST_MIB,
    )
