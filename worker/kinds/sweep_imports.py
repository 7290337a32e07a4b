"""Ends imports that nobody goes on with, removes long ended ones, and files that no import names."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.imports import FOLDER, IMPORT_SWEEP, KEPT_FOR, OPEN_FOR
from core.imports.records import ImportMissing, cancel, find, folder_of, parts_of, remove
from core.store import StoredFile
from worker.work import Resources, Work

KIND = IMPORT_SWEEP
_AT_ONCE = 500
# Far beyond the time that sending a part or a step may take: what is older is nobody's work under way.
_STRAY_AFTER = timedelta(days=1)
_OVER = "select tenant_id, id, ended from imports_over(%s, %s, %s)"


def run(work: Work) -> Mapping[str, Any]:
    """Every step can be repeated: an import is ended before its files go, which are strays then."""
    now = datetime.now(UTC)
    done = {"cancelled": 0, "removed": 0}
    moments = (now - OPEN_FOR, now - KEPT_FOR, _AT_ONCE)
    while over := work.resources.database.read_system(_OVER, moments):
        for row in over:
            work.step(sum(done.values()), sum(done.values()) + len(over))
            _end(work.resources, row["tenant_id"], row["id"])
            done["removed" if row["ended"] else "cancelled"] += 1
    return {**done, "strays": _remove_strays(work)}


def _end(resources: Resources, tenant_id: UUID, import_id: UUID) -> None:
    with resources.database.tenant(tenant_id) as cursor:
        if not cancel(cursor, tenant_id, import_id):
            remove(cursor, import_id)
    resources.store.delete_folder(folder_of(tenant_id, import_id))


def _remove_strays(work: Work) -> int:
    """Files of imports that have ended, and of parts that were sent but never recorded; their number."""
    store = work.resources.store
    strays = 0
    for file in store.files(FOLDER):
        work.keeper.check()
        if file.age > _STRAY_AFTER and not _is_known(work.resources, file):
            store.delete(file.name)
            strays += 1
    return strays


def _is_known(resources: Resources, file: StoredFile) -> bool:
    try:
        tenant_id, import_id = (UUID(part) for part in file.name.split("/")[1:3])
        with resources.database.tenant(tenant_id) as cursor:
            find(cursor, import_id)
            return any(part.file == file.name for part in parts_of(cursor, import_id).values())
    except (ValueError, ImportMissing):
        return False
