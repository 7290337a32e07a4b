"""Removes backups that are as old as any may get, and what was never finished."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.backups.shelf import Shelf
from core.backups.tasks import BACKUP_SWEEP
from core.store import Store
from worker.work import Work

KIND = BACKUP_SWEEP
_log = logging.getLogger(__name__)


def run(work: Work) -> Mapping[str, Any]:
    """The last backup goes in its time like any other: what was purged must not live on in it."""
    shelf = Shelf(Store.for_backups(work.resources.settings))
    swept = shelf.sweep(datetime.now(UTC))
    if swept.removed and not shelf.ids():
        _log.error("no backup left", extra={"removed": swept.removed})
    return {"removed": swept.removed, "unfinished": swept.unfinished}
