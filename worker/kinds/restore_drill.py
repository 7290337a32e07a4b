"""Restores the newest backup into a scratch database once a month, and looks whether it is what it was."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.backups import BackupError
from core.backups.drill import drill
from core.backups.shelf import Shelf
from core.backups.tasks import RESTORE_DRILL
from core.ledger import Ledger, LedgerUnreadable
from core.store import Store
from core.store_cipher import SealBroken
from worker.work import CannotSucceed, Later, Work

KIND = RESTORE_DRILL
_log = logging.getLogger(__name__)


def run(work: Work) -> Mapping[str, Any]:
    """What is wrong with the backup ends the drill; a scratch server that is away is tried again."""
    settings = work.resources.settings
    if not (settings.drill_database_url and settings.backup_keys):
        _log.warning("no restore drill", extra={"reason": "DRILL_DATABASE_URL or BACKUP_KEYS is not set"})
        return {"skipped": "DRILL_DATABASE_URL or BACKUP_KEYS is not set"}
    shelf = Shelf(Store.for_backups(settings))
    if not shelf.ids():
        raise Later(timedelta(hours=1), "There is no backup yet.")
    try:
        restored = drill(
            settings.drill_database_url,
            shelf,
            shelf.newest(),
            Ledger.of(settings),
            step=work.keeper.check,
        )
    except (BackupError, LedgerUnreadable, SealBroken) as error:
        _log.error("restore drill failed", extra={"task": work.task.id, "reason": str(error)})
        raise CannotSucceed(str(error)) from error
    return {
        "backup": restored.backup,
        "seconds": restored.seconds,
        "rows": sum(restored.rows.values()),
        "tables": len(restored.rows),
        "migrated": restored.migrated,
        "replayed": restored.replayed,
    }
