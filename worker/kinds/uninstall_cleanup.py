"""Clears up after an uninstallation; the steps stand at the head of `core.uninstall`."""

from collections.abc import Mapping
from typing import Any

from core.uninstall import UNINSTALL_CLEANUP, clear_up
from worker.work import Work

KIND = UNINSTALL_CLEANUP


def run(work: Work) -> Mapping[str, Any]:
    """Nobody waits for exports and imports any more, nor can download anything."""
    resources = work.resources
    return clear_up(resources.database, resources.store, work.lease, work.keeper.check)
