"""Which accounts we hold ids of for a tenant, and since when."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from core.accounts import is_nobody
from core.database import Cursor, Row
from core.personal_data.places import PLACES
from core.personal_data.texts import Text

_AT_ONCE = 200
_HELD = f"""
    select account, min(since) as since
    from ({" union all ".join(place.held for place in PLACES)}) as held (account, since)
    where account is not null group by account
"""  # noqa: S608 - of constants
_LOCK = "select count(id) from (select id from reports where tenant_id = %s order by id for update) locked"
# The reports of other tenants are there for the role that replays the ledger.
_TEXTS = """
    declare texts no scroll cursor for
    select id as report, null::integer as version, created_at as since, name, description, definition
    from reports where tenant_id = %(tenant)s
    union all
    select report_id, version, at, name, description, definition
    from report_versions where tenant_id = %(tenant)s
"""


def accounts_of(cursor: Cursor, tenant_id: UUID) -> dict[str, datetime]:
    """The ids that are held for a tenant, each with the time since when; closed ones and hashes are none."""
    cursor.execute(_HELD, {"tenant": tenant_id})
    held = {row["account"]: row["since"] for row in cursor.fetchall() if not is_nobody(row["account"])}
    for row, text in texts_of(cursor, tenant_id):
        for account in text.accounts():
            held[account] = min(held.get(account, row["since"]), row["since"])
    return held


def texts_of(cursor: Cursor, tenant_id: UUID) -> Iterator[tuple[Row, Text]]:
    """What people have written at a tenant, with `report` and `version` of each text, as it stood first.

    The cursor is free for other statements between two of them.
    """
    cursor.execute(_TEXTS, {"tenant": tenant_id})
    while True:
        cursor.execute(f"fetch {_AT_ONCE} from texts")
        rows = cursor.fetchall()
        for row in rows:
            yield row, Text(row["name"], row["description"], row["definition"])
        if len(rows) < _AT_ONCE:
            cursor.execute("close texts")
            return


def changed_texts(cursor: Cursor, tenant_id: UUID, ids: Mapping[str, str]) -> Iterator[str]:
    """What becomes of the texts in which accounts are to be replaced, in JSON for `replace_texts`.

    Reports change no more until the transaction ends: a change in between would be lost.
    """
    cursor.execute(_LOCK, (tenant_id,))
    batch = []
    for row, text in texts_of(cursor, tenant_id):
        new = text.without(ids)
        if new != text:
            batch.append(
                {
                    "report": str(row["report"]),
                    "version": row["version"],
                    "name": new.name,
                    "name_key": new.name_key,
                    "description": new.description,
                    "definition": new.definition,
                }
            )
        if len(batch) >= _AT_ONCE:
            yield json.dumps(batch)
            batch = []
    yield json.dumps(batch)
