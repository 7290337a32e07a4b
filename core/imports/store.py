"""What is known of imports, and their parts.

1. A part is written to the store under a name of its own, then recorded; the file that it replaces goes last.
   So what a row names is always there, and what no row names is swept.
2. Whatever changes an import holds its row, after the row of its task where it needs both: always in this
   order, as a worker does too.
"""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from core.callers import Caller
from core.database import Cursor, Database, Row
from core.ids import uuid7
from core.imports import FOLDER, IMPORT, LARGEST_STORAGE, MOST_IMPORTS, OPEN_FOR
from core.store import Store
from core.tasks import UNFINISHED, cancel_task, request_task

Step = Literal["check", "apply"]

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
_CREATE = "insert into imports (tenant_id, id, created_by) values (current_tenant(), %s, %s)"
# Creations of one tenant wait for each other, so that none slips past the limit.
_LOCK = "select pg_advisory_xact_lock(hashtextextended('imports ' || current_tenant(), 0))"
_HOLD = "select task_id, ended from imports where tenant_id = current_tenant() and id = %s for update"
_HOLD_TASK = """
    select state from tasks
    where tenant_id = current_tenant() and id = (
        select task_id from imports where tenant_id = current_tenant() and id = %s
    ) for update
"""
_PUT = """
    insert into import_parts (tenant_id, import_id, number, bytes, sha256, file)
    values (current_tenant(), %(import)s, %(number)s, %(size)s, %(sha256)s, %(file)s)
    on conflict (tenant_id, import_id, number) do update
    set bytes = excluded.bytes, sha256 = excluded.sha256, file = excluded.file
"""
_COLLECT = """
    update imports
    set step = 'parts', task_id = null, found = null, unknown_accounts = null, touched_at = now()
    where tenant_id = current_tenant() and id = %s
"""
_START = """
    update imports set step = %(step)s, task_id = %(task)s, touched_at = now(){forget}
    where tenant_id = current_tenant() and id = %(import)s
"""
_CANCEL = """
    update imports set ended = 'cancelled', ended_at = now()
    where tenant_id = current_tenant() and id = %s and ended is null
"""


class ImportMissing(Exception):
    """There is no such import."""


class TooManyImports(Exception):
    """The tenant has as many imports as it may have."""


class NotNow(Exception):
    """The import is in another state than this needs; the text says which, for people."""


@dataclass(frozen=True)
class Part:
    """A part as it is stored."""

    number: int
    size: int
    sha256: bytes
    file: str


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import as it stood when read.

    `state` is a task's: waiting for parts, a check or its application (`step` says what was last asked for).
    `found` and `applied` are JSON objects: what the check found, and what the application made.
    """

    id: UUID
    step: Literal["parts", "check", "apply"]
    state: str
    parts: list[int]
    bytes: int
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


def folder_of(tenant_id: UUID, import_id: UUID | None = None) -> str:
    """Where the parts of an import lie, or those of all imports of a tenant."""
    return f"{FOLDER}/{tenant_id}/{import_id}" if import_id else f"{FOLDER}/{tenant_id}"


@dataclass(frozen=True)
class Imports:
    """All that the api does with imports. Raises DatabaseUnavailable and TenantRefused throughout, and
    ImportMissing where it is given an id."""

    database: Database
    store: Store

    def create(self, caller: Caller) -> Import:
        """A new import that waits for its parts. Raises TooManyImports."""
        with self._open(caller) as cursor:
            cursor.execute(_LOCK)
            cursor.execute("select count(*) as number from imports")
            (row,) = cursor.fetchall()
            if row["number"] >= MOST_IMPORTS:
                raise TooManyImports
            import_id = uuid7()
            cursor.execute(_CREATE, (import_id, caller.account_id))
            return find(cursor, import_id)

    def get(self, caller: Caller, import_id: UUID) -> Import:
        """One import."""
        with self._open(caller) as cursor:
            return find(cursor, import_id)

    def latest(self, caller: Caller, limit: int) -> list[Import]:
        """The tenant's imports, the newest first."""
        with self._open(caller) as cursor:
            cursor.execute(f"{_SHOWN} order by i.created_at desc, i.id desc limit %s", (limit,))
            return [_import_of(row) for row in cursor.fetchall()]

    def put_part(self, caller: Caller, import_id: UUID, number: int, content: bytes) -> None:
        """Keeps a part, in place of the one of this number where there is one; takes a check's result back.

        Nothing changes where it is there already. Raises NotNow.
        """
        digest = hashlib.sha256(content).digest()
        with self._open(caller) as cursor:
            _require_collecting(find(cursor, import_id))
            before = parts_of(cursor, import_id).get(number)
        if before and before.sha256 == digest:
            return
        file = f"{folder_of(caller.tenant.id, import_id)}/{number}-{uuid4()}.part"
        try:
            self.store.put(file, [content], owner=str(caller.tenant.id))
            replaced = self._record(caller, import_id, Part(number, len(content), digest, file))
        except (ImportMissing, NotNow):
            # After any other error it may have been recorded all the same; what was not is swept.
            self.store.delete(file)
            raise
        if replaced:
            self.store.delete(replaced.file)

    def start(self, caller: Caller, import_id: UUID, step: Step) -> Import:
        """Asks for the check or the application; gives the one under way where it was asked for already.

        One that is done stays as it is. Raises NotNow.
        """
        with self._open(caller) as cursor:
            _hold(cursor, import_id)
            there = find(cursor, import_id)
            if there.state == "done" and step == "apply":
                return there
            if there.state in {"queued", "running"} and there.step == step:
                return there
            _require_startable(there, step)
            # Who applies an import is whom its reports may pass to, and whom the trail names.
            params = {"step": step, "import": str(import_id), "host": caller.host}
            task, _ = request_task(
                cursor,
                IMPORT,
                caller.tenant.id,
                requested_by=caller.account_id,
                subject=str(import_id),
                params=params,
            )
            forget = ", found = null, unknown_accounts = null" if step == "check" else ""
            values = {"step": step, "task": task.id, "import": import_id}
            cursor.execute(_START.format(forget=forget), values)
            return find(cursor, import_id)

    def delete(self, caller: Caller, import_id: UUID) -> None:
        """Cancels an import that is open; removes one that has ended."""
        tenant_id = caller.tenant.id
        with self._open(caller) as cursor:
            is_open = cancel(cursor, tenant_id, import_id)
        self.store.delete_folder(folder_of(tenant_id, import_id))
        if not is_open:
            with self._open(caller) as cursor:
                remove(cursor, import_id)

    def _record(self, caller: Caller, import_id: UUID, part: Part) -> Part | None:
        with self._open(caller) as cursor:
            # One tenant's parts are added up one after the other.
            cursor.execute(_LOCK)
            _hold(cursor, import_id)
            _require_collecting(find(cursor, import_id))
            replaced = parts_of(cursor, import_id).get(part.number)
            values = {"import": import_id, **vars(part)}
            cursor.execute(_PUT, values)
            cursor.execute("select sum(bytes) as bytes from import_parts")
            (row,) = cursor.fetchall()
            if row["bytes"] > LARGEST_STORAGE:
                raise NotNow("The site's imports take too much room; cancel some first.")
            cursor.execute(_COLLECT, (import_id,))
            return replaced

    def _open(self, caller: Caller) -> AbstractContextManager[Cursor]:
        tenant = caller.tenant
        return self.database.tenant(tenant.id, secret_version=tenant.secret_version)


