"""Has sites purged that uninstalled the app longer ago than RETENTION_AFTER_UNINSTALL, where that is set."""

from collections.abc import Mapping
from typing import Any

from core.purge import RETENTION_SWEEP, request_retention_purges
from worker.work import Work

KIND = RETENTION_SWEEP
_AT_ONCE = 500


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    kept_for = work.resources.settings.retention_after_uninstall
    if kept_for is None:
        return {"requested": 0}
    requested = 0
    while batch := request_retention_purges(work.resources.database, kept_for, at_most=_AT_ONCE):
        requested += batch
        work.step(requested, requested + batch)
    return {"requested": requested}
