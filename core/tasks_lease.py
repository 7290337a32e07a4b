"""A worker's hold on a task: taken, renewed, and the ticket for every write.

Each statement names the lease's token and looks at the number of rows: none means that the task was cancelled
or that the lease ran out and another worker has it. Then `LeaseLost` is raised and nothing was changed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.database import Cursor, Database
from core.tasks import Kind, Task, task_of

_HELD = "tenant_id = %s and id = %s and lease_token = %s and state = 'running'"
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=10)


class LeaseLost(Exception):
    """The task is no longer this worker's: cancelled, or taken over after the lease ran out."""


class Lease:
    """One attempt at one task. All methods raise LeaseLost once the task is not this worker's any more."""

    def __init__(self, database: Database, task: Task, token: UUID, duration: timedelta) -> None:
        self.task = task
        self.token = token
        self.duration = duration
        self.settled = False
        """Whether the work itself has ended the task in a transaction of its own, as a purge does."""
        self._database = database

    def renew(self) -> None:
        """Holds the task for another `duration` from now."""
        self._write("leased_until = now() + %s", (self.duration,))

    def progress(self, done: int, total: int | None = None) -> None:
        """Records how many of how many units are done; a total of None keeps the one recorded before."""
        self._write("done = %s, total = coalesce(%s, total)", (done, total))

    def finish(self, result: Mapping[str, Any]) -> None:
        """Ends the task as done, unless that is settled."""
        if self.settled:
            return
        self._end("done", "error = null, done = coalesce(total, done), result = %s", (json.dumps(result),))

    def fail(self, reason: str) -> None:
        """Parks the task: it failed and trying again cannot help. `reason` is read by the tenant's admins."""
        self._end("failed", "error = %s", (reason[:2000],))

    def retry(self, reason: str) -> None:
        """Gives the task back to be tried again after a pause; parks it after its last attempt."""
        if self.task.attempts >= self.task.attempts_allowed:
            self.fail(reason)
        else:
            self._free("due_at = now() + %s, error = %s", (pause_after(self.task.attempts), reason[:2000]))

    def release(self) -> None:
        """Gives the task back untried and in its old place, for another worker to take at once."""
        self._free("attempts = attempts - 1", ())

    def postpone(self, pause: timedelta, reason: str | None) -> None:
        """Gives the task back to go on after a pause; this attempt does not count as one."""
        self._free("due_at = now() + %s, attempts = attempts - 1, error = %s", (pause, reason))

    @contextmanager
    def step(self) -> Iterator[Cursor]:
        """A transaction of the task's tenant that commits only while the lease is held.

        The task's row stays locked until the end, so that nobody takes over in the middle of it.
        """
        with self._database.tenant(self.task.tenant_id) as cursor:
            self.hold(cursor)
            yield cursor

    def hold(self, cursor: Cursor) -> None:
        """Lets a transaction of the task's tenant go on only while the lease is held.

        For the end of a long one, as the lease cannot be renewed from here until it is over.
        """
        sql = f"select id from tasks where {_HELD} for update"  # noqa: S608 - a constant
        cursor.execute(sql, self._named())
        if cursor.fetchone() is None:
            raise LeaseLost

    def _end(self, state: str, assignments: str, values: Sequence[Any]) -> None:
        self._write(
            f"state = '{state}', lease_token = null, leased_until = null, finished_at = now(), {assignments}",
            values,
        )

    def _free(self, assignments: str, values: Sequence[Any]) -> None:
        self._write(f"state = 'queued', lease_token = null, leased_until = null, {assignments}", values)

    def _write(self, assignments: str, values: Sequence[Any]) -> None:
        sql = f"update tasks set {assignments} where {_HELD} returning id"  # noqa: S608 - of constants only
        if not self._database.read(self.task.tenant_id, sql, (*values, *self._named())):
            raise LeaseLost

    def _named(self) -> tuple[UUID, UUID, UUID]:
        return self.task.tenant_id, self.task.id, self.token


def claim_task(database: Database, kinds: Sequence[str], duration: timedelta) -> Lease | None:
    """Takes the fairest due task of these kinds under a lease of `duration`; None where nothing is due.

    The rules of fairness stand at the functions `claim_task` and `take_turn` in the migrations.
    """
    rows = database.read_system("select * from claim_task(%s, %s)", (list(kinds), duration))
    return Lease(database, task_of(rows[0]), rows[0]["lease_token"], duration) if rows else None


def due_tasks(database: Database, *, at_most: int) -> list[UUID]:
    """Names tasks that are due and held by nobody, the longest due first."""
    return [row["id"] for row in database.read_system("select id from due_tasks(%s)", (at_most,))]


def tasks_ended_before(
    database: Database, kind: Kind, moment: datetime, *, at_most: int
) -> list[tuple[UUID, UUID]]:
    """Names tasks of a kind, whosever they are, that ended before a moment: tenant ids and ids."""
    sql = "select tenant_id, id from tasks_ended_before(%s, %s, %s)"
    rows = database.read_system(sql, (kind.name, moment, at_most))
    return [(row["tenant_id"], row["id"]) for row in rows]


def pause_after(attempts: int) -> timedelta:
    """How long a task rests after so many failed attempts: 5 s, doubling up to 10 minutes."""
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, 16)), _LONGEST_PAUSE)
