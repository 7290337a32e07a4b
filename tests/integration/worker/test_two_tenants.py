"""Every kind of task, done for one site or for the service, leaves another site as it was and unread."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.audit import AUDIT_SWEEP
from core.backups.tasks import BACKUP, BACKUP_CHECK, BACKUP_SWEEP, RESTORE_DRILL
from core.export import EXPORT, EXPORT_SWEEP
from core.ids import uuid7
from core.imports import IMPORT, IMPORT_SWEEP
from core.leftovers import LEFTOVERS_SWEEP
from core.mailing import MESSAGE_SWEEP, NOTIFY
from core.personal_data.cycles import ACCOUNTS_SWEEP, REPORTING
from core.personal_data.hashes import HASHING
from core.purge import PURGE, RETENTION_SWEEP
from core.reports.sweep import REPORT_SWEEP, RESTORABLE_FOR
from core.secrets import Secrets
from core.setting_types import new_secret_key
from core.tasks import SERVICE, request_task
from core.uninstall import UNINSTALL_CLEANUP
from tests.databases import DatabaseUrls
from tests.jira_server import JiraServer, jira_server
from tests.mail_server import mail_server
from tests.separation import TRIPPED, breaches, rows_of, session, stretch_tripwire
from tests.workers import Workplace, workplace
from worker.kinds import runners

WORDS = "Planted words of the other site"
DAY = timedelta(days=1)
_FURNISH = """
    insert into reports (tenant_id, id, name, name_key, description, definition, administrators, created_by,
                         updated_by, visibility, deleted_at)
    values (%(tenant)s, %(live)s, %(words)s, 'w', %(words)s, '{}', '{ann}', 'ann', 'ann', 'public', null),
           (%(tenant)s, %(deleted)s, %(words)s, 'w', '', '{}', '{ann}', 'ann', 'ann', 'private',
            now() - %(age)s);
    insert into stars values (%(tenant)s, 'ann', %(live)s);
    update reports set description = 'changed', version = 2 where id in (%(live)s, %(deleted)s);
    insert into gadgets (tenant_id, dashboard, item, report_id, set_by)
    values (%(tenant)s, '10000', '10010', %(live)s, 'ann');
    insert into site_settings (tenant_id, contact_addresses, updated_by)
    values (%(tenant)s, array[%(words)s], 'ann');
    insert into notification_messages (tenant_id, id, notification_id, template, lapses, site, address,
                                       sender, subject, body, message_id, state, created_at)
    values (%(tenant)s, gen_random_uuid(), gen_random_uuid(), 'breach', false, 'https://x.example',
            'contact@x.example', 'us@y.example', %(words)s, '[]', 'id@y.example', 'sent',
            now() - interval '89 days');
    insert into audit (tenant_id, event, account_id, at)
    values (%(tenant)s, 'settings-changed', 'ann', now()), (%(tenant)s, 'installed', null, now() - %(old)s);
    insert into imports (tenant_id, id, created_by) values (%(tenant)s, %(live)s, 'ann');
    insert into import_parts values (%(tenant)s, %(live)s, 1, 1, sha256('x'), 'imports/x');
    insert into account_report_cycles (tenant_id, due_at) values (%(tenant)s, now() + interval '1 day');
    insert into account_keys values (%(tenant)s, '\\x00', 'k', now());
    insert into hashed_accounts values (%(tenant)s, 'hashedaaaaaaaaaaaaaaaaaa');
    insert into purge_receipts
    values (%(tenant)s, gen_random_uuid(), repeat('a', 64), repeat('b', 32), 'operator', %(words)s, now(),
            now(), now(), '{}', 0, current_date);
    insert into accepted_callbacks values (%(tenant)s, 'token', 'body', now() + interval '1 hour');
    insert into tasks (tenant_id, id, kind, subject, urgency, state, due_at, attempts_allowed)
    values (%(tenant)s, gen_random_uuid(), 'export', 'later', 0, 'waiting', now() + interval '1 day', 5);
