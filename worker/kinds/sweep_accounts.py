"""Writes the tasks of personal data that are due: reports of accounts, hashing those of sites that left."""

from collections.abc import Mapping
from typing import Any

from core.personal_data.cycles import ACCOUNTS_SWEEP, request_reports
from core.personal_data.hashes import request_hashing
from worker.work import Work

KIND = ACCOUNTS_SWEEP
_AT_ONCE = 500


def run(work: Work) -> Mapping[str, Any]:
    """Batch by batch, so that no transaction is long."""
    counts = {"reports": 0, "hashings": 0}
    for name, request in (("reports", request_reports), ("hashings", request_hashing)):
        while written := request(work.resources.database, at_most=_AT_ONCE):
            counts[name] += written
            work.step(counts[name], counts[name] + written)
    return counts
