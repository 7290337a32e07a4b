from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jsonschema
import psycopg2
import pytest
from hypothesis import HealthCheck, given, settings

from core.database import Database
from core.export_schema import LISTS, SCHEMA
from core.export_sections import SECTIONS
from core.imports import IMPORT_SWEEP
from core.imports.document import DocumentBroken
from core.imports.steps import Steps
from core.store import Store
from core.tasks_lease import LeaseLost, claim_task
from tests.databases import DatabaseUrls
from tests.documents import documents
from tests.imported_sites import alike, applied, asked_for, begun, caller, imports, shown
from tests.imports import packed, report, uuid, version, whole
from tests.mutations import LONG
from tests.separation import session
from tests.unit.core.imports.test_examination import FILES, TEXTS
from tests.whole_database import dump
from tests.workers import Workplace

EXAMPLES = 200 if LONG else 8


def exported(place: Workplace, tenant_id: UUID) -> dict[str, Any]:
    """The document of a new export of a tenant."""
    task_id = place.request_export(tenant_id)
    assert place.work() == "done"
    document: dict[str, Any] = json.loads(gzip.decompress(place.document(place.task(tenant_id, task_id))))
    return document


def data_of(urls: DatabaseUrls) -> dict[str, list[str]]:
    """All rows but those that tell of tasks and of the imports themselves."""
    return {
        table: rows for table, rows in dump(urls).items() if table not in {"imports", "import_parts", "tasks"}
    }


@settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(document=documents())
def test_what_is_exported_is_there_again_after_an_import(place: Workplace, document: dict[str, Any]) -> None:
    first, second = place.tenant(), place.tenant()
    applied(place, first, packed(document))
    one = exported(place, first)
    applied(place, second, packed(one))
    other = exported(place, second)

    assert alike(one) == alike(document)
    assert alike(other) == alike(one)
    assert all(row["imported"] for row in other["versions"])
    assert {row["id"] for row in one["reports"]}.isdisjoint(row["id"] for row in other["reports"])
    assert [row["event"] for row in other["audit"]] == ["import-applied"]
    for made in (one, other):
        jsonschema.Draft202012Validator(SCHEMA).validate(made)


def test_the_schema_of_the_document_has_every_section_of_the_export() -> None:
    assert [section.name for section in SECTIONS] == list(LISTS)
    assert set(SCHEMA["$defs"]["Counts"]["required"]) == set(LISTS)


FORGED: dict[str, bytes] = {
    **FILES,
    **{name: gzip.compress(text.encode("utf-8", "surrogatepass")) for name, text in TEXTS.items()},
    "another site's tenant": packed(whole(reports=[{**report(), "tenant_id": uuid(5)}])),
    "a star for nothing": packed(whole(stars=[{"account_id": "ada", "report_id": uuid(5)}])),
    "a version of nothing": packed(whole(versions=[version(of=5)])),
    "an id twice": packed(whole(reports=[report(), report()])),
    "nobody administers it": packed(whole(reports=[report(administrators=[])])),
    "the last report of many": packed(
        whole(reports=[*(report(number) for number in range(1, 900)), report(900, name="")])
    ),
    "counts that do not fit": packed(whole(counts={**dict.fromkeys(LISTS, 1), "versions": 2, "stars": 7})),
    "a time to come": packed(whole(reports=[report(created_at="2999-01-01T00:00:00Z")])),
    "a definition that is none": packed(whole(reports=[report(definition={"jql": 1})])),
    "a settings' address that is none": packed(
        whole(settings=[{"contact_addresses": ["x"], "version": 1, "updated_by": "a", "updated_at": "now"}])
    ),
}
CLEAN: dict[str, Any] = {
    "problems": [], "site": "https://acme.atlassian.net", "exported_at": None,
    "adds": {"reports": 1, "deleted_reports": 0, "versions": 0, "stars": 0, "gadgets": 0, "settings": 0},
}  # fmt: skip