"""


@dataclass(frozen=True)
class World:
    """Two sites, furnished alike; the tasks are done for the first one."""

    place: Workplace
    here: UUID
    there: UUID
    report: UUID
    jira: JiraServer

    def expire(self, what: str) -> None:
        """Makes something of the first site older than it is kept."""
        with session(self.place.urls.owner) as cursor:
            cursor.execute(what, {"here": str(self.here)})


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Workplace]:
    stretch_tripwire(database)
    with mail_server() as server:
        made = workplace(database, redis_url, tmp_path)
        made.environment["SMTP_URL"] = server.url
        yield made


@pytest.fixture
def jira() -> Iterator[JiraServer]:
    with jira_server() as there:
        yield there


@pytest.fixture
def world(place: Workplace, jira: JiraServer) -> World:
    here, there, report = place.tenant(), place.tenant(), uuid7()
    for tenant, live, words in ((here, uuid7(), "Ours"), (there, report, WORDS)):
        with session(place.urls.owner) as cursor:
            cursor.execute(
                _FURNISH,
                {
                    "tenant": str(tenant), "live": str(live), "deleted": str(uuid7()), "words": words,
                    "age": RESTORABLE_FOR - DAY, "old": place.settings.audit_retention - DAY,
                },
            )  # fmt: skip
        place.request_export(tenant)
        assert place.work() == "done"
    return World(place, here, there, report, jira)


def export(world: World) -> None:
    """With all that a task can carry naming the other site and its report."""
    theirs = {"tenant_id": str(world.there), "report": str(world.report)}
    with world.place.api() as database, database.tenant(world.here) as cursor:
        request_task(cursor, EXPORT, world.here, subject=str(world.report), params=theirs, requested_by="ann")


def sweep_exports(world: World) -> None:
    world.expire("update tasks set finished_at = finished_at - interval '8 days' where tenant_id = %(here)s")
    world.place.schedule(EXPORT_SWEEP)


def import_site(world: World) -> None:
    """Of the other site's import, which has the id of its report."""
    with world.place.api() as database, database.tenant(world.here) as cursor:
        params = {"step": "check", "host": "connect"}
        request_task(cursor, IMPORT, world.here, subject=str(world.report), params=params, requested_by="ann")


def sweep_imports(world: World) -> None:
    world.expire("update imports set touched_at = now() - interval '2 days' where tenant_id = %(here)s")
    world.place.schedule(IMPORT_SWEEP)


def sweep_reports(world: World) -> None:
    world.expire("update reports set deleted_at = deleted_at - interval '2 days' where tenant_id = %(here)s")
    world.place.schedule(REPORT_SWEEP)


def sweep_audit(world: World) -> None:
    world.expire("update audit set at = at - interval '2 days' where tenant_id = %(here)s")
    world.place.schedule(AUDIT_SWEEP)


def sweep_leftovers(world: World) -> None:
    world.expire("update accepted_callbacks set expires_at = now() where tenant_id = %(here)s")
    world.place.schedule(LEFTOVERS_SWEEP)


def sweep_notices(world: World) -> None:
    world.expire(
        "update notification_messages set created_at = created_at - interval '2 days'"
        " where tenant_id = %(here)s"
    )
    world.place.schedule(MESSAGE_SWEEP)


def notify(world: World) -> None:
    """One message to the first site's contact, and a finished one of the same notification to the other's."""
    notification = uuid7()
    world.expire(
        f"update notification_messages set notification_id = '{notification}',"
        " state = case tenant_id when %(here)s then 'waiting' else state end"
    )
    with world.place.api() as database, database.tenant(SERVICE) as cursor:
        request_task(cursor, NOTIFY, SERVICE, subject=str(notification))


def uninstall_cleanup(world: World) -> None:
    """With the other site uninstalled in the same state, but without a task of its own."""
    with world.place.api() as database:
        database.read_system(
            "select change_tenant(%s, 'uninstalled', null, now(), 't', 'b', now())", (world.here,)
        )


def sweep_accounts(world: World) -> None:
    world.expire("update account_report_cycles set due_at = now() where tenant_id = %(here)s")
    world.place.schedule(ACCOUNTS_SWEEP)


def personal_data_report(world: World) -> None:
    """Of a site where the account was closed that the other one has, too."""
    world.jira.closed.add("ann")
    shared = "a secret of decent length that both share"
    sealed = Secrets(world.place.settings.secret_keys).seal(str(world.here), shared)
    world.expire(
        f"update tenants set base_url = '{world.jira.url}', secret = '\\x{sealed.data.hex()}',"
        f" secret_key_id = '{sealed.key_id}' where id = %(here)s;"
        " update account_report_cycles set due_at = now() where tenant_id = %(here)s"
    )
    with world.place.api() as database, database.tenant(world.here) as cursor:
        request_task(cursor, REPORTING, world.here)


def hash_accounts(world: World) -> None:
    world.expire("delete from account_keys where tenant_id = %(here)s")
    with world.place.api() as database, database.tenant(world.here) as cursor:
        request_task(cursor, HASHING, world.here)
    world.expire(
        "update tenants set state = 'uninstalled', uninstalled_at = now() - interval '31 days'"
        " where id = %(here)s"
    )


def purge(world: World) -> None:
    with world.place.api() as database, database.tenant(world.here) as cursor:
        request_task(cursor, PURGE, world.here, params={"reason": WORDS}, requested_by="ann")


def sweep_retention(world: World) -> None:
    world.place.environment["RETENTION_AFTER_UNINSTALL"] = "P30D"
    uninstall_cleanup(world)
    world.expire("delete from tasks where kind = 'uninstall-cleanup'")
    world.expire("update tenants set uninstalled_at = now() - interval '31 days' where id = %(here)s")
    world.place.schedule(RETENTION_SWEEP)


