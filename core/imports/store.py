"""All that the api does with imports.

A part is written to the store under a name of its own, in the transaction that records it; the file that
it replaces goes last. So what a row names is always there, and what no row names is swept.
"""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from core.callers import Caller
from core.database import Cursor, Database
from core.ids import uuid7
from core.imports import IMPORT, LARGEST_STORAGE, MOST_IMPORTS
from core.imports.records import Import, Part, cancel, find, folder_of, hold, latest, parts_of, remove
from core.store import Store
from core.tasks import request_task
from core.tenant_files import hold_files

Step = Literal["check", "apply"]

_CREATE = "insert into imports (tenant_id, id, created_by) values (current_tenant(), %s, %s)"
# What is counted stays as it is until the transaction ends.
_LOCK = "select pg_advisory_xact_lock(hashtextextended('imports ' || current_tenant(), 0))"
_NUMBER = "select count(*) as number from imports where tenant_id = current_tenant()"
_SIZE = "select coalesce(sum(bytes), 0) as size from import_parts where tenant_id = current_tenant()"
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
_CHECK = """
    update imports
    set step = 'check', task_id = %s, found = null, unknown_accounts = null, touched_at = now()
    where tenant_id = current_tenant() and id = %s
"""
_APPLY = """
    update imports set step = 'apply', task_id = %s, touched_at = now()
    where tenant_id = current_tenant() and id = %s
"""
_REASONS = {
    "queued": "The import waits for a worker; ask again when that is over, or cancel it.",
    "running": "The import is being worked on; ask again when that is over, or cancel it.",
    "done": "The import is done.",
    "cancelled": "The import was cancelled.",
}
_MOST_NAMED = 20


class TooManyImports(Exception):
    """The tenant has as many imports as it may have."""


class NotNow(Exception):
    """The import is in another state than this needs; the text says which, for people."""


@dataclass(frozen=True)
class Imports:
    """A site's imports. Raises DatabaseUnavailable and TenantRefused, and ImportMissing where it is given an
    id."""

    database: Database
    store: Store

    def create(self, caller: Caller) -> Import:
        """A new import that waits for its parts. Raises TooManyImports."""
        with self._open(caller) as cursor:
            cursor.execute(_LOCK)
            cursor.execute(_NUMBER)
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
        """The site's imports, the newest first."""
        with self._open(caller) as cursor:
            return latest(cursor, limit)

    def put_part(self, caller: Caller, import_id: UUID, number: int, content: bytes) -> None:
        """Keeps a part, in place of the one of this number where there is one; takes a check's result back.

        Nothing changes where it is there already. Raises NotNow.
        """
        digest = hashlib.sha256(content).digest()
        file = f"{folder_of(caller.tenant.id, import_id)}/{number}-{uuid4()}.part"
        with self._open(caller) as cursor:
            hold_files(cursor, caller.tenant.id)
            hold(cursor, import_id)
            _require_at_rest(find(cursor, import_id))
            before = parts_of(cursor, import_id).get(number)
            if before and before.sha256 == digest:
                return
            _require_room(cursor, len(content) - (before.size if before else 0))
            part = Part(number, len(content), digest, file)
            cursor.execute(_PUT, {"import": import_id, **vars(part)})
            cursor.execute(_COLLECT, (import_id,))
            self.store.put(file, [content], owner=str(caller.tenant.id))
        if before:
            self.store.delete(before.file)

    def start(self, caller: Caller, import_id: UUID, step: Step) -> Import:
        """Asks for the check or the application; gives the one under way where it was asked for already.

        What was applied stays so. Raises NotNow.
        """
        with self._open(caller) as cursor:
            hold(cursor, import_id)
            there = find(cursor, import_id)
            is_asked_for = there.step == step and there.state in {"queued", "running", "done"}
            if is_asked_for:
                return there
            _require_ready(there, step)
            # Who applies an import is whom its reports may pass to, and whom the trail names.
            task, _ = request_task(
                cursor,
                IMPORT,
                caller.tenant.id,
                requested_by=caller.account_id,
                subject=str(import_id),
                params={"step": step, "host": caller.host},
            )
            cursor.execute(_CHECK if step == "check" else _APPLY, (task.id, import_id))
            return find(cursor, import_id)

    def delete(self, caller: Caller, import_id: UUID) -> None:
        """Cancels an import that is open; removes one that has ended."""
        tenant_id = caller.tenant.id
        with self._open(caller) as cursor:
            was_open = cancel(cursor, tenant_id, import_id)
        self.store.delete_folder(folder_of(tenant_id, import_id))
        if not was_open:
            with self._open(caller) as cursor:
                remove(cursor, import_id)

    def _open(self, caller: Caller) -> AbstractContextManager[Cursor]:
        tenant = caller.tenant
        return self.database.tenant(tenant.id, secret_version=tenant.secret_version)


def _require_at_rest(there: Import) -> None:
    if there.state not in {"waiting", "failed"}:
        raise NotNow(_REASONS[there.state])


def _require_room(cursor: Cursor, more: int) -> None:
    # One tenant's parts are added up one after the other.
    cursor.execute(_LOCK)
    cursor.execute(_SIZE)
    (row,) = cursor.fetchall()
    if row["size"] + more > LARGEST_STORAGE:
        raise NotNow("The site's imports take too much room; cancel some first.")


def _require_ready(there: Import, step: Step) -> None:
    _require_at_rest(there)
    missing = sorted({*range(1, max(there.parts, default=1) + 1)} - {*there.parts})
    if step == "check" and missing:
        more = " …" if len(missing) > _MOST_NAMED else ""
        raise NotNow(f"There is no part {', '.join(map(str, missing[:_MOST_NAMED]))}{more}.")
    if step == "apply" and there.found is None:
        raise NotNow("The import has not been checked.")
    if step == "apply" and not there.applicable:
        raise NotNow("The check found something wrong, so that nothing of it can be applied.")
