"""Clears up after an uninstallation: nobody waits for exports any more, nor can download them."""

from collections.abc import Mapping
from typing import Any

from core.export import folder_of
from core.tasks import remove_task
from core.uninstall import UNINSTALL_CLEANUP, cancel_exports
from worker.work import Work

KIND = UNINSTALL_CLEANUP


def run(work: Work) -> Mapping[str, Any]:
    """Every step can be repeated: a file goes before the row that names it.

    A reinstall in the middle of it loses files of exports at most, which were asked for before.
    """
    task, resources = work.task, work.resources
    with work.lease.step() as cursor:
        left = cancel_exports(cursor, task)
    if left is None:
        return {"reinstalled": True}
    for number, export_id in enumerate(left.finished):
        work.step(number, len(left.finished))
        resources.store.delete_folder(folder_of(task.tenant_id, export_id))
        with work.lease.step() as cursor:
            remove_task(cursor, task.tenant_id, export_id)
    return {"cancelled": len(left.cancelled), "removed": len(left.finished)}
