"""Changes of who may see and edit a report, for the audit trail: ids, never names."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from core import audit
from core.callers import Caller
from core.database import Cursor

_PRESENT = """
    select visibility, administrators, shared_accounts, shared_groups::text as shared_groups, shared_projects
    from reports where id = %s
"""
_LISTS = {
    "administrators": "administrators",
    "accounts": "shared_accounts",
    "groups": "shared_groups",
    "projects": "shared_projects",
}
# Beyond these many ids of one sort an entry gives their number: a trail has to stay small enough to be read.
_MOST_IDS = 100


def record_new(cursor: Cursor, caller: Caller, columns: Mapping[str, Any]) -> None:
    """Tells of a new report's sharing, unless it is the caller's alone; `columns` are those of its row."""
    alone = {"visibility": "private", "administrators": [caller.account_id]}
    _record(cursor, caller, columns["id"], alone, columns)


def record_change(cursor: Cursor, caller: Caller, report_id: UUID, columns: Mapping[str, Any]) -> None:
    """Tells how the sharing of a report is about to change, if it is; `columns` are those to be set.

    The caller holds the report's row.
    """
    if columns.keys().isdisjoint({"visibility", *_LISTS.values()}):
        return
    cursor.execute(_PRESENT, (report_id,))
    (present,) = cursor.fetchall()
    _record(cursor, caller, report_id, present, columns)


def _record(
    cursor: Cursor, caller: Caller, report_id: UUID, before: Mapping[str, Any], columns: Mapping[str, Any]
) -> None:
    after = {**before, **columns}
    details: dict[str, Any] = {}
    if after.get("visibility", "private") != before["visibility"]:
        details["visibility"] = {"from": before["visibility"], "to": after["visibility"]}
    for name, column in _LISTS.items():
        difference = _difference(_ids(before.get(column)), _ids(after.get(column)))
        if difference:
            details[name] = difference
    if details:
        audit.record(cursor, caller, "sharing-changed", subject=report_id, details=details)


def _ids(value: object) -> set[str]:
    """The ids that a column holds: a list of them, or JSON text of groups with their ids."""
    if isinstance(value, str):
        return {group["id"] for group in json.loads(value)}
    return set(value) if isinstance(value, list) else set()


def _difference(before: set[str], after: set[str]) -> dict[str, Any]:
    changes = {"added": after - before, "removed": before - after}
    return {key: entry for name, ids in changes.items() for key, entry in _named(name, ids)}


def _named(name: str, ids: Collection[str]) -> list[tuple[str, Any]]:
    if not ids:
        return []
    rest = len(ids) - _MOST_IDS
    return [(name, sorted(ids)[:_MOST_IDS]), *([(f"more_{name}", rest)] if rest > 0 else [])]
