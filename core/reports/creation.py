"""New reports: from a body, or as the copy of another one.

1. Creations of one tenant wait for each other, so that of two calls with one idempotency key, or for the
   last free place, only one goes on.
2. A key that was used before gives what it made then, as long as that is the caller's to change. Afterwards
   it may hold what others wrote, and the key is refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Row
from core.ids import uuid7
from core.reports.body import LARGEST_NUMBER_OF_REPORTS, LONGEST_NAME
from core.reports.refused import CreationReused, TooManyReports
from core.reports.rows import IS_ADMINISTRATOR, LIVE, STORED

_COPY_OF = "Copy of "


def columns_of_new(caller: Caller, asked: Mapping[str, Any], idempotency_key: str | None) -> dict[str, Any]:
    """The columns of a new report's row that say who made it, and by which call; `asked` is what it asks."""
    columns: dict[str, Any] = {
        "tenant_id": caller.tenant.id,
        "id": uuid7(),
        "created_by": caller.account_id,
        "updated_by": caller.account_id,
    }
    if idempotency_key is not None:
        text = json.dumps(asked, sort_keys=True)
        key = f"{caller.account_id} {idempotency_key}"
        columns["creation_key"] = hashlib.sha256(key.encode()).digest()
        columns["creation_body"] = hashlib.sha256(text.encode()).digest()
    return columns


def wait_in_turn(cursor: Cursor, caller: Caller) -> None:
    """Keeps two creations of one tenant apart until the transaction ends."""
    cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"reports {caller.tenant.id}",))


def made_before(cursor: Cursor, caller: Caller, columns: Mapping[str, Any]) -> Sequence[Row]:
    """The row of the report that this idempotency key made before, if any. Raises CreationReused."""
    if "creation_key" not in columns:
        return ()
    cursor.execute(
        f"select r.creation_body, {IS_ADMINISTRATOR} and {LIVE} as is_theirs, {STORED}"
        " from reports r where r.creation_key = %(key)s",
        {"key": columns["creation_key"], "account": caller.account_id},
    )
    rows: Sequence[Row] = cursor.fetchall()
    if rows and not (rows[0]["is_theirs"] and bytes(rows[0]["creation_body"]) == columns["creation_body"]):
        raise CreationReused
    return rows


def require_room(cursor: Cursor) -> None:
    """Raises TooManyReports."""
    cursor.execute("select count(*) as number from reports where deleted_at is null")
    row = cursor.fetchone()
    if row is None or row["number"] >= LARGEST_NUMBER_OF_REPORTS:
        raise TooManyReports


def insert(cursor: Cursor, caller: Caller, columns: Mapping[str, Any]) -> Sequence[Row]:
    """Stores a report; gives its row with the columns of STORED."""
    names, places = _listed(columns)
    cursor.execute(
        f"insert into reports as r ({names}) values ({places}) returning {STORED}",
        {**columns, "account": caller.account_id},
    )
    return cursor.fetchall()


def insert_copy(cursor: Cursor, caller: Caller, columns: Mapping[str, Any], *, of: UUID) -> Sequence[Row]:
    """Stores a report with the description and definition of another one, as they are stored."""
    names, places = _listed(columns)
    cursor.execute(
        f"insert into reports as r ({names}, description, definition, definition_version)"
        f" select {places}, o.description, o.definition, o.definition_version"
        f" from reports o where o.id = %(of)s returning {STORED}",
        {**columns, "account": caller.account_id, "of": of},
    )
    return cursor.fetchall()


def _listed(columns: Mapping[str, Any]) -> tuple[str, str]:
    """The names of columns, and the places of their values."""
    return ", ".join(columns), ", ".join(f"%({name})s" for name in columns)


def name_of_copy(name: str) -> str:
    """What a copy is called unless its maker says; cut to the length that names may have."""
    whole = f"{_COPY_OF}{name}"
    return whole if len(whole) <= LONGEST_NAME else f"{whole[: LONGEST_NAME - 1]}…"
