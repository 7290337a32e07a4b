"""What an uninstallation leaves to be cleared up. The reports stay, so that they are there after a reinstall.

The database writes the task in the transaction that uninstalls (`change_tenant`), one for each time.
"""

from dataclasses import dataclass, field
from uuid import UUID

from core.database import Cursor
from core.export import EXPORT
from core.tasks import UNFINISHED, Kind, Task, cancel_task

UNINSTALL_CLEANUP = Kind(name="uninstall-cleanup")

# The task's subject is the version that the secret's destruction made: after a reinstall it is another one.
_IS_GONE = """
    select exists (
        select from tenants where state = 'uninstalled' and secret_version::text = %s
    ) as gone
"""
# Exports asked for after a reinstall are none of this task's business.
_EXPORTS = """
    select id, state from tasks
    where tenant_id = current_tenant() and kind = %s and created_at <= %s
      and state in ('waiting', 'queued', 'running', 'done')
    order by id
"""


@dataclass
class Leftovers:
    """Exports of a tenant that is gone: `cancelled` were not finished, `finished` still have their files."""

    cancelled: list[UUID] = field(default_factory=list)
    finished: list[UUID] = field(default_factory=list)


def cancel_exports(cursor: Cursor, task: Task) -> Leftovers | None:
    """Cancels what the tenant waited for, within the task's transaction.

    None where the app was installed again since the task was written: then everything stays.
    """
    cursor.execute(_IS_GONE, (task.subject,))
    row = cursor.fetchone()
    if row is None or not row["gone"]:
        return None
    cursor.execute(_EXPORTS, (EXPORT.name, task.created_at))
    left = Leftovers()
    for export in cursor.fetchall():
        if export["state"] in UNFINISHED and cancel_task(cursor, task.tenant_id, export["id"]):
            left.cancelled.append(export["id"])
        else:
            left.finished.append(export["id"])
    return left
