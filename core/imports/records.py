"""What is known of an import: its row, its parts' rows, and the task of its last step.

Whoever needs both the task's row and the import's holds the task's first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from core.database import Cursor, Row
from core.imports import FOLDER, IMPORT, OPEN_FOR
from core.tasks import UNFINISHED, cancel_task

_SHOWN = """
    select i.id, i.step, i.task_id, i.ended, i.created_at, i.created_by, i.touched_at, i.ended_at, i.found,
           i.unknown_accounts, i.applied, t.state as task_state, t.done, t.total, t.error, t.due_at,
           array(select p.number::integer from import_parts p
                 where p.tenant_id = i.tenant_id and p.import_id = i.id order by p.number) as parts,
           (select coalesce(sum(p.bytes), 0)::bigint from import_parts p
            where p.tenant_id = i.tenant_id and p.import_id = i.id) as bytes
    from imports i left join tasks t on t.tenant_id = i.tenant_id and t.id = i.task_id
    where i.tenant_id = current_tenant()
"""
_PARTS = """
    select number, bytes as size, sha256, file from import_parts
    where tenant_id = current_tenant() and import_id = %s order by number
"""
_HOLD = "select task_id from imports where tenant_id = current_tenant() and id = %s for update"
_HOLD_TASK = """
    select from tasks
    where tenant_id = current_tenant() and id = (
        select task_id from imports where tenant_id = current_tenant() and id = %s
    ) for update
"""
_CANCEL = """
    update imports set ended = 'cancelled', ended_at = now()
    where tenant_id = current_tenant() and id = %s and ended is null
"""
_FORGET_PARTS = "delete from import_parts where tenant_id = current_tenant() and import_id = %s"
_REMOVE = "delete from imports where tenant_id = current_tenant() and id = %s and ended is not null"
_REMOVE_TASKS = """
    delete from tasks
    where tenant_id = current_tenant() and kind = %s and subject = %s and finished_at is not null
"""
_OPEN = "select id from imports where tenant_id = current_tenant() and ended is null and created_at <= %s"


class ImportMissing(Exception):
    """There is no such import."""


@dataclass(frozen=True)
class Part:
    """A part as it is stored; `size` in bytes."""

    number: int
    size: int
    sha256: bytes
    file: str


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import as it stood when read.

    `state` is a task's: waiting for parts, a check or its application (`step` says what was last asked for).
    `size` is the length of its parts in bytes. `found` and `applied` are JSON objects: what the check found,
    and how much of each thing the application made.
    """

    id: UUID
    step: Literal["parts", "check", "apply"]
    state: str
    parts: list[int]
    size: int
    done: int
    total: int | None
    due_at: datetime | None
    error: str | None
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    expires_at: datetime | None
    found: dict[str, Any] | None
    unknown_accounts: list[str]
    applied: dict[str, Any] | None

    @property
    def applicable(self) -> bool:
        """Whether its check has ended and found nothing wrong."""
        return self.found is not None and not self.found["problems"]


def folder_of(tenant_id: UUID, import_id: UUID) -> str:
    """Where the parts of an import lie."""
    return f"{FOLDER}/{tenant_id}/{import_id}"


def find(cursor: Cursor, import_id: UUID) -> Import:
    """The import of this id. Raises ImportMissing."""
    cursor.execute(f"{_SHOWN} and i.id = %s", (import_id,))
    row = cursor.fetchone()
    if row is None:
        raise ImportMissing
    return _import_of(row)


def latest(cursor: Cursor, limit: int) -> list[Import]:
    """The tenant's imports, the newest first."""
    cursor.execute(f"{_SHOWN} order by i.created_at desc, i.id desc limit %s", (limit,))
    return list(map(_import_of, cursor.fetchall()))


def parts_of(cursor: Cursor, import_id: UUID) -> dict[int, Part]:
    """The parts of an import by number, in order."""
    cursor.execute(_PARTS, (import_id,))
    return {row["number"]: Part(**{**row, "sha256": bytes(row["sha256"])}) for row in cursor.fetchall()}


def hold(cursor: Cursor, import_id: UUID) -> UUID | None:
    """Keeps others from changing an import until the transaction ends; gives the id of its last step's task.

    Raises ImportMissing.
    """
    cursor.execute(_HOLD, (import_id,))
    row = cursor.fetchone()
    if row is None:
        raise ImportMissing
    task_id: UUID | None = row["task_id"]
    return task_id


def cancel(cursor: Cursor, tenant_id: UUID, import_id: UUID) -> bool:
    """Ends an open import, and whatever is being done with it; whether it was open.

    Its files are for the caller to remove, once the transaction is over. Raises ImportMissing.
    """
    cursor.execute(_HOLD_TASK, (import_id,))
    task_id = hold(cursor, import_id)
    if find(cursor, import_id).finished_at is not None:
        return False
    if task_id is not None:
        cancel_task(cursor, tenant_id, task_id)
    forget_parts(cursor, import_id)
    cursor.execute(_CANCEL, (import_id,))
    return True


def cancel_all(cursor: Cursor, tenant_id: UUID, created_until: datetime) -> list[UUID]:
    """Ends all open imports of a tenant that were begun until a moment; their ids.

    Their files are for the caller to remove, once the transaction is over.
    """
    cursor.execute(_OPEN, (created_until,))
    found = [row["id"] for row in cursor.fetchall()]
    return [import_id for import_id in found if cancel(cursor, tenant_id, import_id)]


def forget_parts(cursor: Cursor, import_id: UUID) -> None:
    """Removes what names the files of an import, which are then nobody's."""
    cursor.execute(_FORGET_PARTS, (import_id,))


def remove(cursor: Cursor, import_id: UUID) -> None:
    """Removes the row of an import that has ended, and those of its tasks."""
    cursor.execute(_REMOVE, (import_id,))
    cursor.execute(_REMOVE_TASKS, (IMPORT.name, str(import_id)))


def _import_of(row: Row) -> Import:
    state = _state_of(row)
    return Import(
        id=row["id"],
        step=row["step"],
        state=state,
        parts=row["parts"],
        size=row["bytes"],
        done=row["done"] or 0,
        total=row["total"],
        due_at=row["due_at"],
        error=row["error"] if state == "failed" else None,
        created_at=row["created_at"],
        created_by=row["created_by"],
        finished_at=row["ended_at"],
        expires_at=None if row["ended"] else row["touched_at"] + OPEN_FOR,
        found=row["found"],
        unknown_accounts=row["unknown_accounts"] or [],
        applied=row["applied"],
    )


def _state_of(row: Row) -> str:
    """How it stands: as it ended, or as the task of its last step does."""
    if row["ended"]:
        return str(row["ended"])
    if row["task_state"] in UNFINISHED:
        return "running" if row["task_state"] == "running" else "queued"
    return "failed" if row["task_state"] == "failed" else "waiting"
