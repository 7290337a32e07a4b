"""A site whose Jira answers on loopback, and an account planted wherever one can stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg2.extensions
from psycopg2 import sql

from core.ids import uuid7
from core.personal_data.cycles import REPORTING, request_reports
from core.personal_data.hashes import HASHING, request_hashing
from core.secrets import Secrets
from core.tasks import Kind, Task, list_tasks
from tests.jira_server import JiraServer
from tests.separation import rows_of, session
from tests.workers import Workplace

GONE = "5be24ba3f91c106033269289"
STAYS = "5be24ad8b1653240376955d2"
SECRET = "a secret that the site and we share"
INSTALL = (
    "select outcome from install_tenant(%s, %s, %s, %s, %s, now(), %s, 'b', now() + interval '1 minute')"
)
UNINSTALL = "select change_tenant(%s, 'uninstalled', null, now(), %s, 'b', now() + interval '1 minute')"


def definition_of(account: str) -> dict[str, Any]:
    """A sound definition that names an account in every way."""
    return {
        "jql": f"project = A AND assignee in ({account}, '{STAYS}') OR text ~ \"[~accountid:{account}]\"",
        "columns": [{"of": {"field": "issuekey"}, "label": f"For {account}"}],
        "filters": [{"of": {"field": "assignee"}, "operator": "any of", "values": [account, STAYS]}],
    }


@dataclass
class Site:
    """A tenant of `place`, with the secret with which it signs."""

    place: Workplace
    jira: JiraServer
    id: UUID = field(default_factory=uuid7)

    @property
    def client_key(self) -> str:
        """What it signs as."""
        return str(self.id)

    def install(self) -> None:
        """Installs the app, as the lifecycle does."""
        sealed = Secrets(self.place.settings.secret_keys).seal(self.client_key, SECRET)
        values = (self.id, self.client_key, self.jira.url, sealed.data, sealed.key_id, uuid7().bytes)
        with self.place.api() as database:
            assert database.read_system(INSTALL, values) == [{"outcome": "accepted"}]

    def uninstall(self, *, ago: timedelta = timedelta()) -> None:
        """Uninstalls it, some time ago."""
        with self.place.api() as database:
            database.read_system(UNINSTALL, (self.id, uuid7().bytes))
        with self.everything() as cursor:
            cursor.execute(
                "update tenants set uninstalled_at = now() - %s, last_event_at = last_event_at - %s"
                " where id = %s",
                (ago, ago, str(self.id)),
            )
            cursor.execute(
                "update account_keys set hashed_at = hashed_at - %s where tenant_id = %s", (ago, str(self.id))
            )

    @contextmanager
    def everything(self) -> Iterator[psycopg2.extensions.cursor]:
        """A transaction that sees all."""
        with session(self.place.urls.owner) as cursor:
            yield cursor

    def report(self, name: str = "A report", *, account: str = STAYS, **columns: object) -> UUID:
        """A report with whatever columns."""
        given = {
            "tenant_id": str(self.id),
            "id": str(uuid7()),
            "name": name,
            "name_key": name.casefold(),
            "definition": json.dumps({"jql": "", "columns": [{"of": {"field": "issuekey"}}]}),
            "administrators": [account],
            "created_by": account,
            "updated_by": account,
            **columns,
        }
        names = sql.SQL(", ").join(map(sql.Identifier, given))
        places = sql.SQL(", ").join(map(sql.Placeholder, given))
        with self.everything() as cursor:
            cursor.execute(sql.SQL("insert into reports ({}) values ({})").format(names, places), given)
        return UUID(str(given["id"]))

    def plant(self, account: str) -> UUID:
        """Has an account stand in every place; the id of the report that is theirs alone."""
        theirs = self.report(
            f"For {account}",
            account=account,
            description=f"Made by [~accountid:{account}]",
            definition=json.dumps(definition_of(account)),
            administrators=[account],
            shared_accounts=[STAYS, account],
        )
        shared = self.report("Shared", administrators=[STAYS, account], updated_by=account)
        values = {"tenant": str(self.id), "account": account, "report": str(theirs), "shared": str(shared)}
        with self.everything() as cursor:
            cursor.execute(
                "update reports set description = description || '!', version = 2"
                " where tenant_id = %(tenant)s and id = %(report)s",
                values,
            )
            for statement in _PLANTED:
                cursor.execute(statement, values)
        return theirs

    def work(self, kind: Kind) -> Task:
        """Has what is due of this site's work done in this process; the latest task of a kind."""
        while self.place.work() != "nothing":
            pass
        return self.tasks(kind)[0]

    def tasks(self, kind: Kind) -> list[Task]:
        """The site's tasks of a kind, the newest first."""
        with self.place.api() as database, database.tenant(self.id) as cursor:
            return list_tasks(cursor, self.id, kind)

    def hash_accounts(self) -> Task:
        """Has the accounts hashed that are to be."""
        with self.place.as_worker() as database:
            request_hashing(database, at_most=100)
        return self.work(HASHING)

    def due(self) -> None:
        """Has the present cycle be due, and its task written."""
        with self.place.as_worker() as database:
            request_reports(database, at_most=100)
            with self.everything() as cursor:
                cursor.execute(
                    "update account_report_cycles set due_at = now()"
                    " where tenant_id = %s and ended_at is null and due_at > now()",
                    (str(self.id),),
                )
            request_reports(database, at_most=100)

    def report_later(self) -> None:
        """Has no cycle of the site be due for days."""
        with self.everything() as cursor:
            cursor.execute(
                "insert into account_report_cycles (tenant_id, due_at)"
                " values (%s, now() + interval '3 days')",
                (str(self.id),),
            )

    def report_accounts(self) -> Task:
        """Does a cycle, as far as it goes now."""
        self.due()
        return self.work(REPORTING)

    def go_on(self) -> Task:
        """Goes on with work that was put off."""
        with self.everything() as cursor:
            cursor.execute("update tasks set due_at = now() where state = 'queued'")
        return self.work(REPORTING)

    def cycles(self) -> list[dict[str, Any]]:
        """The record, the oldest first."""
        with self.everything() as cursor:
            cursor.execute(
                "select to_jsonb(c) from account_report_cycles c where tenant_id = %s order by due_at",
                (str(self.id),),
            )
            return [row for (row,) in cursor.fetchall()]

    def row(self, report: UUID) -> dict[str, Any]:
        """A report as it is stored."""
        with self.everything() as cursor:
            cursor.execute("select to_jsonb(r) from reports r where id = %s", (str(report),))
            (found,) = cursor.fetchone() or (None,)
        assert isinstance(found, dict)
        return found

    def waiting_for_locks(self) -> int:
        """How many of the worker's sessions wait for somebody else's lock."""
        with self.everything() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and usename = 'sightline_worker' and wait_event_type = 'Lock'"
            )
            (number,) = cursor.fetchone() or (0,)
            return int(number)

    def rows(self) -> dict[str, list[str]]:
        """All that is stored of the site, with the transactions that wrote it."""
        return rows_of(self.place.urls, self.id)


