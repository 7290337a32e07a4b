"""Background work: the database is the truth about it, a queue only wakes a worker.

1. Who wants something done writes a task in the transaction that causes it (`request_task`). If that
   transaction commits, the task will be done; if it does not, there is no task.
2. At commit PostgreSQL tells the relay, which offers due tasks to the workers through the queue. The
   relay also looks by itself every few seconds, so nothing that the queue loses is lost.
3. A worker that is woken claims the fairest due task, whichever the nudge named (`core.tasks_lease`, and
   `claim_task` in the migrations), under a lease with a fresh token.
4. The lease is renewed while the work goes on. Every later write names the token and has no effect once the
   token is another: a worker that lost its lease, or whose task was cancelled, changes nothing.
5. A step that fails is tried again after a pause that doubles; after the allowed attempts, or when trying
   again cannot help, the task is parked as failed with its reason. An attempt counts when it begins, so that
   work which kills its worker is parked as well.
6. Schedules are tasks of the service itself with a slot, unique by kind and slot (`schedule_task`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.database import Cursor, Database, Row
from core.ids import uuid7

SERVICE = UUID(int=0)
"""The tenant id of the service's own tasks. No tenant has it, as those are of version 7."""

UNFINISHED = frozenset({"waiting", "queued", "running"})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A sort of task. `urgency` 0 is for what a person waits for, 9 for what can wait.

    An attempt that takes longer than `time_limit` is ended. `every` makes the kind scheduled.
    """

    name: str
    urgency: int = 5
    attempts: int = 5
    time_limit: timedelta = timedelta(hours=1)
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task as it stood when read. `result` and `params` are JSON objects of the kind's own making."""

    tenant_id: UUID
    id: UUID
    kind: str
    subject: str
    state: str
    due_at: datetime
    attempts: int
    attempts_allowed: int
    done: int
    total: int | None
    error: str | None
    params: dict[str, Any]
    result: dict[str, Any] | None
    requested_by: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def unfinished(self) -> bool:
        """Whether it waits, or is being worked on."""
        return self.state in UNFINISHED


_INSERT = """
    insert into tasks (tenant_id, id, kind, subject, urgency, state, due_at, slot, attempts_allowed, params,
                       requested_by)
    values (%(tenant)s, %(id)s, %(kind)s, %(subject)s, %(urgency)s,
            case when %(after)s > interval '0' then 'waiting' else 'queued' end,
            now() + %(after)s, %(slot)s, %(attempts)s, %(params)s, %(by)s)
    on conflict do nothing
    returning *
"""
_LIKE = """
    select * from tasks
    where tenant_id = %(tenant)s and kind = %(kind)s and subject = %(subject)s
      and state in ('waiting', 'queued', 'running')
"""
_CANCEL = """
    update tasks
    set state = 'cancelled', lease_token = null, leased_until = null, finished_at = now()
    where tenant_id = %s and id = %s and state in ('waiting', 'queued', 'running')
    returning *
"""
_FORGET = """
    delete from tasks
    where tenant_id = %(tenant)s and kind = %(kind)s and finished_at < now() - interval '30 days'
"""
# The slot is the database's, so that schedulers on machines with different clocks agree.
_SCHEDULE = """
    insert into tasks (tenant_id, id, kind, urgency, state, due_at, slot, attempts_allowed)
    select %(tenant)s, %(id)s, %(kind)s, %(urgency)s, 'queued', now(),
           to_timestamp(floor(extract(epoch from now()) / %(every)s) * %(every)s), %(attempts)s
    on conflict do nothing
"""


def task_of(row: Row) -> Task:
    """A task from a row with its columns; others are ignored."""
    return Task(**{field.name: row[field.name] for field in fields(Task)})


def request_task(
    cursor: Cursor,
    kind: Kind,
    tenant_id: UUID,
    *,
    requested_by: str | None = None,
    subject: str = "",
    params: Mapping[str, Any] | None = None,
    after: timedelta = timedelta(),
) -> tuple[Task, bool]:
    """Writes a task into the caller's transaction, or finds the unfinished one for the same subject.

    Returns the task and whether it is new. `after` puts it off, and its state is `waiting` until then.
    """
    values = {
        "tenant": tenant_id,
        "id": uuid7(),
        "kind": kind.name,
        "subject": subject,
        "urgency": kind.urgency,
        "after": after,
        "slot": None,
        "attempts": kind.attempts,
        "params": json.dumps(params or {}),
        "by": requested_by,
    }
    while True:
        for statement, is_new in ((_INSERT, True), (_LIKE, False)):
            cursor.execute(statement, values)
            if row := cursor.fetchone():
                return task_of(row), is_new
        # The other one ended between the two statements; now there is room for ours.


def find_task(cursor: Cursor, tenant_id: UUID, kind: Kind, task_id: UUID) -> Task | None:
    """The tenant's task of a kind, if there is one."""
    cursor.execute(
        "select * from tasks where tenant_id = %s and id = %s and kind = %s",
        (tenant_id, task_id, kind.name),
    )
    row = cursor.fetchone()
    return task_of(row) if row else None


def list_tasks(cursor: Cursor, tenant_id: UUID, kind: Kind, *, limit: int = 100) -> list[Task]:
    """The tenant's tasks of a kind, the newest first."""
    cursor.execute(
        "select * from tasks where tenant_id = %s and kind = %s order by created_at desc, id desc limit %s",
        (tenant_id, kind.name, limit),
    )
    return [task_of(row) for row in cursor.fetchall()]


def cancel_task(cursor: Cursor, tenant_id: UUID, task_id: UUID) -> Task | None:
    """Cancels an unfinished task; None where it is not there or has ended.

    A worker that is on it finds its lease gone at its next step, and stops.
    """
    cursor.execute(_CANCEL, (tenant_id, task_id))
    row = cursor.fetchone()
    return task_of(row) if row else None


def remove_task(cursor: Cursor, tenant_id: UUID, task_id: UUID) -> bool:
    """Removes the row of a task that has ended; whether there was one."""
    cursor.execute(
        "delete from tasks where tenant_id = %s and id = %s and finished_at is not null", (tenant_id, task_id)
    )
    return cursor.rowcount == 1


def schedule_task(database: Database, kind: Kind) -> bool:
    """Writes the task of a scheduled kind's present slot; whether it was not there yet.

    While the task of an earlier slot is unfinished no other is written. Slots that ended 30 days ago are
    forgotten.
    """
    if kind.every is None:
        raise ValueError(f"{kind.name} is not scheduled")
    values = {
        "tenant": SERVICE,
        "id": uuid7(),
        "kind": kind.name,
        "urgency": kind.urgency,
        "every": kind.every.total_seconds(),
        "attempts": kind.attempts,
    }
    with database.tenant(SERVICE) as cursor:
        cursor.execute(_SCHEDULE, values)
        is_new = cursor.rowcount == 1
        if is_new:
            cursor.execute(_FORGET, values)
        return is_new
