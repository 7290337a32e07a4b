"""Removes exports whose time is over, and files that no export knows."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.export import EXPORT, EXPORT_SWEEP, FOLDER, folder_of
from core.store import StoredFile
from core.tasks import find_task, remove_task
from core.tasks_lease import tasks_ended_before
from core.tenant_files import is_there
from worker.work import Resources, Work

KIND = EXPORT_SWEEP
_AT_ONCE = 500
# Far beyond the time that an attempt at an export may take: what is older is nobody's work under way.
_STRAY_AFTER = timedelta(days=1)


def run(work: Work) -> Mapping[str, Any]:
    """Every step can be repeated: a file goes before the row that names it."""
    resources = work.resources
    before = datetime.now(UTC) - resources.settings.export_ttl
    expired = 0
    while over := tasks_ended_before(resources.database, EXPORT, before, at_most=_AT_ONCE):
        for tenant_id, task_id in over:
            work.step(expired, expired + len(over))
            _remove(resources, tenant_id, task_id)
            expired += 1
    return {"expired": expired, "strays": _remove_strays(work)}


def _remove(resources: Resources, tenant_id: UUID, task_id: UUID) -> None:
    resources.store.delete_folder(folder_of(tenant_id, task_id))
    with resources.database.tenant(tenant_id) as cursor:
        remove_task(cursor, tenant_id, task_id)


def _remove_strays(work: Work) -> int:
    """Files that a killed attempt finished but never recorded, or did not finish; their number."""
    store = work.resources.store
    strays = store.drop_unfinished(_STRAY_AFTER)
    for file in store.files(FOLDER):
        work.keeper.check()
        if _is_stray(work.resources, file):
            store.delete(file.name)
            strays += 1
    return strays


def _is_stray(resources: Resources, file: StoredFile) -> bool:
    """Whether no task knows a file, and none can come to know it: it is old, or its tenant is gone.

    The latter is left where a process stood still while it finished the file, and the tenant was purged.
    """
    is_old = file.age > _STRAY_AFTER
    try:
        tenant_id, task_id = (UUID(part) for part in file.name.split("/")[1:3])
    except ValueError:
        return is_old
    with resources.database.tenant(tenant_id) as cursor:
        if not is_old:
            return not is_there(cursor, tenant_id)
        task = find_task(cursor, tenant_id, EXPORT, task_id)
    return task is None or task.result is None or task.result["file"] != file.name
