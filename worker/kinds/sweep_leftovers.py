"""Removes callbacks whose tokens have expired, and tasks of clearing up that were done a month ago."""

from collections.abc import Callable, Mapping
from typing import Any

from core.database import Database
from core.leftovers import LEFTOVERS_SWEEP, remove_ended_cleanups, remove_expired_callbacks
from worker.work import Work

KIND = LEFTOVERS_SWEEP
_AT_ONCE = 1000


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    return {
        "callbacks": _all(work, lambda database: remove_expired_callbacks(database, at_most=_AT_ONCE)),
        "tasks": _all(work, lambda database: remove_ended_cleanups(database, at_most=_AT_ONCE)),
    }


def _all(work: Work, remove: Callable[[Database], int]) -> int:
    removed = 0
    while batch := remove(work.resources.database):
        removed += batch
        work.step(removed, removed + batch)
    return removed
