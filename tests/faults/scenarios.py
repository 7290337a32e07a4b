"""For each kind of task: something for it to do, and what is there when it was done exactly once."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.audit import AUDIT_SWEEP
from core.backups.make import make_backup
from core.backups.shelf import Shelf, new_id
from core.backups.tasks import BACKUP, BACKUP_CHECK, BACKUP_SWEEP, RESTORE_DRILL
from core.export import EXPORT_SWEEP
from core.ids import uuid7
from core.imports import IMPORT_SWEEP
from core.ledger import KEPT_FOR, Closed, Deleted, Ledger, Purged
from core.leftovers import LEFTOVERS_SWEEP
from core.mailing import MESSAGE_SWEEP
from core.personal_data.cycles import ACCOUNTS_SWEEP
from core.personal_data.hashes import HASHING
from core.purge import PURGE, RETENTION_SWEEP
from core.reports.sweep import REPORT_SWEEP
from core.store import Store
from tests.faults.lane import Case, Lane
from tests.imported_sites import asked_for, begun, shown
from tests.imports import packed, whole
from tests.notices import Notices
from tests.personal_data import GONE, Site

REPORTS = 3
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_COUNTED = ("reports", "report_versions", "stars", "gadgets", "site_settings", "audit")


@dataclass(frozen=True)
class Scenario:
    """`prepare` asks for the task; `effect` tells what is there when it has ended, the same for each case."""

    prepare: Callable[[Lane], Case]
    effect: Callable[[Lane, Case], object]


def rows(lane: Lane, tenant: UUID) -> dict[str, int]:
    """The number of a tenant's rows by table."""
    return {
        table: lane.find(f"select count(*) from {table} where tenant_id = %s", str(tenant))[0][0]
        for table in _COUNTED
    }


def files(lane: Lane, tenant: UUID, folder: str = "exports") -> int:
    """The number of a tenant's files."""
    return sum(1 for _ in lane.place.store.files(f"{folder}/{tenant}"))


def entries(lane: Lane) -> list[Any]:
    """All of the ledger."""
    return list(Ledger.of(lane.place.settings).entries(_LONG_AGO))


def prepare_export(lane: Lane) -> Case:
    tenant = lane.place.tenant(reports=REPORTS)
    return Case(lane.place.request_export(tenant), tenant)


def exported(lane: Lane, case: Case) -> object:
    """Numbers of rows, of a document that is a quiet export's to the byte, but for times and tasks."""
    first = lane.place.task(case.tenant, case.task)
    quiet = lane.place.request_export(case.tenant)
    lane.finish(quiet)
    one, other = (_timeless(lane.place.document(lane.place.task(case.tenant, t))) for t in (case.task, quiet))
    assert one == other
    assert first.result is not None
    return {name: number for name, number in first.result["counts"].items() if name != "tasks"}


def _timeless(file: bytes) -> bytes:
    document = gzip.decompress(file)
    without_tasks = re.sub(rb'\n"tasks": \[.*?\n\]|"tasks": \d+', b"", document, flags=re.DOTALL)
    return re.sub(rb'"exported_at": "[^"]*"', b"", without_tasks)


def prepare_check(lane: Lane) -> Case:
    site = Site(lane.place, lane.jira)
    site.install()
    tenant = site.id
    import_id = begun(lane.place, tenant, packed(whole()))
    asked_for(lane.place, tenant, import_id, "check")
    return Case(_task_of_import(lane, import_id), tenant, {"import": import_id})


def prepare_apply(lane: Lane) -> Case:
    with lane.spared():
        checked = prepare_check(lane)
        lane.finish(checked.task)
    asked_for(lane.place, checked.tenant, checked.about["import"], "apply")
    return Case(_task_of_import(lane, checked.about["import"]), checked.tenant, checked.about)


def _task_of_import(lane: Lane, import_id: UUID) -> UUID:
    ((task,),) = lane.find("select task_id from imports where id = %s", str(import_id))
    return UUID(str(task))


def imported(lane: Lane, case: Case) -> object:
    found = shown(lane.place, case.tenant, case.about["import"])
    return (
        found.state,
        found.found,
        found.applied,
        rows(lane, case.tenant),
        files(lane, case.tenant, "imports"),
    )


def prepare_purge(lane: Lane) -> Case:
    tenant = lane.place.tenant(reports=REPORTS)
    lane.finish(lane.place.request_export(tenant))
    return Case(lane.request(PURGE, tenant, requested_by="ann"), tenant)


