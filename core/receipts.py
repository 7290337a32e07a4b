"""Receipts of purges, as the database keeps them. What they tell stands at `core.ledger.Purged`."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.database import Cursor, Row
from core.ledger import Purged
from core.tasks import SERVICE

_COLUMNS = """
    select tenant_id, id, tenant_hash, salt, asked_by, reason, asked_at, begun_at, ended_at, counts, files,
           backups_until
    from purge_receipts
"""


def receipt_of(row: Row) -> Purged:
    """A receipt from its row."""
    members: dict[str, Any] = {
        **row,
        "successor": None if row["tenant_id"] == SERVICE else row["tenant_id"],
        "at": row["ended_at"],
    }
    return Purged(**{field.name: members[field.name] for field in fields(Purged)})


def list_receipts(cursor: Cursor, tenant_id: UUID | None = None) -> list[Purged]:
    """The receipts of a site under its present id, or all that the role may see; the newest first."""
    cursor.execute(
        f"{_COLUMNS} where %(tenant)s::uuid is null or tenant_id = %(tenant)s"
        " order by ended_at desc, id desc",
        {"tenant": tenant_id},
    )
    return [receipt_of(row) for row in cursor.fetchall()]


def find_receipt(cursor: Cursor, receipt_id: UUID) -> Purged | None:
    """The receipt of a purge, if the role may see it and there is one."""
    cursor.execute(f"{_COLUMNS} where id = %s", (receipt_id,))
    row = cursor.fetchone()
    return receipt_of(row) if row else None


def document(receipt: Purged) -> Mapping[str, Any]:
    """A receipt as JSON that a site's admins and operators are given; times in UTC."""
    return {
        "id": str(receipt.id),
        "tenant_hash": receipt.tenant_hash,
        "salt": receipt.salt,
        "asked_by": receipt.asked_by,
        "reason": receipt.reason,
        "asked_at": _time(receipt.asked_at),
        "begun_at": _time(receipt.begun_at),
        "ended_at": _time(receipt.at),
        "counts": receipt.counts,
        "files": receipt.files,
        "backups_until": receipt.backups_until.isoformat(),
    }


def row_of(receipt: Purged) -> str:
    """A receipt as JSON with the members of its row."""
    owner = {"tenant_id": str(receipt.successor or SERVICE)}
    return json.dumps({**document(receipt), **owner})


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
