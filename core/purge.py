"""Purges: everything of a tenant goes for good, and a receipt stays.

1. An admin asks and names the site; an operator does on a written request; the retention does for a site
   that uninstalled the app long ago. Each is a task. An admin's waits PURGE_DELAY, in which any admin can
   abort it.
2. Once begun it cannot be aborted. The first step notes the plan in the task: the time, the salt of the
   receipt, and the new id under which a site that is still installed goes on. Every later attempt has the
   same.
3. In the same transaction all other tasks of the tenant are cancelled: whoever is at work on one finds its
   lease gone, writes no row any more and takes its file back. What is asked for from now on goes in step 6.
4. The tenant's files are removed, which may take long.
5. One transaction does the rest. It begins by holding the tenant's files alone, which waits for whoever is
   still writing one (`core.tenant_files`); those that came since step 4 are removed.
6. All rows of the tenant go and the receipt comes, if the lease is still held (`purge_tenant` in the
   migrations). Of a site that is still installed the row with the connection stays under the new id, so that
   what it makes later is another tenant's to everything that was ever known of the old one: tasks of workers,
   memories of processes, replays of this receipt.
7. The receipt is written into the ledger, outside the database, and the transaction commits. Nothing of the
   tenant is left, its task included.

Every step can be repeated. Killed before the commit of step 7 all is done again by the next attempt, killed
after it there is nothing left to do. Redis holds nothing of a tenant but counters under hashed names, for
minutes.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database
from core.ids import uuid7
from core.ledger import Ledger, Purged, new_salt
from core.receipts import receipt_of
from core.store import Store
from core.tasks import Kind, Task, request_task, task_of
from core.tasks_lease import Lease, LeaseLost
from core.tenant_files import count_files, hold_files_alone, remove_files, remove_held_files

PURGE = Kind(name="purge", urgency=0, attempts=1000, time_limit=timedelta(hours=6))
RETENTION_SWEEP = Kind(name="sweep-retention", urgency=8, every=timedelta(hours=1))
BY_ADMIN, BY_OPERATOR, BY_RETENTION = "", "operator", "retention"
"""The subject of a purge's task says who asked for it."""
ASKED_BY = {BY_ADMIN: "site admin", BY_OPERATOR: "operator", BY_RETENTION: "retention"}
"""The same in words, as receipts have it."""

_ABORT = """
    update tasks
    set state = 'cancelled', finished_at = now()
    where tenant_id = %s and id = %s and kind = 'purge' and started_at is null
      and state in ('waiting', 'queued')
    returning *
"""
# What an earlier attempt noted stands.
_PLAN = """
    update tasks set params = %s::jsonb || params where tenant_id = %s and id = %s
"""
_CANCEL_OTHERS = """
    update tasks
    set state = 'cancelled', lease_token = null, leased_until = null, finished_at = now()
    where tenant_id = %s and id <> %s and state in ('waiting', 'queued', 'running')
"""
# The whole of a large tenant takes longer than any other statement of a worker may.
_LONG = "set local statement_timeout = '30min'"


def site_name(base_url: str) -> str:
    """What confirms a purge: the host, and the port where there is one, of a site's base URL."""
    return urlsplit(base_url).netloc.lower()


def request_purge(cursor: Cursor, caller: Caller, delay: timedelta) -> tuple[Task, bool]:
    """The purge of the caller's site that is to come, and whether it is new."""
    return request_task(cursor, PURGE, caller.tenant.id, requested_by=caller.account_id, after=delay)


def request_for_operator(cursor: Cursor, tenant_id: UUID, reason: str, delay: timedelta) -> Task:
    """The purge of a site that an operator was asked for; `reason` stays in the receipt.

    The cursor is that of a role which may act for every tenant. An admin's own purge is another task.
    """
    params = {"reason": reason}
    return request_task(cursor, PURGE, tenant_id, subject=BY_OPERATOR, params=params, after=delay)[0]


def list_unfinished(cursor: Cursor) -> list[Task]:
    """The purges to come and under way of all tenants that the role may see, the next one first."""
    cursor.execute(
        "select * from tasks where kind = 'purge' and state in ('waiting', 'queued', 'running')"
        " order by due_at, id"
    )
    return [task_of(row) for row in cursor.fetchall()]


def abort_purge(cursor: Cursor, tenant_id: UUID, task_id: UUID) -> Task | None:
    """Cancels a purge that was not begun; None where it was, or has ended."""
    cursor.execute(_ABORT, (tenant_id, task_id))
    row = cursor.fetchone()
    return task_of(row) if row else None


def plan_purge(lease: Lease, store: Store) -> None:
    """Notes what all attempts have in common, and cancels all other tasks of the tenant: steps 2 and 3."""
    task = lease.task
    plan: dict[str, Any] = {
        "begun_at": datetime.now(UTC).isoformat(),
        "salt": new_salt(),
        "successor": str(uuid7()),
        "files": count_files(store, task.tenant_id),
    }
    with lease.step() as cursor:
        cursor.execute(_PLAN, (json.dumps(plan), task.tenant_id, task.id))
        cursor.execute(_CANCEL_OTHERS, (task.tenant_id, task.id))


def purge(
    database: Database, store: Store, ledger: Ledger, lease: Lease, check: Callable[[], object]
) -> Purged:
    """Removes everything of the task's tenant and returns the receipt: steps 4 to 7, after the plan.

    `check` is called between small steps and ends the purge by raising. Raises LeaseLost.
    """
    task = lease.task
    remove_files(store, task.tenant_id, check)
    with database.tenant(task.tenant_id) as cursor:
        hold_files_alone(cursor, task.tenant_id)
        late = remove_held_files(cursor, store, task.tenant_id, check)
        cursor.execute(_LONG)
        cursor.execute(
            "select * from purge_tenant(%s, %s, %s, %s)", (task.tenant_id, task.id, lease.token, late)
        )
        row = cursor.fetchone()
        if row is None:
            raise LeaseLost
        receipt = receipt_of(row)
        check()
        cursor.execute("select")  # The database may have ended a transaction that stood still.
        ledger.record(receipt)
    lease.settled = True
    return receipt


def request_retention_purges(database: Database, kept_for: timedelta, *, at_most: int) -> int:
    """Has sites purged that uninstalled the app longer ago than their data is kept; returns how many are new.

    An installation takes such a purge back until it is done.
    """
    sql = "select request_retention_purges(%s, %s, %s) as written"
    return int(database.read_system(sql, (kept_for, PURGE.attempts, at_most))[0]["written"])