def test_a_forged_file_gets_nothing_past_the_check_nor_past_the_application(
    place: Workplace, database: DatabaseUrls
) -> None:
    tenant_id = place.tenant(reports=3)
    before = data_of(database)
    for name, file in FORGED.items():
        import_id = begun(place, tenant_id, file or b"x")
        asked_for(place, tenant_id, import_id, "check")
        assert place.work() == "done", name
        found = shown(place, tenant_id, import_id).found
        assert found is not None
        assert found["problems"], name
        with session(database.owner) as cursor:
            # As if the check had been fooled.
            cursor.execute("update imports set found = %s", (json.dumps(CLEAN),))
        asked_for(place, tenant_id, import_id, "apply")
        assert place.work() == "failed", name
        there = shown(place, tenant_id, import_id)
        assert (there.state, there.applied) == ("failed", None), name
        assert data_of(database) == before, name


def claimed(place: Workplace, database: Database, kind: str = "import") -> Steps:
    """The steps of the import that is due, held by a worker of its own."""
    lease = claim_task(database, [kind], timedelta(seconds=60))
    assert lease is not None
    none: Any = None
    return Steps(database, place.store, none, none, lease, lambda _done, _total: None)


@pytest.fixture
def ready(place: Workplace) -> tuple[UUID, UUID]:
    """A tenant with an import whose application was asked for."""
    tenant_id = place.tenant()
    import_id = begun(place, tenant_id, packed(whole()))
    asked_for(place, tenant_id, import_id, "check")
    assert place.work() == "done"
    asked_for(place, tenant_id, import_id, "apply")
    return tenant_id, import_id


@pytest.mark.usefixtures("ready")
def test_an_application_that_lost_its_lease_leaves_nothing(place: Workplace, database: DatabaseUrls) -> None:
    before = data_of(database)
    worker = Database(database.worker)
    steps = claimed(place, worker)
    with session(database.owner) as cursor:
        cursor.execute(
            "update tasks set lease_token = gen_random_uuid() where kind = 'import' and state = 'running'"
        )

    with pytest.raises(LeaseLost):
        steps.apply()

    worker.close()
    assert data_of(database) == before
    assert list(place.store.files("imports"))


def test_an_application_that_died_after_its_commit_is_not_done_again(
    place: Workplace, database: DatabaseUrls, ready: tuple[UUID, UUID]
) -> None:
    tenant_id, import_id = ready
    worker = Database(database.worker)
    steps = claimed(place, worker)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    dead = Steps(**{**vars(steps), "store": Dying(place.store, die)})
    with pytest.raises(KeyboardInterrupt):
        dead.apply()
    after = data_of(database)
    assert list(place.store.files("imports"))
    with session(database.owner) as cursor:
        cursor.execute("update tasks set leased_until = now() where kind = 'import' and state = 'running'")

    assert place.work() == "done"

    worker.close()
    there = shown(place, tenant_id, import_id)
    assert (there.state, there.applied) == ("done", after and there.applied)
    assert data_of(database) == after
    assert list(place.store.files("imports")) == []


class Dying(Store):
    """A store that does something else than removing folders."""

    def __init__(self, store: Store, instead: Callable[..., None]) -> None:
        self.__dict__ |= vars(store)
        self._instead = instead

    def delete_folder(self, folder: str) -> None:
        self._instead(folder)


def test_an_import_cancelled_in_the_middle_of_its_application_leaves_nothing(
    place: Workplace, database: DatabaseUrls, ready: tuple[UUID, UUID]
) -> None:
    tenant_id, import_id = ready
    before = data_of(database)
    worker = Database(database.worker)
    steps = claimed(place, worker)

    def cancel(done: int, _total: int) -> None:
        if done and shown(place, tenant_id, import_id).state == "running":
            with imports(place) as all_of_them:
                all_of_them.delete(caller(tenant_id), import_id)

    # The file is gone as soon as the import is cancelled; the lease is looked at last.
    with pytest.raises((LeaseLost, DocumentBroken)):
        Steps(**{**vars(steps), "step": cancel}).apply()

    worker.close()
    assert shown(place, tenant_id, import_id).state == "cancelled"
    assert data_of(database) == before
    assert list(place.store.files("imports")) == []


