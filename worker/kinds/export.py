"""Writes a tenant's JSON export into the store."""

from collections.abc import Mapping
from typing import Any

from core.export import EXPORT, Export, Measured, file_name, gzipped, result_of, snapshot
from core.tenant_files import hold_files
from worker.work import Work

KIND = EXPORT


def run(work: Work) -> Mapping[str, Any]:
    """One file for this attempt; it is removed again unless the task ends as done."""
    task, store = work.task, work.resources.store
    name = file_name(task.tenant_id, task.id, work.lease.token)
    work.undo_unless_done(lambda: store.delete(name))
    with snapshot(work.resources.database, task.tenant_id) as cursor:
        hold_files(cursor, task.tenant_id)
        # The tenant may have gone between the snapshot and this.
        work.lease.renew()
        export = Export(cursor, work.step)
        stream = Measured(gzipped(export.document()))
        store.put(name, stream, owner=str(task.tenant_id))
    return result_of(name, stream, export.counts)