def purged(lane: Lane, case: Case) -> object:
    receipts = lane.find(
        "select counts ->> 'reports', files from purge_receipts where id = %s", str(case.task)
    )
    connected = lane.find("select count(*) from tenants where client_key = %s", str(case.tenant))
    kept = [entry for entry in entries(lane) if isinstance(entry, Purged) and entry.id == case.task]
    return receipts, connected, len(kept), rows(lane, case.tenant), files(lane, case.tenant)


def prepare_cleanup(lane: Lane) -> Case:
    tenant = lane.place.tenant(reports=REPORTS)
    lane.finish(lane.place.request_export(tenant))
    _uninstall(lane, tenant)
    return Case(_task(lane, tenant, "uninstall-cleanup"), tenant)


def _uninstall(lane: Lane, tenant: UUID) -> None:
    with lane.place.api() as database:
        database.read_system(
            "select change_tenant(%s, 'uninstalled', null, now(), %s, 'b', now())", (tenant, uuid7().bytes)
        )


def _task(lane: Lane, tenant: UUID, kind: str) -> UUID:
    ((task,),) = lane.find("select id from tasks where tenant_id = %s and kind = %s", str(tenant), kind)
    return UUID(str(task))


def cleaned_up(lane: Lane, case: Case) -> object:
    left = lane.find("select count(*) from tasks where tenant_id = %s and kind = 'export'", str(case.tenant))
    return left, rows(lane, case.tenant)["reports"], files(lane, case.tenant)


def _site(lane: Lane) -> Site:
    lane.jira.closed.add(GONE)
    site = Site(lane.place, lane.jira)
    site.install()
    site.plant(GONE)
    return site


def prepare_report(lane: Lane) -> Case:
    site = _site(lane)
    site.due()
    return Case(_task(lane, site.id, "personal-data-report"), site.id)


def reported(lane: Lane, case: Case) -> object:
    cycles = lane.find(
        "select ended_at is not null from account_report_cycles where tenant_id = %s order by due_at",
        str(case.tenant),
    )
    told = any(isinstance(entry, Closed) and entry.tenant_id == case.tenant for entry in entries(lane))
    to_atlassian = {account for call in lane.jira.reported() for account in call}
    return cycles, told, sorted(to_atlassian), _places(lane, case.tenant)


def _places(lane: Lane, tenant: UUID) -> int:
    """In how many rows the account stands."""
    site = Site(lane.place, lane.jira, tenant)
    return sum(GONE in row for found in site.rows().values() for row in found)


def prepare_hashing(lane: Lane) -> Case:
    site = _site(lane)
    site.uninstall(ago=timedelta(days=31))
    lane.finish(_task(lane, site.id, "uninstall-cleanup"))
    return Case(lane.request(HASHING, site.id), site.id)


def hashed(lane: Lane, case: Case) -> object:
    number = lane.find("select count(*) from hashed_accounts where tenant_id = %s", str(case.tenant))
    return number, _places(lane, case.tenant)


def prepare_notices(lane: Lane) -> Case:
    lane.change_as_owner("delete from tenants")
    lane.mail.taken.clear()
    notices = Notices(lane.place, lane.mail)
    for number in range(3):
        notices.site(f"{uuid7()}", f"contact{number}@acme.example")
    notification = notices.write()
    ((task,),) = lane.find("select id from tasks where kind = 'notify' and subject = %s", str(notification))
    return Case(UUID(str(task)), about={"notification": notification})


def notified(lane: Lane, case: Case) -> object:
    """States by address, and how often each was mailed."""
    notices = Notices(lane.place, lane.mail)
    return notices.states(case.about["notification"]), dict(notices.mailed)


def shelf(lane: Lane) -> Shelf:
    return Shelf(Store.for_backups(lane.place.settings))


def prepare_backup(lane: Lane) -> Case:
    return Case(lane.request(BACKUP))


def backed_up(lane: Lane, case: Case) -> object:
    """How many backups the task made, each read to its end."""
    made = [shelf(lane).manifest(backup) for backup in shelf(lane).ids()]
    mine = [manifest for manifest in made if manifest.task == str(case.task)]
    for manifest in mine:
        assert sum(map(len, shelf(lane).content(manifest))) == manifest.size
    return len(mine)


def _with_backup(lane: Lane) -> None:
    if not shelf(lane).ids():
        lane.place.tenant(reports=REPORTS)
        make_backup(lane.place.urls.backup, shelf(lane))


