"""Sites with reports, written straight into the database: millions of rows in seconds."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import StringIO
from uuid import UUID

import jwt
import psycopg2
import psycopg2.extensions

from core.ids import uuid7
from core.secrets import Secrets
from core.setting_types import secret_keys

TOKEN_SECONDS = 6 * 3600
ACCOUNT = "712020:benchmark-reader"

# Three in five reports are public, one in five is shared with the reader, one in five is the reader's own.
# One in four is starred. The sort values have no order in the table, as in life.
_REPORTS = """
    insert into reports (
        tenant_id, id, name, name_key, description, definition, administrators, visibility, shared_accounts,
        created_at, created_by, updated_at, updated_by)
    select t.id, uuidv7(), 'Report ' || n || ' of the team', 'report ' || n || ' of the team',
           'What the team finished, what is left of it and who worked on it, week by week, number ' || n,
           jsonb_build_object(
               'jql', 'project = TEAM AND created >= -' || n || 'd ORDER BY created DESC',
               'columns', '[{"of": {"field": "issuekey"}}, {"of": {"field": "summary"}, "width": 320},
                            {"of": {"field": "timespent"}, "aggregate": "sum"}]'::jsonb,
               'groups', '[{"of": {"field": "created"}, "by": "month", "direction": "descending"}]'::jsonb),
           case when n %% 5 = 4 then array[%(reader)s] else array['712020:somebody-else'] end,
           case when n %% 5 < 3 then 'public' when n %% 5 = 3 then 'limited' else 'private' end,
           case when n %% 5 = 3 then array[%(reader)s, '712020:a-third'] else '{}' end,
           made.at, '712020:somebody-else', made.at + interval '1 day', '712020:somebody-else'
    from tenants t, generate_series(1, %(each)s) n,
         lateral (select hashint8(n::bigint * 7919 + hashtext(t.id::text)) & 2147483647 as number) drawn,
         lateral (select timestamptz '2026-01-01' + drawn.number %% 20000000 * interval '1 second' as at) made
"""
_STARS = """
    insert into stars (tenant_id, account_id, report_id)
    select tenant_id, %(reader)s, id from reports where hashtext(id::text) %% 4 = 0
"""
_INDEXES = """
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('reports', 'stars') and indexname not like '%\\_pkey' and schemaname = 'public'
"""


@dataclass(frozen=True)
class Site:
    """A tenant with its connection to Jira. Its id is its client key too."""

    tenant_id: UUID = field(default_factory=uuid7)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    def token(self, account_id: str = ACCOUNT) -> str:
        """A context token of an account of this site."""
        now = int(time.time())
        claims = {
            "iss": str(self.tenant_id),
            "sub": account_id,
            "qsh": "context-qsh",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        return jwt.encode(claims, self.secret, algorithm="HS256")


def make_sites(number: int) -> list[Site]:
    """New sites."""
    return [Site() for _ in range(number)]


def fill(owner_url: str, key: str, sites: Sequence[Site], reports_each: int) -> None:
    """Installs the sites with so many reports each. `key` is the entry of SECRET_KEYS that seals secrets.

    The owner must be a superuser: rows of all tenants are written at once, past triggers and row security.
    """
    with closing(psycopg2.connect(owner_url)) as connection, connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica; set synchronous_commit = off")
        cursor.execute("set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 2")
        _copy_tenants(cursor, key, sites)
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'drop index "{name}"')
        cursor.execute(_REPORTS, {"reader": ACCOUNT, "each": reports_each})
        cursor.execute(_STARS, {"reader": ACCOUNT})
        cursor.execute("insert into change_marks (tenant_id) select id from tenants")
        for _, definition in indexes:
            cursor.execute(definition)
        connection.commit()
        connection.autocommit = True
        cursor.execute("vacuum (analyze, freeze) reports, stars, tenants, change_marks")
        cursor.execute("checkpoint")


def _copy_tenants(cursor: psycopg2.extensions.cursor, key: str, sites: Iterable[Site]) -> None:
    cipher = Secrets(secret_keys(key))
    lines = StringIO()
    for site in sites:
        sealed = cipher.seal(str(site.tenant_id), site.secret)
        lines.write(
            f"{site.tenant_id}\t{site.tenant_id}\thttps://{site.tenant_id}.atlassian.net\tactive\t"
            f"\\\\x{sealed.data.hex()}\t{sealed.key_id}\t2026-01-01\n"
        )
    lines.seek(0)
    columns = ("id", "client_key", "base_url", "state", "secret", "secret_key_id", "last_event_at")
    cursor.copy_from(lines, "tenants", columns=columns)
