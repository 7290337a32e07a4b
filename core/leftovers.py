"""What nobody needs any more and no other event removes: callbacks whose tokens expired, tasks long done."""

from datetime import UTC, datetime, timedelta

from core.database import Database
from core.purge import PURGE
from core.tasks import Kind, remove_task
from core.tasks_lease import tasks_ended_before
from core.uninstall import UNINSTALL_CLEANUP

LEFTOVERS_SWEEP = Kind(name="sweep-leftovers", urgency=8, every=timedelta(hours=1))
TASKS_KEPT_FOR = timedelta(days=30)


def remove_expired_callbacks(database: Database, *, at_most: int) -> int:
    """Removes callbacks of all tenants that cannot be sent again anyway; returns how many."""
    rows = database.read_system("select remove_expired_callbacks(%s) as removed", (at_most,))
    return int(rows[0]["removed"])


def remove_ended_tasks(database: Database, *, at_most: int) -> int:
    """Removes tasks of clearing up, and purges that came to nothing; returns how many.

    Those go that ended longer ago than TASKS_KEPT_FOR.
    """
    before = datetime.now(UTC) - TASKS_KEPT_FOR
    kinds = (UNINSTALL_CLEANUP, PURGE)
    ended = [task for kind in kinds for task in tasks_ended_before(database, kind, before, at_most=at_most)]
    for tenant_id, task_id in ended:
        with database.tenant(tenant_id) as cursor:
            remove_task(cursor, tenant_id, task_id)
    return len(ended)