def prepare_drill(lane: Lane) -> Case:
    _with_backup(lane)
    return Case(lane.request(RESTORE_DRILL))


def drilled(lane: Lane, case: Case) -> object:
    left = lane.find(r"select count(*) from pg_database where datname like 'sightline\_drill\_%%'")
    ((result,),) = lane.find("select result from tasks where id = %s", str(case.task))
    return left, {name: value for name, value in result.items() if name != "seconds"}


def prepare_backup_check(lane: Lane) -> Case:
    _with_backup(lane)
    return Case(lane.request(BACKUP_CHECK))


def result(lane: Lane, case: Case) -> object:
    ((found,),) = lane.find("select result from tasks where id = %s", str(case.task))
    return found


def backups_checked(lane: Lane, case: Case) -> object:
    gauges = (lane.place.settings.state_dir / "metrics" / "backups.prom").read_text()
    return result(lane, case), gauges


def prepare_backup_sweep(lane: Lane) -> Case:
    _with_backup(lane)
    manifest = shelf(lane).newest()
    moment = datetime.now(UTC) - timedelta(days=36)
    old = [new_id(moment, f"{number:08x}") for number in range(2)]
    store = Store.for_backups(lane.place.settings)
    for backup in old:
        store.put(f"backups/{backup}/database", [b"x"], owner="backups")
        store.put(f"backups/{backup}/manifest", [manifest.document()], owner="backups")
    return Case(lane.request(BACKUP_SWEEP))


def backups_swept(lane: Lane, _: Case) -> object:
    return len(shelf(lane).ids()), sum(1 for _ in Store.for_backups(lane.place.settings).files("backups"))


def prepare_export_sweep(lane: Lane) -> Case:
    case = prepare_export(lane)
    lane.finish(case.task)
    lane.place.age_tasks(timedelta(days=8))
    stray(lane, f"exports/{case.tenant}/{uuid7()}/left.json.gz")
    return Case(lane.request(EXPORT_SWEEP), about={"of": case.tenant})


def stray(lane: Lane, name: str) -> None:
    """A file that nobody knows, of the day before yesterday."""
    lane.place.store.put(name, [b"x"], owner="nobody")
    then = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(lane.place.settings.state_dir / "store" / name, (then, then))


def exports_swept(lane: Lane, case: Case) -> object:
    of = case.about["of"]
    return lane.find("select count(*) from tasks where tenant_id = %s", str(of)), files(lane, of)


def prepare_import_sweep(lane: Lane) -> Case:
    tenant = lane.place.tenant()
    import_id = begun(lane.place, tenant, packed(whole()))
    lane.change("update imports set touched_at = now() - interval '2 days'")
    stray(lane, f"imports/{tenant}/{begun(lane.place, tenant, b'x')}/1-left")
    return Case(lane.request(IMPORT_SWEEP), about={"of": tenant, "import": import_id})


def imports_swept(lane: Lane, case: Case) -> object:
    ended = lane.find("select ended from imports where id = %s", str(case.about["import"]))
    return ended, files(lane, case.about["of"], "imports")


def prepare_report_sweep(lane: Lane) -> Case:
    tenant = lane.place.tenant(reports=REPORTS)
    lane.change_as_owner(
        "update reports set deleted_at = now() - interval '31 days'"
        " where tenant_id = %s and name <> 'Report 1'",
        str(tenant),
    )
    return Case(lane.request(REPORT_SWEEP), about={"of": tenant})


def reports_swept(lane: Lane, case: Case) -> object:
    """What is left, and how many the ledger names, however often."""
    told = [e for e in entries(lane) if isinstance(e, Deleted) and e.tenant_id == case.about["of"]]
    return rows(lane, case.about["of"])["reports"], len({one for entry in told for one in entry.report_ids})


def prepare_audit_sweep(lane: Lane) -> Case:
    tenant = lane.place.tenant()
    for days in (800, 1):
        lane.change_as_owner(
            "insert into audit (tenant_id, event, account_id, at)"
            " values (%s, 'settings-changed', 'ann', now() - %s * interval '1 day')",
            str(tenant), days,
        )  # fmt: skip
    return Case(lane.request(AUDIT_SWEEP), about={"of": tenant})


def rows_left(lane: Lane, case: Case) -> object:
    return rows(lane, case.about["of"])