def test_the_worker_can_add_only_versions_that_are_marked(place: Workplace, database: DatabaseUrls) -> None:
    tenant_id = place.tenant(reports=1)
    worker = Database(database.worker)
    insert = """
        insert into report_versions
        select tenant_id, id, 7, now(), 'ann', 'x', '', '{}', 1, %s from reports
    """
    with worker.tenant(tenant_id) as cursor:
        cursor.execute(insert, (True,))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), worker.tenant(tenant_id) as cursor:
        cursor.execute(insert, (False,))
    worker.close()


def test_a_worker_learns_the_secret_of_a_site_whose_import_it_holds_and_of_no_other(
    place: Workplace, database: DatabaseUrls, ready: tuple[UUID, UUID]
) -> None:
    tenant_id, _ = ready
    other = place.tenant()
    with session(database.owner) as cursor:
        cursor.execute("update tenants set secret = 'x', secret_key_id = 'k'")
    ask = "select * from tenant_of_import(%s, %s, %s)"
    worker = Database(database.worker)
    steps = claimed(place, worker)
    task, token = steps.lease.task, steps.lease.token

    assert len(worker.read_system(ask, (tenant_id, task.id, token))) == 1
    assert worker.read_system(ask, (other, task.id, token)) == []
    assert worker.read_system(ask, (tenant_id, task.id, task.id)) == []
    steps.lease.release()
    assert worker.read_system(ask, (tenant_id, task.id, token)) == []
    with session(database.owner) as cursor:
        cursor.execute("update tenants set state = 'disabled'")
    again = claimed(place, worker)
    assert worker.read_system(ask, (tenant_id, task.id, again.lease.token)) == []
    worker.close()


def test_an_import_that_nobody_goes_on_with_is_cancelled_and_forgotten_a_month_later(
    place: Workplace, database: DatabaseUrls
) -> None:
    tenant_id = place.tenant()
    old, new = (begun(place, tenant_id, packed(whole())) for _ in range(2))
    with session(database.owner) as cursor:
        cursor.execute(
            "update imports set touched_at = now() - interval '25 hours' where id = %s", (str(old),)
        )
    place.schedule(IMPORT_SWEEP)
    assert place.work() == "done"

    assert shown(place, tenant_id, old).state == "cancelled"
    assert shown(place, tenant_id, new).state == "waiting"
    assert {file.name.split("/")[2] for file in place.store.files("imports")} == {str(new)}
    with session(database.owner) as cursor:
        cursor.execute("update imports set ended_at = now() - interval '31 days' where ended is not null")
        cursor.execute("delete from tasks where kind = 'sweep-imports'")
    place.schedule(IMPORT_SWEEP)
    assert place.work() == "done"
    with imports(place) as all_of_them:
        assert [one.id for one in all_of_them.latest(caller(tenant_id), 10)] == [new]


def test_files_that_no_import_names_are_swept_when_they_are_old(place: Workplace) -> None:
    tenant_id = place.tenant()
    import_id = begun(place, tenant_id, b"a part")
    folder = f"imports/{tenant_id}/{import_id}"
    for name in ("9-stray.part", "8-fresh.part"):
        place.store.put(f"{folder}/{name}", [b"x"], owner=str(tenant_id))
    for file in place.settings.state_dir.rglob("*"):
        if file.is_file() and "8-fresh" not in file.name:
            age(file)
    place.schedule(IMPORT_SWEEP)
    assert place.work() == "done"

    result = place.last_result(IMPORT_SWEEP)
    assert result is not None
    assert result["strays"] == 1
    assert len(list(place.store.files("imports"))) == 2


def age(file: Any) -> None:
    """Makes a file two days old."""
    then = file.stat().st_mtime - 2 * 86_400
    os.utime(file, (then, then))
