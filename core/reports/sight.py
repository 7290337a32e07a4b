"""Reports as a caller sees them: what every other piece of work on reports begins with.

1. Work is done with what is remembered of the caller's groups and projects.
2. Where that shows them no such report, Jira is asked about all that the tenant's reports rest on, so that it
   makes no difference whether this one exists, and the work is tried once more.
3. Who changes a report holds its row from the check of their right and their version on until the change is
   committed, so that of two changes to one version the second one is refused.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database, Row
from core.definition import Versions
from core.reports.learning import learnt
from core.reports.refused import NotAdministrator, ReportMissing, StoredReport, VersionStale
from core.reports.rows import (
    IS_ADMINISTRATOR,
    RESTORABLE,
    STORED,
    parameters_of,
    seen,
    unasked,
)
from core.rights import Rights, Standing

Result = TypeVar("Result")
Matches = Callable[[int], bool]
"""Whether a version is one that a change was meant for."""


class Sight:
    """Reads and holds reports for callers. `versions` are those of definitions that this release knows."""

    def __init__(self, database: Database, rights: Rights, versions: Versions) -> None:
        self._database = database
        self._rights = rights
        self.versions = versions

    def standing(self, caller: Caller) -> Standing:
        """What is remembered of the caller."""
        return self._rights.standing(caller.tenant, caller.account_id)

    def learnt(self, caller: Caller, standing: Standing, row: Row) -> Standing:
        """What is known of the caller once Jira was asked for what a row of `unasked` says is missing."""
        return learnt(self._rights, caller, standing, row)

    def as_seen(self, caller: Caller, work: Callable[[Standing], Result]) -> Result:
        """Does work on one report as the caller sees it. Raises ReportMissing as the work does."""
        standing = self.standing(caller)
        try:
            return work(standing)
        except ReportMissing:
            sql = f"select {unasked(standing)}"
            row = self.read(caller, sql, parameters_of(caller.account_id, standing))[0]
            known = self.learnt(caller, standing, row)
            if known.same_as(standing):
                raise
        return work(known)

    def look(self, caller: Caller, report_id: UUID, columns: str, **more: Any) -> Row:  # noqa: ANN401
        """Columns of a report that the caller sees, in one round trip. Raises ReportMissing.

        `more` are parameters of the columns.
        """

        def read(standing: Standing) -> Row:
            sql = f"select {columns} from reports r where r.id = %(id)s and {seen(standing)}"
            parameters = parameters_of(caller.account_id, standing) | {"id": report_id} | more
            rows = self.read(caller, sql, parameters)
            return _only(rows)

        return self.as_seen(caller, read)

    def find(self, cursor: Cursor, caller: Caller, standing: Standing, report_id: UUID) -> Row:
        """The name of a report that the caller sees, within a transaction. Raises ReportMissing."""
        cursor.execute(
            f"select r.name from reports r where r.id = %(id)s and {seen(standing)}",
            parameters_of(caller.account_id, standing) | {"id": report_id},
        )
        return _only(cursor.fetchall())

    def hold(
        self, cursor: Cursor, caller: Caller, standing: Standing, report_id: UUID, matches: Matches
    ) -> None:
        """Keeps a report for a change. Raises ReportMissing, NotAdministrator and VersionStale."""
        parameters = parameters_of(caller.account_id, standing) | {"id": report_id}
        self._hold(cursor, seen(standing), parameters, matches)

    def hold_deleted(self, cursor: Cursor, caller: Caller, report_id: UUID, matches: Matches) -> None:
        """Keeps a deleted report, which its administrators alone see.

        Raises ReportMissing and VersionStale.
        """
        parameters = {"account": caller.account_id, "id": report_id}
        self._hold(cursor, f"{RESTORABLE} and {IS_ADMINISTRATOR}", parameters, matches)

    def _hold(self, cursor: Cursor, condition: str, parameters: dict[str, Any], matches: Matches) -> None:
        cursor.execute(
            f"select r.version, {IS_ADMINISTRATOR} as is_administrator from reports r"
            f" where r.id = %(id)s and {condition} for update",
            parameters,
        )
        row = _only(cursor.fetchall())
        if not row["is_administrator"]:
            raise NotAdministrator
        if not matches(row["version"]):
            cursor.execute(f"select {STORED} from reports r where r.id = %(id)s", parameters)
            raise VersionStale(self.stored(cursor.fetchall()))

    def stored(self, rows: Sequence[Row]) -> StoredReport:
        """The report of a row with the columns of STORED. Raises ReportMissing where there is none."""
        row = _only(rows)
        text = self.upgraded(row["json"], row["definition_version"])
        return StoredReport(row["id"], row["version"], text)

    def upgraded(self, text: str, definition_version: int) -> str:
        """JSON with a definition, which is made the present one; touched only where it is not. Raises
        DefinitionTooNew."""
        if definition_version == self.versions.present:
            return text
        content = json.loads(text)
        content["definition"] = self.versions.upgrade(content["definition"], definition_version)
        return json.dumps(content, ensure_ascii=False)

    def read(self, caller: Caller, sql: str, parameters: dict[str, Any]) -> list[Row]:
        """One query in one round trip."""
        return self._database.read(
            caller.tenant.id, sql, parameters, secret_version=caller.tenant.secret_version
        )

    def change_mark(self, caller: Caller) -> str | None:
        """The mark of all changes of the caller's tenant, in one round trip."""
        tenant = caller.tenant
        return self._database.change_mark(tenant.id, secret_version=tenant.secret_version)

    def open(self, caller: Caller) -> AbstractContextManager[Cursor]:
        """A transaction of the caller's tenant."""
        return self._database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version)


def _only(rows: Sequence[Row]) -> Row:
    if not rows:
        raise ReportMissing
    return rows[0]