def with_backups(world: World) -> None:
    """Of all sites alike."""
    world.place.environment |= {
        "BACKUP_DATABASE_URL": world.place.urls.backup, "BACKUP_KEYS": new_secret_key(),
        "DRILL_DATABASE_URL": world.place.urls.owner,
    }  # fmt: skip


def backup(world: World) -> None:
    with_backups(world)
    world.place.schedule(BACKUP)


def check_backups(world: World) -> None:
    with_backups(world)
    world.place.schedule(BACKUP_CHECK)


def sweep_backups(world: World) -> None:
    with_backups(world)
    world.place.schedule(BACKUP_SWEEP)


def restore_drill(world: World) -> None:
    backup(world)
    assert world.place.work() == "done"
    world.place.schedule(RESTORE_DRILL)


# What makes each kind's task, and what its result counts of the first site.
CASES: dict[str, tuple[Callable[[World], None], dict[str, object]]] = {
    EXPORT.name: (export, {}),
    IMPORT.name: (import_site, {}),
    IMPORT_SWEEP.name: (sweep_imports, {"cancelled": 1, "removed": 0, "strays": 0}),
    EXPORT_SWEEP.name: (sweep_exports, {"expired": 1, "strays": 0}),
    REPORT_SWEEP.name: (sweep_reports, {"removed": 1}),
    AUDIT_SWEEP.name: (sweep_audit, {"removed": 1}),
    MESSAGE_SWEEP.name: (sweep_notices, {"forgotten": 1}),
    NOTIFY.name: (notify, {"messages": 2}),
    LEFTOVERS_SWEEP.name: (sweep_leftovers, {"callbacks": 1, "ledger": 0, "tasks": 0}),
    ACCOUNTS_SWEEP.name: (sweep_accounts, {"reports": 1, "hashings": 0}),
    REPORTING.name: (personal_data_report, {"reported": 1, "closed": 1}),
    HASHING.name: (hash_accounts, {"accounts": 1}),
    PURGE.name: (purge, {"reports": 2, "stars": 1, "tasks": 3, "tenants": 0}),
    RETENTION_SWEEP.name: (sweep_retention, {"requested": 1}),
    BACKUP.name: (backup, {}),
    BACKUP_CHECK.name: (check_backups, {"set_up": True}),
    BACKUP_SWEEP.name: (sweep_backups, {"removed": [], "unfinished": 0}),
    RESTORE_DRILL.name: (restore_drill, {"migrated": []}),
    UNINSTALL_CLEANUP.name: (uninstall_cleanup, {"cancelled": 1, "imports": 1, "removed": 1, "files": 1}),
}


def test_every_kind_of_task_has_a_case() -> None:
    assert set(CASES) == set(runners()), "say in CASES what one site's task could do to another's things"


def latest_result(world: World, kind: str) -> dict[str, object]:
    done = "select result from tasks where kind = %s and state = 'done' order by finished_at desc limit 1"
    # A purge takes its own task along.
    receipt = "select counts from purge_receipts where %s = 'purge' order by ended_at desc limit 1"
    with session(world.place.urls.backup) as cursor:
        cursor.execute(receipt if kind == PURGE.name else done, (kind,))
        row = cursor.fetchone()
    assert row is not None
    result: dict[str, object] = row[0]
    return result


def files_of(world: World, tenant: UUID) -> dict[str, bytes]:
    store = world.place.store
    names = [name for name in world.place.stored() if str(tenant) in name]
    files = {name: store.open(name, owner=str(tenant)) for name in names}
    return {name: b"".join(file.read(0, file.length)) for name, file in files.items()}


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_task_leaves_another_site_as_it_was(world: World, kind: str) -> None:
    prepare, counted = CASES[kind]
    prepare(world)
    before, files = rows_of(world.place.urls, world.there), files_of(world, world.there)
    assert len(files) == 1

    assert world.place.work() == "done"

    result = latest_result(world, kind)
    assert counted.items() <= result.items()
    assert rows_of(world.place.urls, world.there) == before
    assert files_of(world, world.there) == files
    assert breaches(world.place.urls, world.here, world.there) == []
    assert_nothing_told(world, result)


def assert_nothing_told(world: World, result: dict[str, object]) -> None:
    """Neither in what the task remembers, nor in what it wrote to the store."""
    for name, content in files_of(world, world.here).items():
        document = gzip.decompress(content).decode()
        assert WORDS not in document, name
        # The subject that the task was given is its own site's data, whatever it names.
        assert document.replace(f'"subject" : "{world.report}"', "").find(str(world.report)) == -1, name
    assert str(world.there) not in json.dumps(result)


def test_a_task_that_looks_at_another_sites_row_fails(world: World) -> None:
    with session(world.place.urls.owner) as cursor:
        cursor.execute("alter policy own_tenant on reports using (true)")
    export(world)

    assert world.place.work() == "failed"

    with session(world.place.urls.backup) as cursor:
        cursor.execute("select error from tasks where state = 'queued'")
        row = cursor.fetchone()
    assert row is not None
    assert TRIPPED not in row[0]
