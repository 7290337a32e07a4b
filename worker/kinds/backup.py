"""Makes the daily backup of the whole database."""

import logging
from collections.abc import Mapping
from typing import Any

from core.backups import BackupError
from core.backups.make import made_before, make_backup
from core.backups.manifest import Manifest
from core.backups.shelf import Shelf
from core.backups.tasks import BACKUP
from core.store import Store
from worker.work import CannotSucceed, Work

KIND = BACKUP
_log = logging.getLogger(__name__)


def run(work: Work) -> Mapping[str, Any]:
    """One backup a task: what an earlier attempt finished before it died is taken for this one's."""
    settings = work.resources.settings
    if not settings.backup_database_url:
        return {"skipped": "BACKUP_DATABASE_URL is not set"}
    if not settings.backup_keys:
        raise CannotSucceed("BACKUP_KEYS is not set.")
    shelf = Shelf(Store.for_backups(settings))
    manifest = made_before(shelf, work.task) or _make(work, shelf)
    return {
        "backup": manifest.id,
        "taken_at": manifest.taken_at.isoformat(),
        "bytes": manifest.size,
        "rows": sum(manifest.rows.values()),
        "seconds": round((manifest.ended_at - manifest.taken_at).total_seconds(), 3),
    }


def _make(work: Work, shelf: Shelf) -> Manifest:
    def step(_: int) -> None:
        work.keeper.check()

    try:
        url = work.resources.settings.backup_database_url
        return make_backup(url, shelf, task=str(work.task.id), step=step)
    except BackupError as error:
        _log.error("backup failed", extra={"task": work.task.id, "reason": str(error)})
        raise
