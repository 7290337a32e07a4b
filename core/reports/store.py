"""Reports as the database keeps them, with each person's rights to them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database, Row
from core.definition import VERSIONS, Versions
from core.ids import uuid7
from core.reports import sharing
from core.reports.body import LARGEST_NUMBER_OF_REPORTS, columns_of
from core.reports.learning import learnt
from core.reports.listing import ListRequest, list_json, list_query
from core.reports.rows import IS_ADMINISTRATOR, STORED, parameters_of, unasked, visible
from core.rights import Rights, Standing

Result = TypeVar("Result")


class ReportMissing(Exception):
    """There is no such report, or none that this caller may see."""


class NotAdministrator(Exception):
    """The caller sees the report but may not change it."""


class VersionStale(Exception):
    """The report has changed since the version that the caller knows; `current` is its version now."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current


class TooManyReports(Exception):
    """The tenant has as many reports as it may have."""


class CreationReused(Exception):
    """The idempotency key was used before, for another body."""


@dataclass(frozen=True)
class StoredReport:
    """A report as its JSON text, with what the answer's headers need."""

    id: UUID
    version: int
    json: str


class Reports:
    """All work on reports. Raises DatabaseUnavailable and TenantRefused throughout.

    Whatever gives a whole report raises DefinitionTooNew where a newer release wrote its definition; then
    nothing has changed. Lists hold no definitions and show such reports like all others.
    """

    def __init__(self, database: Database, rights: Rights, versions: Versions = VERSIONS) -> None:
        self._database = database
        self._rights = rights
        self._versions = versions

    def page(self, caller: Caller, request: ListRequest) -> str:
        """A page of the reports that the caller sees, as JSON text. Raises CursorInvalid.

        One round trip where what is remembered of the caller suffices; else Jira is asked, and then again.
        """
        standing = self._rights.standing(caller.tenant, caller.account_id)
        row = self._page(caller, request, standing)
        known = learnt(self._rights, caller, standing, row)
        if not known.same_as(standing):
            row = self._page(caller, request, known)
        return list_json(row, request, unchecked=known.unchecked)

    def get(self, caller: Caller, report_id: UUID) -> StoredReport:
        """One report. Raises ReportMissing."""

        def read(standing: Standing) -> StoredReport:
            return self._stored(
                self._read(
                    caller,
                    f"select {STORED} from reports r"
                    f" where r.id = %(id)s and r.deleted_at is null and {visible(standing)}",
                    parameters_of(caller.account_id, standing) | {"id": report_id},
                )
            )

        return self._as_seen(caller, read)

    def create(self, caller: Caller, body: dict[str, Any], idempotency_key: str | None) -> StoredReport:
        """Stores a new report of a checked body, the caller among its administrators.

        The same key with the same body gives the report that the first call made. Raises TooManyReports and
        CreationReused.
        """
        columns = columns_of(body, self._versions.present) | _creation(caller, body, idempotency_key)
        administrators = [caller.account_id, *columns.get("administrators", [])]
        columns["administrators"] = list(dict.fromkeys(administrators))
        with self._open(caller) as cursor:
            _wait_in_turn(cursor, caller)
            made_before = _made_before(cursor, caller, columns)
            if made_before:
                return self._stored(made_before)
            _require_room(cursor)
            sharing.record_new(cursor, caller, columns)
            names = ", ".join(columns)
            places = ", ".join(f"%({name})s" for name in columns)
            cursor.execute(
                f"insert into reports as r ({names}) values ({places}) returning {STORED}",
                columns | {"account": caller.account_id},
            )
            return self._stored(cursor.fetchall())

    def replace(
        self, caller: Caller, report_id: UUID, body: dict[str, Any], matches: Callable[[int], bool]
    ) -> StoredReport:
        """Sets the members that a checked body gives, if `matches` accepts the present version.

        Raises ReportMissing, NotAdministrator and VersionStale.
        """
        columns = columns_of(body, self._versions.present)
        changes = "".join(f"{name} = %({name})s, " for name in columns)

        def change(standing: Standing) -> StoredReport:
            with self._open(caller) as cursor:
                _lock(cursor, caller, standing, report_id, matches)
                sharing.record_change(cursor, caller, report_id, columns)
                cursor.execute(
                    f"update reports r set {changes} version = version + 1, updated_at = now(),"
                    f" updated_by = %(account)s where r.id = %(id)s"
                    f" returning {STORED}",
                    columns | {"account": caller.account_id, "id": report_id},
                )
                return self._stored(cursor.fetchall())

        return self._as_seen(caller, change)

    def delete(self, caller: Caller, report_id: UUID, matches: Callable[[int], bool]) -> None:
        """Marks a report as deleted. Raises as `replace` does."""

        def mark(standing: Standing) -> None:
            with self._open(caller) as cursor:
                _lock(cursor, caller, standing, report_id, matches)
                cursor.execute(
                    "update reports set deleted_at = now(), version = version + 1, updated_by = %(account)s,"
                    " updated_at = now() where id = %(id)s",
                    {"account": caller.account_id, "id": report_id},
                )

        self._as_seen(caller, mark)

    def restore(self, caller: Caller, report_id: UUID) -> StoredReport:
        """Takes back a deletion while the report is still there. Raises ReportMissing and TooManyReports."""
        with self._open(caller) as cursor:
            _wait_in_turn(cursor, caller)
            _require_room(cursor)
            cursor.execute(
                "update reports r set deleted_at = null, version = version + 1, updated_at = now(),"
                " updated_by = %(account)s"
                f" where r.id = %(id)s and r.deleted_at is not null and {IS_ADMINISTRATOR}"
                f" returning {STORED}",
                {"account": caller.account_id, "id": report_id},
            )
            return self._stored(cursor.fetchall())

    def star(self, caller: Caller, report_id: UUID, *, starred: bool) -> None:
        """Marks a report for the caller alone, or takes the mark away. Raises ReportMissing."""

        def mark(standing: Standing) -> None:
            with self._open(caller) as cursor:
                _find(cursor, caller, standing, report_id)
                cursor.execute(
                    "insert into stars values (current_tenant(), %s, %s) on conflict do nothing"
                    if starred
                    else "delete from stars where account_id = %s and report_id = %s",
                    (caller.account_id, report_id),
                )

        self._as_seen(caller, mark)

    def _as_seen(self, caller: Caller, work: Callable[[Standing], Result]) -> Result:
        """Does work on a report as the caller sees it, with what is remembered of their groups and projects.

        Where that shows them no such report, Jira is asked about all that the tenant's reports rest on, so
        that it makes no difference whether this one exists. Then the work is tried once more.
        """
        standing = self._rights.standing(caller.tenant, caller.account_id)
        try:
            return work(standing)
        except ReportMissing:
            sql = f"select {unasked(standing)}"
            row = self._read(caller, sql, parameters_of(caller.account_id, standing))[0]
            known = learnt(self._rights, caller, standing, row)
            if known.same_as(standing):
                raise
        return work(known)

    def _stored(self, rows: Sequence[Row]) -> StoredReport:
        """The report of a row with the columns of STORED; its JSON is touched only for an upgrade."""
        if not rows:
            raise ReportMissing
        row = rows[0]
        text = row["json"]
        if row["definition_version"] != self._versions.present:
            report = json.loads(text)
            report["definition"] = self._versions.upgrade(report["definition"], row["definition_version"])
            text = json.dumps(report, ensure_ascii=False)
        return StoredReport(row["id"], row["version"], text)

    def _page(self, caller: Caller, request: ListRequest, standing: Standing) -> Row:
        sql, parameters = list_query(request, caller.account_id, standing)
        return self._read(caller, sql, parameters)[0]

    def _read(self, caller: Caller, sql: str, parameters: dict[str, Any]) -> list[Row]:
        return self._database.read(
            caller.tenant.id, sql, parameters, secret_version=caller.tenant.secret_version
        )

    def _open(self, caller: Caller) -> AbstractContextManager[Cursor]:
        return self._database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version)


