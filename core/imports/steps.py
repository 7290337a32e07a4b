"""A step of an import as its task does it: is it still wanted? Do it, and write down that it is done.

Each can be done again at any moment. A check writes its result in one statement. An application writes all
of it, the trail's entry and the end of the import in one transaction, which commits only while the lease is
held; done again, it finds the import done.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from core import audit
from core.database import Cursor, Database
from core.imports import checking
from core.imports.applying import Application
from core.imports.content import Content
from core.imports.inquiry import Inquiry
from core.imports.records import Import, ImportMissing, find, folder_of, forget_parts, parts_of
from core.jira import Jira
from core.secrets import SealedSecret, Secrets, SecretUnreadable
from core.store import Store
from core.tasks_lease import Lease, LeaseLost
from core.tenants import Tenant

_DONE = """
    update imports set ended = 'done', ended_at = now(), applied = %(applied)s
    where tenant_id = current_tenant() and id = %(import)s and task_id = %(task)s and ended is null
"""
_TENANT = "select * from tenant_of_import(%s, %s, %s)"

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Steps:
    """The steps of the import that a lease's task names. Both raise whatever `step` does to end the work."""

    database: Database
    store: Store
    jira: Jira
    secrets: Secrets
    lease: Lease
    step: Step
    """Called with how much is done, and of how much."""

    @property
    def import_id(self) -> UUID:
        """The import that the task is about."""
        return UUID(self.lease.task.subject)

    def check(self) -> Mapping[str, Any]:
        """Examines the document and writes down what was found. Changes nothing else."""
        with self.database.tenant(self.lease.task.tenant_id) as cursor:
            there, content = self._there(cursor)
        if there is None:
            return {}
        facts, problems = checking.examine(content, datetime.now(UTC), self.step)
        with self.database.tenant(self.lease.task.tenant_id) as cursor:
            site = checking.SiteNow.read(cursor)
        inquiry = Inquiry(self.jira, self._tenant(), lambda: self.step(content.size, content.size + 1))
        shown, unknown = checking.found(facts, problems, site, inquiry)
        with self.lease.step() as cursor:
            checking.write(cursor, self.import_id, self.lease.task.id, shown, unknown)
        return {"problems": len(shown["problems"])}

    def apply(self) -> Mapping[str, Any]:
        """Writes everything that the document holds, or nothing. Raises NotApplicable and DocumentBroken."""
        task = self.lease.task
        with self.database.tenant(task.tenant_id) as cursor:
            there, content = self._there(cursor)
            if there and there.found and task.requested_by:
                self._applied(cursor, there, there.found, content, task.requested_by)
        with self.database.tenant(task.tenant_id) as cursor:
            done = self._done(cursor)
        if done is not None:
            self.store.delete_folder(folder_of(task.tenant_id, self.import_id))
        return done or {}

    def _applied(
        self, cursor: Cursor, there: Import, found: Mapping[str, Any], content: Content, importer: str
    ) -> None:
        task, total = self.lease.task, sum(found["adds"].values())
        application = Application(
            cursor,
            importer,
            frozenset(there.unknown_accounts),
            checking.SiteNow.read(cursor).is_origin(found["site"]),
            lambda done: self.step(min(done, total), total + 1),
        )
        counts = application.run(content)
        audit.record_of(
            cursor, importer, task.params["host"], "import-applied", subject=self.import_id, details=counts
        )
        self.lease.hold(cursor)
        cursor.execute(_DONE, {"applied": Json(counts), "import": self.import_id, "task": task.id})
        if cursor.rowcount == 0:
            raise LeaseLost
        forget_parts(cursor, self.import_id)

    def _done(self, cursor: Cursor) -> Mapping[str, Any] | None:
        """What the import made, where it is done by now."""
        try:
            return find(cursor, self.import_id).applied
        except ImportMissing:
            return None

    def _there(self, cursor: Cursor) -> tuple[Import | None, Content]:
        """The import while it is open and waits for this task, and its document."""
        content = Content(self.store, self.lease.task.tenant_id, parts_of(cursor, self.import_id))
        try:
            there = find(cursor, self.import_id)
        except ImportMissing:
            return None, content
        return (there if there.state == "running" else None), content

    def _tenant(self) -> Tenant | None:
        """Whom to ask Jira as; None where the site is not active any more."""
        task = self.lease.task
        rows = self.database.read(task.tenant_id, _TENANT, (task.tenant_id, task.id, self.lease.token))
        if not rows or rows[0]["secret"] is None:
            return None
        row = dict(rows[0])
        sealed = SealedSecret(row.pop("secret_key_id"), bytes(row.pop("secret")))
        with suppress(SecretUnreadable):
            return Tenant(id=task.tenant_id, **row, secret=self.secrets.open(row["client_key"], sealed))
        return None
