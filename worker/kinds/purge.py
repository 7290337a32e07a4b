"""Removes everything of a tenant; the steps stand at the head of `core.purge`."""

from collections.abc import Mapping
from typing import Any

from core import purge
from core.ledger import Ledger
from core.purge import PURGE
from worker.work import Work

KIND = PURGE


def run(work: Work) -> Mapping[str, Any]:
    """The task is gone with its tenant, and its result with it."""
    resources = work.resources
    purge.plan_purge(work.lease, resources.store)
    ledger = Ledger.of(resources.settings)
    purge.purge(resources.database, resources.store, ledger, work.lease, work.keeper.check)
    return {}
