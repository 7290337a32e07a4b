"""The audit trail: who did what, when and from which host. Ids only, never a report's content, name or token.

An entry is written in the transaction of the change that it tells of (`record`), so that neither happens
without the other; Jira's lifecycle events write theirs in the database's own functions. The roles that we run
as may add entries and read them, never change or remove one. A refusal has no transaction of its own that
lasts, so that `record_refusal` makes one. Whoever is refused at one route again and again, or fetches one
file piece by piece, leaves one entry a minute for it. An index sees to that, and no memory of a process, as
there are several.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from core.callers import Caller, Host
from core.database import Cursor, Database
from core.json_time import json_time
from core.tasks import Kind

Event = Literal[
    "installed",
    "reinstalled",
    "moved",
    "uninstalled",
    "enabled",
    "disabled",
    "sharing-changed",
    "report-taken-over",
    "export-requested",
    "export-downloaded",
    "export-deleted",
    "import-applied",
    "purge-requested",
    "purge-aborted",
    "settings-changed",
    "refused",
]
EVENTS: tuple[Event, ...] = get_args(Event)
"""All there are; the table's check names the same."""

AUDIT_SWEEP = Kind(name="sweep-audit", urgency=8, every=timedelta(days=1))

_ENTRY = f"""json_build_object(
    'id', id, 'at', {json_time("at")}, 'event', event, 'account_id', account_id, 'host', host,
    'subject', subject, 'details', details)::text"""
_PAGE = f"""
    select coalesce(string_agg(item, ', ' order by place) filter (where place <= %(limit)s), '') as items,
           count(*) > %(limit)s as more,
           max(id::text) filter (where place = %(limit)s) as last
    from (
        select {_ENTRY} as item, id, row_number() over (order by at desc, id desc) as place
        from audit
        where (%(event)s::text is null or event = %(event)s)
          and (%(account)s::text is null or account_id = %(account)s)
          and (%(since)s::timestamptz is null or at >= %(since)s)
          and (%(until)s::timestamptz is null or at < %(until)s)
          and (%(cursor)s::uuid is null
               or (at, id) < (select last.at, last.id from audit last where last.id = %(cursor)s))
        order by at desc, id desc limit %(limit)s + 1
    ) page
"""  # noqa: S608 - of constants
_INSERT = """
    insert into audit (tenant_id, event, account_id, host, subject, details)
    values (current_tenant(), %s, %s, %s, %s, %s)
    on conflict do nothing
"""


@dataclass(frozen=True, kw_only=True)
class TrailRequest:
    """Which entries: of an event, of an account, from `since` on and before `until`.

    `cursor` is the id of the last entry of the page before. Where retention has removed that one, it has
    removed all that would follow, and the page is empty.
    """

    limit: int = 20
    cursor: UUID | None = None
    event: Event | None = None
    account: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(database: Database, caller: Caller, request: TrailRequest) -> str:
    """A page of the tenant's trail as JSON text, the newest entry first.

    Raises DatabaseUnavailable and TenantRefused.
    """
    (row,) = database.read(
        caller.tenant.id, _PAGE, asdict(request), secret_version=caller.tenant.secret_version
    )
    following = f'"{row["last"]}"' if row["more"] else "null"
    return f'{{"items": [{row["items"]}], "next": {following}}}'


def record(
    cursor: Cursor,
    caller: Caller,
    event: Event,
    *,
    subject: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Writes an entry into the transaction of what it tells of.

    `subject` is the id of the report or task; `details` a small JSON object of ids and addresses.
    """
    record_of(cursor, caller.account_id, caller.host, event, subject=subject, details=details)


def record_of(
    cursor: Cursor,
    account_id: str | None,
    host: Host | None,
    event: Event,
    *,
    subject: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Like `record`, for what a person asked for earlier and a worker does now."""
    cursor.execute(_INSERT, (event, account_id, host, subject, json.dumps(details or {})))


def record_refusal(
    database: Database, caller: Caller, *, route: str, subject: UUID | None = None, unchecked: bool = False
) -> None:
    """Notes that somebody of an active tenant was refused.

    `route` is the method and the route's template, e.g. `GET /api/v1/exports/{export_id}`; `unchecked` says
    that Jira could not be asked for the right, which may well be there.
    Raises DatabaseUnavailable, and TenantRefused where the tenant is not active any more: whoever calls for
    such a one is as good as a stranger, and strangers leave no entry.
    """
    with database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version) as cursor:
        details = {"route": route, **({"unchecked": True} if unchecked else {})}
        record(cursor, caller, "refused", subject=subject, details=details)


def remove_older(database: Database, age: timedelta, *, at_most: int) -> int:
    """Removes entries of all tenants that are older than `age`; returns how many, at most so many."""
    sql = "select remove_old_audit(%s, %s) as removed"
    return int(database.read_system(sql, (datetime.now(UTC) - age, at_most))[0]["removed"])
