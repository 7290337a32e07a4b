"""The rows that an import writes, many in a statement. Ids are ours; everything else was checked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg2.extras import Json, execute_values

from core.database import Cursor
from core.reports.body import columns_of

AT_ONCE = 200
Row = Mapping[str, Any]

_REPORT_COLUMNS = (
    "id", "name", "name_key", "description", "definition", "definition_version", "administrators",
    "visibility", "shared_accounts", "shared_groups", "shared_projects", "version", "created_at",
    "created_by", "updated_at", "updated_by", "deleted_at",
)  # fmt: skip
_LISTS = {"administrators", "shared_accounts", "shared_projects"}
_VERSION_COLUMNS = """
    tenant_id, report_id, version, at, account_id, name, description, definition, definition_version, imported
"""
_VERSIONS = f"insert into report_versions ({_VERSION_COLUMNS}) values %s"  # noqa: S608 - of constants
_VERSION = """(current_tenant(), %(report)s, %(version)s, %(at)s, %(account_id)s, %(name)s, %(description)s,
               %(definition)s, %(definition_version)s, true)"""
_FIRST_VERSIONS = f"""
    insert into report_versions ({_VERSION_COLUMNS})
    select r.tenant_id, r.id, 1, r.created_at, r.created_by, r.name, r.description, r.definition,
           r.definition_version, true
    from reports r
    where r.tenant_id = current_tenant() and r.id = any (%s)
      and not exists (select from report_versions v where v.tenant_id = r.tenant_id and v.report_id = r.id)
"""  # noqa: S608 - of constants
_STARS = (
    "insert into stars (tenant_id, account_id, report_id) values %s on conflict do nothing returning true"
)
_STAR = "(current_tenant(), %(account_id)s, %(report)s)"
# A place whose choice was taken back is free, and its version goes on counting.
_GADGETS = """
    insert into gadgets (tenant_id, dashboard, item, report_id, version, set_by, set_at) values %s
    on conflict (tenant_id, dashboard, item) do update
    set report_id = excluded.report_id, version = gadgets.version + 1, set_by = excluded.set_by,
        set_at = excluded.set_at
    where gadgets.report_id is null and excluded.report_id is not null
    returning report_id is not null as shows
"""
_GADGET = """(current_tenant(), %(dashboard)s, %(item)s, %(report)s::uuid, %(version)s, %(set_by)s,
              %(set_at)s::timestamptz)"""
_SETTINGS = """
    insert into site_settings (tenant_id, contact_addresses, version, updated_by, updated_at)
    values (current_tenant(), %(contact_addresses)s, %(version)s, %(updated_by)s, %(updated_at)s)
    on conflict do nothing
"""


def _place(column: str) -> str:
    return f"%({column})s::text[]" if column in _LISTS else f"%({column})s"


_REPORTS = f"insert into reports (tenant_id, {', '.join(_REPORT_COLUMNS)}) values %s"  # noqa: S608 - of constants
_REPORT = f"(current_tenant(), {', '.join(map(_place, _REPORT_COLUMNS))})"


def insert_reports(cursor: Cursor, reports: Sequence[Row]) -> None:
    """Writes reports as the document has them, but for their ids."""
    rows = [{**report, **columns_of(dict(report), report["definition_version"])} for report in reports]
    execute_values(cursor, _REPORTS, rows, _REPORT, page_size=AT_ONCE)


def insert_versions(cursor: Cursor, versions: Sequence[Row]) -> int:
    """Writes versions, marked as brought along; `report` is the id of each one's report. Returns how many."""
    rows = [{**version, "definition": Json(version["definition"])} for version in versions]
    execute_values(cursor, _VERSIONS, rows, _VERSION, page_size=AT_ONCE)
    return len(rows)


def keep_first_versions(cursor: Cursor, reports: Sequence[UUID]) -> None:
    """Keeps the content of those of these reports that have no version, as their first one."""
    for start in range(0, len(reports), AT_ONCE):
        cursor.execute(_FIRST_VERSIONS, (list(reports[start : start + AT_ONCE]),))


def insert_stars(cursor: Cursor, stars: Sequence[Row]) -> int:
    """Writes stars; returns how many are new."""
    return len(execute_values(cursor, _STARS, stars, _STAR, page_size=AT_ONCE, fetch=True))


def insert_gadgets(cursor: Cursor, gadgets: Sequence[Row]) -> int:
    """Writes gadgets where a place is free; returns how many show a report."""
    written = execute_values(cursor, _GADGETS, gadgets, _GADGET, page_size=AT_ONCE, fetch=True)
    return sum(1 for row in written if row["shows"])


def insert_settings(cursor: Cursor, settings: Row) -> int:
    """Writes settings where none are set; returns how many."""
    cursor.execute(_SETTINGS, settings)
    return cursor.rowcount
