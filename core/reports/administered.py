"""What an account administers, for the admins of its site: they have to find what somebody who left looked
after.

It tells that reports exist, when they were made and changed, and who may be asked; neither names nor content.
Of a private report nobody but its administrators knows more, until one of the site's admins takes it over.
"""

from typing import Any
from uuid import UUID

from core.database import Row
from core.json_time import json_time
from core.reports.rows import LIVE, RESTORABLE

_ITEM = f"""json_build_object(
    'id', r.id, 'administrators', r.administrators, 'visibility', r.visibility,
    'created_at', {json_time("r.created_at")}, 'updated_at', {json_time("r.updated_at")},
    'deleted_at', {json_time("r.deleted_at")})::text"""
# By the primary key, whose ids grow with time.
_PAGE = f"""
    select coalesce(string_agg(item, ', ' order by place) filter (where place <= %(limit)s), '') as items,
           count(*) > %(limit)s as more,
           max(id::text) filter (where place = %(limit)s) as last
    from (
        select {_ITEM} as item, r.id, row_number() over (order by r.id) as place
        from reports r
        where r.administrators @> array[%(administrator)s] and ({LIVE} or {RESTORABLE})
          and (%(cursor)s::uuid is null or r.id > %(cursor)s)
        order by r.id limit %(limit)s + 1
    ) page
"""


def administered_query(account_id: str, limit: int, cursor: UUID | None) -> tuple[str, dict[str, Any]]:
    """The query for a page after the report of the id `cursor`, and its parameters."""
    return _PAGE, {"administrator": account_id, "limit": limit, "cursor": cursor}


def administered_json(row: Row) -> str:
    """The answer for the row that the query gives."""
    following = f'"{row["last"]}"' if row["more"] else "null"
    return f'{{"items": [{row["items"]}], "next": {following}}}'
