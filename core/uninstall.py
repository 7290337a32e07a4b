"""What an uninstallation leaves to be cleared up. The reports stay, so that they are there after a reinstall.

1. The database destroys the secret and writes the task in the transaction that uninstalls (`change_tenant`),
   one for each time. From then on no process accepts a token, whatever it remembers of the site.
2. Exports and imports that nobody can wait for any more are cancelled: whoever is at work on one finds its
   lease gone. Nobody can ask for another one (`require_tenant` in the migrations). Notices of maintenance
   lapse by themselves; those of a breach still go out, as the data is still here.
3. Once nobody writes a file of the tenant any more, all of them are removed, whether a task knows them or
   not, and then the rows that named them.
4. A reinstall in between ends this: each transaction looks first whether the app is still gone, and removes
   only what it saw in the same moment.

Every step can be repeated.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.database import Cursor, Database
from core.export import EXPORT
from core.imports import IMPORT
from core.imports.records import cancel_all
from core.store import Store
from core.tasks import Kind, Task
from core.tasks_lease import Lease
from core.tenant_files import hold_files_alone, remove_held_files

UNINSTALL_CLEANUP = Kind(name="uninstall-cleanup")

# The task's subject is the version that the secret's destruction made: after a reinstall it is another one.
_GONE = "exists (select from tenants where state = 'uninstalled' and secret_version::text = %(version)s)"
_IS_GONE = f"select now() as began where {_GONE}"
# In one statement, which sees one moment: what was asked for after a reinstall is not among it.
_CANCEL = f"""
    update tasks
    set state = 'cancelled', lease_token = null, leased_until = null, finished_at = now()
    where tenant_id = current_tenant() and kind = any (%(kinds)s)
      and state in ('waiting', 'queued', 'running') and {_GONE}
"""  # noqa: S608 - of constants
_FORGET = f"""
    delete from tasks
    where tenant_id = current_tenant() and kind = %(kind)s and state = 'done' and {_GONE}
"""  # noqa: S608 - of constants


def clear_up(
    database: Database, store: Store, lease: Lease, check: Callable[[], object]
) -> Mapping[str, Any]:
    """Clears up after an uninstallation; returns what was cancelled and removed, or that the app is back.

    `check` is called between small steps and ends this by raising. Raises LeaseLost.
    """
    with lease.step() as cursor:
        gone_at = _gone_at(cursor, lease.task)
        if gone_at is None:
            return {"reinstalled": True}
        cancelled = _cancel(cursor, lease.task, gone_at)
    with database.tenant(lease.task.tenant_id) as cursor:
        hold_files_alone(cursor, lease.task.tenant_id)
        if _gone_at(cursor, lease.task) is None:
            return {"reinstalled": True, **cancelled}
        files = remove_held_files(cursor, store, lease.task.tenant_id, check)
        # Not before, as a lease that is held here cannot be renewed.
        lease.hold(cursor)
        cursor.execute(_FORGET, {"kind": EXPORT.name, "version": lease.task.subject})
        return {**cancelled, "removed": cursor.rowcount, "files": files}


def _gone_at(cursor: Cursor, task: Task) -> datetime | None:
    """When this transaction began, if the app is still gone."""
    cursor.execute(_IS_GONE, {"version": task.subject})
    row = cursor.fetchone()
    return row["began"] if row else None


def _cancel(cursor: Cursor, task: Task, gone_at: datetime) -> dict[str, int]:
    # Whoever needs the rows of both holds the task's first.
    cursor.execute(_CANCEL, {"kinds": [EXPORT.name, IMPORT.name], "version": task.subject})
    return {"cancelled": cursor.rowcount, "imports": len(cancel_all(cursor, task.tenant_id, gone_at))}
