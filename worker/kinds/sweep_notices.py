"""Forgets the addresses that notices went to 90 days ago."""

from collections.abc import Mapping
from typing import Any

from core.mailing import MESSAGE_SWEEP, forget_addresses
from worker.work import Work

KIND = MESSAGE_SWEEP
_AT_ONCE = 1000


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    forgotten = 0
    while batch := forget_addresses(work.resources.database, at_most=_AT_ONCE):
        forgotten += batch
        work.step(forgotten, forgotten + batch)
    return {"forgotten": forgotten}
