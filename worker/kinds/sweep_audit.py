"""Removes entries of the audit trail that are older than AUDIT_RETENTION."""

from collections.abc import Mapping
from typing import Any

from core.audit import AUDIT_SWEEP, remove_older
from worker.work import Work

KIND = AUDIT_SWEEP
_AT_ONCE = 5000


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    kept_for = work.resources.settings.audit_retention
    removed = 0
    while batch := remove_older(work.resources.database, kept_for, at_most=_AT_ONCE):
        removed += batch
        work.step(removed, removed + batch)
    return {"removed": removed}
