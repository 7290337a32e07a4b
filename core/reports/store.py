"""Reports as the database keeps them, with each person's rights to them."""

from typing import Any
from uuid import UUID

from core import audit
from core.accounts import CLOSED
from core.callers import Caller
from core.database import Database, Row
from core.definition import VERSIONS, Versions
from core.reports import creation, sharing
from core.reports.administered import administered_json, administered_query
from core.reports.body import MOST_ADMINISTRATORS, columns_of, name_key
from core.reports.history import History
from core.reports.listing import ListRequest, list_json, list_query
from core.reports.pages import Page, Pages, page_of
from core.reports.refused import ReportMissing, StoredReport, TooManyAdministrators
from core.reports.rows import IS_ADMINISTRATOR, LIVE, RESTORABLE, STORED
from core.reports.sight import Matches, Sight
from core.rights import Rights, Standing

_CHANGED = "version = version + 1, updated_at = now(), updated_by = %(account)s"
_HOLD_ANY = f"""
    select r.administrators, {IS_ADMINISTRATOR} as is_administrator from reports r
    where r.id = %(id)s and ({LIVE} or {RESTORABLE}) for update
"""


class Reports:
    """All work on reports. Raises DatabaseUnavailable and TenantRefused throughout.

    Whatever gives a whole report raises DefinitionTooNew where a newer release wrote its definition; then
    nothing has changed. Lists hold no definitions and show such reports like all others.
    What names a report raises ReportMissing; what changes one, NotAdministrator and VersionStale too, unless
    `matches` accepts the present version.
    """

    def __init__(self, database: Database, rights: Rights, versions: Versions = VERSIONS) -> None:
        self._sight = Sight(database, rights, versions)
        self._pages = Pages()
        self.history = History(self._sight)

    def page(self, caller: Caller, request: ListRequest) -> Page:
        """A page of the reports that the caller sees. Raises CursorInvalid.

        One round trip where what is remembered of the caller suffices, a short one where the page was built
        before and nothing has changed; else Jira is asked, and then again.
        """
        standing = self._sight.standing(caller)
        kept = self._pages.find(caller, standing, request, lambda: self._sight.change_mark(caller))
        return kept or self._new_page(caller, request, standing)

    def get(self, caller: Caller, report_id: UUID) -> StoredReport:
        """One report."""
        return self._sight.stored([self._sight.look(caller, report_id, STORED)])

    def create(self, caller: Caller, body: dict[str, Any], idempotency_key: str | None) -> StoredReport:
        """Stores a new report of a checked body, the caller among its administrators.

        The same key with the same body gives the report that the first call made. Raises TooManyReports and
        CreationReused.
        """
        columns = columns_of(body, self._sight.versions.present)
        columns |= creation.columns_of_new(caller, body, idempotency_key)
        administrators = [caller.account_id, *columns.get("administrators", [])]
        columns["administrators"] = list(dict.fromkeys(administrators))
        with self._sight.open(caller) as cursor:
            creation.wait_in_turn(cursor, caller)
            made = creation.made_before(cursor, caller, columns)
            if not made:
                creation.require_room(cursor)
                sharing.record_new(cursor, caller, columns)
                made = creation.insert(cursor, caller, columns)
            return self._sight.stored(made)

    def copy(
        self, caller: Caller, report_id: UUID, name: str | None, idempotency_key: str | None
    ) -> StoredReport:
        """Makes a private report of the caller's own with the content of one that the caller sees.

        Raises as `create` does.
        """
        asked = {"copy of": str(report_id), "name": name}
        columns = creation.columns_of_new(caller, asked, idempotency_key)
        columns["administrators"] = [caller.account_id]

        def make(standing: Standing) -> StoredReport:
            with self._sight.open(caller) as cursor:
                creation.wait_in_turn(cursor, caller)
                made = creation.made_before(cursor, caller, columns)
                if not made:
                    original = self._sight.find(cursor, caller, standing, report_id)
                    creation.require_room(cursor)
                    columns["name"] = name or creation.name_of_copy(original["name"])
                    columns["name_key"] = name_key(columns["name"])
                    made = creation.insert_copy(cursor, caller, columns, of=report_id)
                return self._sight.stored(made)

        return self._sight.as_seen(caller, make)

    def replace(
        self, caller: Caller, report_id: UUID, body: dict[str, Any], matches: Matches
    ) -> StoredReport:
        """Sets the members that a checked body gives."""
        columns = columns_of(body, self._sight.versions.present)
        changes = "".join(f"{name} = %({name})s, " for name in columns)

        def change(standing: Standing) -> StoredReport:
            with self._sight.open(caller) as cursor:
                self._sight.hold(cursor, caller, standing, report_id, matches)
                sharing.record_change(cursor, caller, report_id, columns)
                cursor.execute(
                    f"update reports r set {changes} {_CHANGED} where r.id = %(id)s returning {STORED}",
                    columns | {"account": caller.account_id, "id": report_id},
                )
                return self._sight.stored(cursor.fetchall())

        return self._sight.as_seen(caller, change)

    def delete(self, caller: Caller, report_id: UUID, matches: Matches) -> int:
        """Marks a report as deleted and returns its version then."""

        def mark(standing: Standing) -> int:
            with self._sight.open(caller) as cursor:
                self._sight.hold(cursor, caller, standing, report_id, matches)
                cursor.execute(
                    f"update reports set deleted_at = now(), {_CHANGED} where id = %(id)s returning version",
                    {"account": caller.account_id, "id": report_id},
                )
                return int(cursor.fetchall()[0]["version"])

        return self._sight.as_seen(caller, mark)

    def restore(self, caller: Caller, report_id: UUID, matches: Matches) -> StoredReport:
        """Takes back a deletion of the last 30 days; for the report's administrators, who alone see it.

        Raises TooManyReports.
        """
        with self._sight.open(caller) as cursor:
            creation.wait_in_turn(cursor, caller)
            self._sight.hold_deleted(cursor, caller, report_id, matches)
            creation.require_room(cursor)
            cursor.execute(
                f"update reports r set deleted_at = null, {_CHANGED} where r.id = %(id)s returning {STORED}",
                {"account": caller.account_id, "id": report_id},
            )
            return self._sight.stored(cursor.fetchall())

    def take_over(self, caller: Caller, report_id: UUID) -> StoredReport:
        """Makes the caller, whose right to it was checked, an administrator of any report of the tenant.

        Also of one that was deleted within the last 30 days, which can then be restored. Nothing changes
        where the caller is one already. Raises TooManyAdministrators.
        """
        parameters = {"account": caller.account_id, "id": report_id}
        with self._sight.open(caller) as cursor:
            cursor.execute(_HOLD_ANY, parameters)
            row = cursor.fetchone()
            if row is None:
                raise ReportMissing
            if not row["is_administrator"]:
                before = row["administrators"]
                if len(before) >= MOST_ADMINISTRATORS:
                    raise TooManyAdministrators
                details = {"administrators": before}
                audit.record(cursor, caller, "report-taken-over", subject=report_id, details=details)
                cursor.execute(
                    f"update reports set administrators = %(administrators)s, {_CHANGED} where id = %(id)s",
                    {**parameters, "administrators": [*_still_there(before), caller.account_id]},
                )
            cursor.execute(f"select {STORED} from reports r where r.id = %(id)s", parameters)
            return self._sight.stored(cursor.fetchall())

    def star(self, caller: Caller, report_id: UUID, *, starred: bool) -> None:
        """Marks a report for the caller alone, or takes the mark away."""

        def mark(standing: Standing) -> None:
            with self._sight.open(caller) as cursor:
                self._sight.find(cursor, caller, standing, report_id)
                cursor.execute(
                    "insert into stars values (current_tenant(), %s, %s) on conflict do nothing"
                    if starred
                    else "delete from stars where account_id = %s and report_id = %s",
                    (caller.account_id, report_id),
                )

        self._sight.as_seen(caller, mark)

    def administered_by(
        self, caller: Caller, account_id: str, *, limit: int = 20, cursor: UUID | None = None
    ) -> str:
        """A page of what an account administers, as JSON text; for a caller whose right to it was checked."""
        sql, parameters = administered_query(account_id, limit, cursor)
        return administered_json(self._sight.read(caller, sql, parameters)[0])

    def _new_page(self, caller: Caller, request: ListRequest, standing: Standing) -> Page:
        row = self._page(caller, request, standing)
        known = self._sight.learnt(caller, standing, row)
        if not known.same_as(standing):
            row = self._page(caller, request, known)
        page = page_of(list_json(row, request, unchecked=known.unchecked))
        self._pages.keep(caller, known, request, row, page)
        return page

    def _page(self, caller: Caller, request: ListRequest, standing: Standing) -> Row:
        sql, parameters = list_query(request, caller.account_id, standing)
        return self._sight.read(caller, sql, parameters)[0]


def _still_there(administrators: list[str]) -> list[str]:
    """Without the name that a report has for administrators who were all closed."""
    return [account for account in administrators if account != CLOSED]