_PLANTED = (
    "insert into stars values (%(tenant)s, %(account)s, %(report)s)",
    "insert into gadgets (tenant_id, dashboard, item, report_id, set_by)"
    " values (%(tenant)s, '1', '2', %(report)s, %(account)s)",
    "insert into site_settings (tenant_id, contact_addresses, updated_by)"
    " values (%(tenant)s, '{}', %(account)s)",
    "insert into imports (tenant_id, id, created_by, found, unknown_accounts, ended, ended_at, applied, step,"
    " task_id) values (%(tenant)s, new_id(), %(account)s, jsonb_build_object('by', %(account)s),"
    " array[%(account)s], 'done', now(), jsonb_build_object('by', %(account)s), 'apply', new_id())",
    "insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed, params, result, requested_by,"
    " finished_at) values (%(tenant)s, new_id(), 'export', 5, 'failed', 1,"
    " jsonb_build_object('by', %(account)s), jsonb_build_object('by', %(account)s), %(account)s, now())",
    "insert into audit (tenant_id, event, account_id, host, subject) values"
    " (%(tenant)s, 'export-requested', %(account)s, 'connect', %(report)s)",
    "insert into audit (tenant_id, event, account_id, host, details) values"
    " (%(tenant)s, 'refused', %(account)s, 'connect', '{\"route\": \"GET /api/v1/audit\"}')",
    "insert into audit (tenant_id, event, account_id, host, subject, details) values"
    " (%(tenant)s, 'report-taken-over', 'eve', 'connect', %(shared)s,"
    "  jsonb_build_object('administrators', jsonb_build_array(%(account)s, 'eve')))",
    "insert into audit (tenant_id, event, account_id, host, subject, details) values"
    " (%(tenant)s, 'sharing-changed', 'eve', 'connect', %(shared)s,"
    "  jsonb_build_object('accounts', jsonb_build_object('added', jsonb_build_array(%(account)s))))",
)
