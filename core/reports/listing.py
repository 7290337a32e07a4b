"""The list of reports, page by page.

A page ends at one exact place, the sort value and id of its last report, and the next one begins after it: no
report comes twice or is left out because another was added or removed meanwhile.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from core.database import Row
from core.reports.rows import IS_ADMINISTRATOR, LISTED, RESTORABLE, parameters_of, seen, unasked
from core.rights import Standing

Sort = Literal["name", "-name", "updated", "-updated", "created", "-created"]
SORTS: tuple[Sort, ...] = get_args(Sort)
_COLUMNS = {"name": "name_key", "updated": "updated_at", "created": "created_at"}
LONGEST_CURSOR = 4096
LONGEST_SEARCH = 100
# A regular expression that is none. `ilike` goes back for every place where the text begins like what is
# searched for; the automaton looks at each letter once, whatever people search for and have written. It is
# made anew for each text, with as many states as the search has letters.
_LITERALLY = "***="
# Of the same snapshot as the page, as it is asked in the same statement.
_MARK = "(select m.mark::text from change_marks m) as mark"
_NOTHING_UNASKED = "false as unasked_groups, '{}'::text[] as unasked_projects"


class CursorInvalid(Exception):
    """The cursor is none of ours, or belongs to another order."""


@dataclass(frozen=True, kw_only=True)
class ListRequest:
    """Which reports, in which order. `owner` is an account id; `search` looks into name and description."""

    sort: Sort = "-updated"
    limit: int = 20
    cursor: str | None = None
    search: str | None = None
    owner: str | None = None
    starred: bool | None = None
    deleted: bool = False


def list_query(request: ListRequest, account_id: str, standing: Standing) -> tuple[str, dict[str, Any]]:
    """The query for one page as an account of this standing sees it, and its parameters.

    The row also has the columns of `unasked`, where the list rests on them, and the tenant's change mark of
    the same moment. Raises CursorInvalid.
    """
    column = f"r.{_COLUMNS[request.sort.lstrip('-')]}"
    descending = request.sort.startswith("-")
    parameters = parameters_of(account_id, standing) | {"limit": request.limit}
    conditions = [*_state(request, standing), *_filters(request, parameters)]
    if request.cursor is not None:
        parameters["after"], parameters["after_id"] = _read_cursor(request.cursor, request.sort)
        comparison = "<" if descending else ">"
        conditions.append(f"({column}, r.id) {comparison} (%(after)s, %(after_id)s)")
    order = f"{column} desc, r.id desc" if descending else f"{column}, r.id"
    # Whom a deleted report was shared with no longer matters: only its administrators see it.
    more = _NOTHING_UNASKED if request.deleted else unasked(standing)
    return _page(column, " and ".join(conditions), order, more), parameters


def list_json(row: Row, request: ListRequest, *, unchecked: bool) -> str:
    """The answer for the row that `list_query` gives; `unchecked` where Jira could not be asked."""
    cursor = "null"
    if row["more"]:
        cursor = f'"{_write_cursor(request.sort, row["last"], row["last_id"])}"'
    warning = ', "unchecked": true' if unchecked else ""
    return f'{{"items": [{row["items"]}], "next": {cursor}{warning}}}'


def _state(request: ListRequest, standing: Standing) -> list[str]:
    if request.deleted:
        return [RESTORABLE, IS_ADMINISTRATOR]
    return [seen(standing)]


def _filters(request: ListRequest, parameters: dict[str, Any]) -> list[str]:
    conditions = []
    if request.search:
        parameters["search"] = f"{_LITERALLY}{request.search}"
        conditions.append("(r.name ~* %(search)s or r.description ~* %(search)s)")
    if request.owner is not None:
        parameters["owner"] = request.owner
        conditions.append("r.administrators @> array[%(owner)s]")
    if request.starred is not None:
        conditions.append(
            f"{'' if request.starred else 'not '}exists (select from stars s where s.tenant_id = r.tenant_id "
            "and s.report_id = r.id and s.account_id = %(account)s)"
        )
    return conditions


def _page(column: str, condition: str, order: str, more: str) -> str:
    return f"""
        select coalesce(string_agg(item, ', ' order by place) filter (where place <= %(limit)s), '') as items,
               count(*) > %(limit)s as more,
               max(value) filter (where place = %(limit)s) as last,
               max(id::text) filter (where place = %(limit)s) as last_id,
               {more}, {_MARK}
        from (
            select {LISTED} as item, {column}::text as value, r.id,
                   row_number() over (order by {order}) as place
            from reports r where {condition} order by {order} limit %(limit)s + 1
        ) page
    """


def _write_cursor(sort: Sort, value: str, report_id: str) -> str:
    text = json.dumps([sort, value, report_id], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: Sort) -> tuple[object, UUID]:
    """The place that a cursor stands for. One that was made up leads to a place in the caller's own list."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, value, report_id = json.loads(text)
        if made_for != sort or not isinstance(value, str) or "\0" in value:
            raise ValueError
        value.encode()
        return (value if sort.endswith("name") else datetime.fromisoformat(value)), UUID(report_id)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise CursorInvalid from error
