"""Removes reports that were deleted 30 days ago."""

from collections.abc import Mapping
from typing import Any

from core.ledger import Ledger
from core.reports.sweep import REPORT_SWEEP, remove_expired
from worker.work import Work

KIND = REPORT_SWEEP
_AT_ONCE = 1000


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    removed = 0
    ledger = Ledger.of(work.resources.settings)
    while batch := remove_expired(work.resources.database, ledger, at_most=_AT_ONCE):
        removed += batch
        work.step(removed, removed + batch)
    return {"removed": removed}
