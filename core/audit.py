"""The audit trail: who did what, when and from which host. Ids only, never a report's content, name or token.

An entry is written in the transaction of the change that it tells of (`record`), so that neither happens
without the other; Jira's lifecycle events write theirs in the database's own functions. The roles that we run
as may add entries and read them, never change or remove one. A refusal has no transaction of its own that
lasts, so that `record_refusal` makes one; whoever is refused at one route again and again leaves one entry a
minute there, which an index sees to.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database
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

_INSERT = """
    insert into audit (tenant_id, event, account_id, host, subject, details)
    values (current_tenant(), %s, %s, %s, %s, %s)
    on conflict do nothing
"""


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
    values = (event, caller.account_id, caller.host, subject, json.dumps(details or {}))
    cursor.execute(_INSERT, values)


def record_refusal(database: Database, caller: Caller, *, route: str, subject: UUID | None) -> None:
    """Notes that somebody of an active tenant was refused.

    `route` is the method and the route's template, e.g. `GET /api/v1/exports/{export_id}`.
    Raises DatabaseUnavailable, and TenantRefused where the tenant is not active any more: whoever calls for
    such a one is as good as a stranger, and strangers leave no entry.
    """
    with database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version) as cursor:
        record(cursor, caller, "refused", subject=subject, details={"route": route})


def remove_older(database: Database, age: timedelta, *, at_most: int) -> int:
    """Removes entries of all tenants that are older than `age`; returns how many, at most so many."""
    sql = "select remove_old_audit(%s, %s) as removed"
    return int(database.read_system(sql, (datetime.now(UTC) - age, at_most))[0]["removed"])
