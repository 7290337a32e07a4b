"""Raises the alarm where the last good backup is too old, or the last restore drill failed."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.backups.shelf import OVERDUE_AFTER, Shelf
from core.backups.status import Drill, Standing, last_drill, standing, write_gauges
from core.backups.tasks import BACKUP_CHECK
from core.store import Store
from core.tasks import SERVICE
from worker.work import Resources, Work

KIND = BACKUP_CHECK
_log = logging.getLogger(__name__)


def run(work: Work) -> Mapping[str, Any]:
    """An alarm is a line of the log of level error, at every check until its cause is gone."""
    resources, now = work.resources, datetime.now(UTC)
    settings = resources.settings
    if not (settings.backup_database_url and settings.backup_keys):
        _log.warning("backups are not set up")
        return {"set_up": False}
    found = standing(Shelf(Store.for_backups(settings)), now)
    with resources.database.tenant(SERVICE) as cursor:
        drill = last_drill(cursor)
    write_gauges(settings.state_dir / "metrics", found, drill)
    overdue = found.overdue and (found.last_good is not None or not _is_new(resources, now))
    _tell(found, drill, overdue=overdue)
    return {"set_up": True, "overdue": overdue, "last": found.last_good and found.last_good.id}


def _tell(found: Standing, drill: Drill | None, *, overdue: bool) -> None:
    for reason in found.unusable:
        _log.error("backup unusable", extra={"reason": reason})
    if overdue:
        last = found.last_good
        about = {"last": last and last.id, "taken_at": last and last.taken_at.isoformat()}
        _log.error("backup overdue", extra=about)
    if drill is not None and drill.failed:
        _log.error("restore drill failed", extra={"at": drill.at.isoformat(), "reason": drill.reason})


def _is_new(resources: Resources, now: datetime) -> bool:
    """Whether there has not been time for a first backup yet."""
    rows = resources.database.read_system("select min(applied_at) as at from schema_migrations")
    return bool(now - rows[0]["at"] < OVERDUE_AFTER)
