"""What a site's administrators should be told."""

from core.callers import Caller
from core.database import Database, Row
from core.json_time import json_time

_KEPT_DAYS = 30
_MOST = 10


# One query for all, as every page asks it.
_NOTICES = f"""
    select notice from (
        (select at as place, jsonb_build_object(
                    'kind', 'site moved', 'at', {json_time("at")},
                    'from', details ->> 'from', 'to', details ->> 'to') as notice
         from audit
         where event = 'moved' and at > now() - interval '{_KEPT_DAYS} days'
         order by audit.at desc, id desc limit {_MOST})
        union all
        (select created_at, jsonb_build_object(
                    'kind', case when started_at is null then 'purge planned' else 'purge under way' end,
                    'at', {json_time("created_at")}, 'id', id, 'due_at', {json_time("due_at")},
                    'requested_by', requested_by)
         from tasks
         where kind = 'purge' and state in ('waiting', 'queued', 'running')
         order by created_at desc limit {_MOST})
        union all
        (select ended_at, jsonb_build_object(
                    'kind', 'purge done', 'at', {json_time("ended_at")}, 'id', id,
                    'backups_until', backups_until)
         from purge_receipts
         where ended_at > now() - interval '{_KEPT_DAYS} days'
         order by ended_at desc limit {_MOST})
    ) notices
    order by place desc
"""  # noqa: S608 - of constants


def notices_of(database: Database, caller: Caller) -> list[Row]:
    """The notices of the caller's site, the newest first, of what was in the last 30 days or is to come.

    `{"kind": "site moved", "at", "from", "to"}`: the add-on was installed with the same client key from
    another base URL, as a cloned site does.
    `{"kind": "purge planned" | "purge under way", "at", "id", "due_at", "requested_by"}`: all that is stored
    of the site will be removed; it was asked for at `at`, by nobody of the site where `requested_by` is null.
    `{"kind": "purge done", "at", "id", "backups_until"}`: all was removed, and there is a receipt.
    Raises DatabaseUnavailable, and TenantRefused where the tenant is gone.
    """
    rows = database.read(caller.tenant.id, _NOTICES, secret_version=caller.tenant.secret_version)
    return [row["notice"] for row in rows]
