"""Whether there is a good backup that is young enough, and how the last restore drill went."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2
from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from core.backups.manifest import Manifest
from core.backups.shelf import OVERDUE_AFTER, BackupUnusable, Shelf
from core.backups.tasks import RESTORE_DRILL
from core.checkpoints import passed
from core.database import Cursor
from core.tasks import SERVICE

_LAST_DRILL = """
    select state, finished_at, error, result from tasks
    where tenant_id = %s and kind = %s and finished_at is not null and state <> 'cancelled'
    order by finished_at desc limit 1
"""


@dataclass(frozen=True)
class Standing:
    """The newest backup that can be used, and newer ones that cannot, each with its reason."""

    last_good: Manifest | None
    unusable: tuple[str, ...]
    overdue: bool


@dataclass(frozen=True)
class Drill:
    """How the last drill ended: its reason if it failed, else its figures."""

    at: datetime
    failed: bool
    reason: str | None
    figures: dict[str, object] | None


def standing(shelf: Shelf, now: datetime) -> Standing:
    """How things stand at a moment. The age of a backup is that of the moment which it holds."""
    unusable = []
    for backup_id in shelf.ids():
        try:
            good = shelf.manifest(backup_id)
        except BackupUnusable as error:
            unusable.append(str(error))
            continue
        return Standing(good, tuple(unusable), overdue=now - good.taken_at > OVERDUE_AFTER)
    return Standing(None, tuple(unusable), overdue=True)


def last_drill(cursor: Cursor) -> Drill | None:
    """The last restore drill that ended, read in a transaction that sees the service's own tasks."""
    cursor.execute(_LAST_DRILL, (SERVICE, RESTORE_DRILL.name))
    for row in cursor.fetchall():
        return Drill(row["finished_at"], row["state"] == "failed", row["error"], row["result"])
    return None


def read_last_drill(url: str) -> Drill | None:
    """The last restore drill, as the role that reads everything sees it. Raises psycopg2.Error."""
    with (
        closing(psycopg2.connect(url, application_name="sightline backup", connect_timeout=5)) as connection,
        connection.cursor(cursor_factory=Cursor) as cursor,
    ):
        return last_drill(cursor)


def write_gauges(folder: Path, found: Standing, drill: Drill | None) -> None:
    """Writes what Prometheus may collect, to `backups.prom` in a folder (its text format)."""
    registry = CollectorRegistry()
    last = Gauge(
        "sightline_last_backup_timestamp_seconds",
        "The moment that the last good backup holds",
        registry=registry,
    )
    last.set(found.last_good.taken_at.timestamp() if found.last_good else 0)
    failed = Gauge(
        "sightline_restore_drill_failed", "1 where the last restore drill failed", registry=registry
    )
    failed.set(drill is not None and drill.failed)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    write_to_textfile(str(folder / "backups.prom"), registry)
    passed("gauges written")
