"""Removes callbacks whose tokens have expired, tasks that ended a month ago and that no other sweep looks
after, and what the ledger holds longer than any backup is kept.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.database import Database
from core.ledger import Ledger
from core.leftovers import LEFTOVERS_SWEEP, remove_ended_tasks, remove_expired_callbacks
from worker.work import Work

KIND = LEFTOVERS_SWEEP
_AT_ONCE = 1000


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    return {
        "callbacks": _all(work, lambda database: remove_expired_callbacks(database, at_most=_AT_ONCE)),
        "ledger": Ledger.of(work.resources.settings).remove_expired(datetime.now(UTC)),
        "tasks": _all(work, lambda database: remove_ended_tasks(database, at_most=_AT_ONCE)),
    }


def _all(work: Work, remove: Callable[[Database], int]) -> int:
    removed = 0
    while batch := remove(work.resources.database):
        removed += batch
        work.step(removed, removed + batch)
    return removed