def _find(cursor: Cursor, caller: Caller, standing: Standing, report_id: UUID, lock: str = "") -> Row:
    cursor.execute(
        f"select r.version, {IS_ADMINISTRATOR} as is_administrator from reports r"
        f" where r.id = %(id)s and r.deleted_at is null and {visible(standing)} {lock}",
        parameters_of(caller.account_id, standing) | {"id": report_id},
    )
    row = cursor.fetchone()
    if row is None:
        raise ReportMissing
    return row


def _lock(
    cursor: Cursor, caller: Caller, standing: Standing, report_id: UUID, matches: Callable[[int], bool]
) -> None:
    """Holds a report for a change until the transaction ends."""
    row = _find(cursor, caller, standing, report_id, "for update")
    if not row["is_administrator"]:
        raise NotAdministrator
    if not matches(row["version"]):
        raise VersionStale(row["version"])


def _creation(caller: Caller, body: dict[str, Any], idempotency_key: str | None) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "tenant_id": caller.tenant.id,
        "id": uuid7(),
        "created_by": caller.account_id,
        "updated_by": caller.account_id,
    }
    if idempotency_key is not None:
        text = json.dumps(body, sort_keys=True)
        key = f"{caller.account_id} {idempotency_key}"
        columns["creation_key"] = hashlib.sha256(key.encode()).digest()
        columns["creation_body"] = hashlib.sha256(text.encode()).digest()
    return columns


def _wait_in_turn(cursor: Cursor, caller: Caller) -> None:
    """Keeps two calls with one idempotency key, or for the tenant's last free place, from both going on."""
    cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"reports {caller.tenant.id}",))


def _made_before(cursor: Cursor, caller: Caller, columns: dict[str, Any]) -> Sequence[Row]:
    """The row of the report that this idempotency key made before, if any."""
    if "creation_key" not in columns:
        return ()
    cursor.execute(
        f"select r.creation_body, {STORED} from reports r where r.creation_key = %(key)s",
        {"key": columns["creation_key"], "account": caller.account_id},
    )
    rows: Sequence[Row] = cursor.fetchall()
    if rows and bytes(rows[0]["creation_body"]) != columns["creation_body"]:
        raise CreationReused
    return rows


def _require_room(cursor: Cursor) -> None:
    cursor.execute("select count(*) as number from reports where deleted_at is null")
    row = cursor.fetchone()
    if row is None or row["number"] >= LARGEST_NUMBER_OF_REPORTS:
        raise TooManyReports