def prepare_leftovers(lane: Lane) -> Case:
    tenant = lane.place.tenant()
    for hours in (-1, 1):
        lane.change_as_owner(
            "insert into accepted_callbacks values (%s, %s, 'body', now() + %s * interval '1 hour')",
            str(tenant), uuid7().bytes, hours,
        )  # fmt: skip
    lane.change_as_owner(
        "insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed, finished_at)"
        " values (%s, gen_random_uuid(), 'uninstall-cleanup', 5, 'done', 5, now() - interval '31 days')",
        str(tenant),
    )
    then = datetime.now(UTC) - KEPT_FOR - timedelta(days=2)
    Ledger.of(lane.place.settings).record(Deleted(tenant_id=tenant, report_ids=(uuid7(),), at=then))
    return Case(lane.request(LEFTOVERS_SWEEP), about={"of": tenant})


def leftovers_swept(lane: Lane, case: Case) -> object:
    of = str(case.about["of"])
    left = [
        lane.find(f"select count(*) from {table} where tenant_id = %s", of)
        for table in ("accepted_callbacks", "tasks")
    ]
    return left, [entry for entry in entries(lane) if isinstance(entry, Deleted)]


def prepare_message_sweep(lane: Lane) -> Case:
    notices = Notices(lane.place, lane.mail)
    tenant = notices.site(f"{uuid7()}", "old@acme.example")
    notices.write()
    lane.change("update tasks set state = 'cancelled', finished_at = now() where kind = 'notify'")
    lane.change("update notification_messages set state = 'sent', created_at = now() - interval '91 days'")
    return Case(lane.request(MESSAGE_SWEEP), about={"of": tenant})


def messages_swept(lane: Lane, case: Case) -> object:
    return lane.find(
        "select address is null from notification_messages where tenant_id = %s", str(case.about["of"])
    )


def prepare_accounts_sweep(lane: Lane) -> Case:
    site = _site(lane)
    lane.change_as_owner("update account_report_cycles set due_at = now() where ended_at is null")
    return Case(lane.request(ACCOUNTS_SWEEP), about={"of": site.id})


def accounts_swept(lane: Lane, case: Case) -> object:
    tasks = "select count(*) from tasks where tenant_id = %s and kind = 'personal-data-report'"
    return lane.find(tasks, str(case.about["of"]))


def prepare_retention(lane: Lane) -> Case:
    tenant = lane.place.tenant(reports=REPORTS)
    _uninstall(lane, tenant)
    lane.finish(_task(lane, tenant, "uninstall-cleanup"))
    lane.change_as_owner(
        "update tenants set uninstalled_at = now() - interval '31 days' where id = %s", str(tenant)
    )
    return Case(lane.request(RETENTION_SWEEP), about={"of": tenant})


def retained(lane: Lane, case: Case) -> object:
    """That a purge was asked for once, and done where somebody works."""
    of = str(case.about["of"])
    return lane.find(
        "select (select count(*) from tasks where tenant_id = %s and kind = 'purge')"
        " + (select 1 - count(*) from tenants where id = %s)",
        of, of,
    )  # fmt: skip


SCENARIOS: dict[str, Scenario] = {
    "export": Scenario(prepare_export, exported),
    "import": Scenario(prepare_apply, imported),
    "import, its check": Scenario(prepare_check, imported),
    "purge": Scenario(prepare_purge, purged),
    "uninstall-cleanup": Scenario(prepare_cleanup, cleaned_up),
    "personal-data-report": Scenario(prepare_report, reported),
    "hash-accounts": Scenario(prepare_hashing, hashed),
    "notify": Scenario(prepare_notices, notified),
    "backup": Scenario(prepare_backup, backed_up),
    "restore-drill": Scenario(prepare_drill, drilled),
    "check-backups": Scenario(prepare_backup_check, backups_checked),
    "sweep-backups": Scenario(prepare_backup_sweep, backups_swept),
    "sweep-exports": Scenario(prepare_export_sweep, exports_swept),
    "sweep-imports": Scenario(prepare_import_sweep, imports_swept),
    "sweep-reports": Scenario(prepare_report_sweep, reports_swept),
    "sweep-audit": Scenario(prepare_audit_sweep, rows_left),
    "sweep-leftovers": Scenario(prepare_leftovers, leftovers_swept),
    "sweep-notices": Scenario(prepare_message_sweep, messages_swept),
    "sweep-accounts": Scenario(prepare_accounts_sweep, accounts_swept),
    "sweep-retention": Scenario(prepare_retention, retained),
}