def find(cursor: Cursor, import_id: UUID) -> Import:
    """The import of this id. Raises ImportMissing."""
    cursor.execute(f"{_SHOWN} and i.id = %s", (import_id,))
    row = cursor.fetchone()
    if row is None:
        raise ImportMissing
    return _import_of(row)


def parts_of(cursor: Cursor, import_id: UUID) -> dict[int, Part]:
    """The parts of an import by number, in order."""
    cursor.execute(
        "select number, bytes, sha256, file from import_parts"
        " where tenant_id = current_tenant() and import_id = %s order by number",
        (import_id,),
    )
    return {
        row["number"]: Part(row["number"], row["bytes"], bytes(row["sha256"]), row["file"])
        for row in cursor.fetchall()
    }


def cancel(cursor: Cursor, tenant_id: UUID, import_id: UUID) -> bool:
    """Ends an open import, and whatever is being done with it; whether it was open.

    Its files are for the caller to remove, once the transaction is over. Raises ImportMissing.
    """
    cursor.execute(_HOLD_TASK, (import_id,))
    there = find(cursor, import_id)
    task_id = _hold(cursor, import_id)["task_id"]
    if there.state in {"done", "cancelled"}:
        return False
    if task_id is not None:
        cancel_task(cursor, tenant_id, task_id)
    forget_parts(cursor, import_id)
    cursor.execute(_CANCEL, (import_id,))
    return cursor.rowcount == 1


def forget_parts(cursor: Cursor, import_id: UUID) -> None:
    """Removes what names the files of an import, which are then nobody's."""
    sql = "delete from import_parts where tenant_id = current_tenant() and import_id = %s"
    cursor.execute(sql, (import_id,))


def remove(cursor: Cursor, import_id: UUID) -> None:
    """Removes the row of an import that has ended, and those of its tasks."""
    cursor.execute(
        "delete from imports where tenant_id = current_tenant() and id = %s and ended is not null",
        (import_id,),
    )
    cursor.execute(
        "delete from tasks where tenant_id = current_tenant() and kind = %s and subject = %s"
        " and finished_at is not null",
        (IMPORT.name, str(import_id)),
    )


def _hold(cursor: Cursor, import_id: UUID) -> Row:
    cursor.execute(_HOLD, (import_id,))
    row: Row | None = cursor.fetchone()
    if row is None:
        raise ImportMissing
    return row


def _require_collecting(there: Import) -> None:
    if there.state not in {"waiting", "failed"}:
        raise NotNow(_REASONS[there.state])


def _require_startable(there: Import, step: Step) -> None:
    _require_collecting(there)
    missing = sorted({*range(1, max(there.parts, default=1) + 1)} - {*there.parts})
    if step == "check" and missing:
        named = ", ".join(map(str, missing[:20]))
        raise NotNow(f"There is no part {named}{' …' if len(missing) > len(missing[:20]) else ''}.")
    if step == "apply" and there.found is None:
        raise NotNow("The import has not been checked.")
    if step == "apply" and not there.applicable:
        raise NotNow("The check found something wrong, so that nothing of it can be applied.")


_REASONS = {
    "queued": "The import waits for a worker; ask again when that is over, or cancel it.",
    "running": "The import is being worked on; ask again when that is over, or cancel it.",
    "done": "The import is done.",
    "cancelled": "The import was cancelled.",
}


def _import_of(row: Row) -> Import:
    state = _state_of(row)
    return Import(
        id=row["id"],
        step=row["step"],
        state=state,
        parts=row["parts"],
        bytes=row["bytes"],
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
