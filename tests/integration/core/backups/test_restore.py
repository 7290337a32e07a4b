from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import psycopg2
import pytest

from core.backups import fence
from core.backups.make import make_backup
from core.backups.manifest import Manifest
from core.backups.programs import ProgramFailed
from core.backups.restore import RestoreDamaged, RestoreImpossible, restore_backup
from core.backups.shelf import BackupUnusable, Shelf
from core.ledger import Deleted, Ledger
from core.migrate import migration_names
from core.setting_types import new_secret_key
from tests.backups import contents, fill, shelf_in, store_in
from tests.catalogue import catalogue
from tests.databases import PASSWORD, DatabaseServer, DatabaseUrls


def run(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)


def as_role(role: str, url: str) -> str:
    return f"postgresql://sightline_{role}:{PASSWORD}@{url.rpartition('@')[2]}"


def test_every_row_and_all_of_the_schema_are_what_they_were(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database)
    run(database.owner, "create sequence numbers; select setval('numbers', 41)")
    run(database.owner, "grant select on numbers to sightline_backup")
    before = contents(database.owner)

    restored = restore_backup(empty, shelf, make_backup(database.backup, shelf), ledger)

    after = contents(empty)
    assert {table for table, rows in before.items() if rows} >= {
        "tenants", "reports", "report_versions", "stars", "gadgets", "audit", "tasks", "site_settings",
        "accepted_callbacks", "schema_migrations",
    }  # fmt: skip
    assert set(after) == set(before)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert restored.rows == {table: len(before[table]) for table in restored.rows}
    assert after["numbers"] == ["(41,t)"]
    wanted, found = catalogue(database.owner), catalogue(empty)
    for kind, words in wanted.items():
        assert found[kind] == words, kind


def test_what_was_forgotten_since_the_backup_is_forgotten_again(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    tenants = fill(database)
    manifest = make_backup(database.backup, shelf)
    reports = report_ids(database.owner, tenants[0])
    ledger.record(Deleted(tenant_id=tenants[0], report_ids=tuple(reports[:2])))

    restored = restore_backup(empty, shelf, manifest, ledger)

    assert restored.replayed["deletions"] == 2
    assert report_ids(empty, tenants[0]) == reports[2:]
    assert report_ids(empty, tenants[1]) == report_ids(database.owner, tenants[1])


def test_what_may_have_been_done_or_called_off_since_the_backup_is_not_done_by_itself(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    (tenant, other, _) = fill(database)
    purge = """
        insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed, due_at, lease_token,
                           leased_until)
        values ('{0}', gen_random_uuid(), 'purge', 0, {1})
    """
    run(database.owner, purge.format(tenant, "'waiting', 5, now() + interval '1 hour', null, null"))
    run(database.owner, purge.format(other, "'running', 5, now(), gen_random_uuid(), now()"))
    run(
        database.owner,
        "insert into notification_messages (tenant_id, id, notification_id, template, lapses, site, address,"
        " sender, subject, body, message_id, state) select id, gen_random_uuid(), gen_random_uuid(), 'b',"
        f" false, 'acme', 'a@b.example', 'us', 's', '[]', 'm', 'waiting' from tenants where id = '{tenant}'",
    )

    restored = restore_backup(empty, shelf, make_backup(database.backup, shelf), ledger)

    assert (restored.replayed["messages"], restored.replayed["postponed"]) == (1, 2)
    with closing(psycopg2.connect(empty)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("select state from notification_messages")
        assert cursor.fetchall() == [("unknown",)]
        cursor.execute(
            "select state, lease_token, due_at > now() + interval '6 days 23 hours' from tasks"
            " where kind = 'purge'"
        )
        assert cursor.fetchall() == [("waiting", None, True)] * 2


def report_ids(url: str, tenant: UUID) -> list[UUID]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("select id from reports where tenant_id = %s order by id", (tenant,))
        return [report for (report,) in cursor.fetchall()]


def test_a_database_with_anything_in_it_is_left_alone(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    manifest = make_backup(database.backup, shelf)
    for statement in (
        "create table mine (); ",
        "drop table mine; create schema other; create function other.f() returns int return 1",
    ):
        run(empty, statement)
        with pytest.raises(RestoreImpossible, match="not empty"):
            restore_backup(empty, shelf, manifest, ledger)
    with pytest.raises(RestoreImpossible, match="not empty"):
        restore_backup(database.owner, shelf, manifest, ledger)


def test_nobody_sees_anything_until_all_is_done(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database, tenants=1)
    manifest = make_backup(database.backup, shelf)
    seen: list[str] = []

    def look(_: str) -> None:
        for role in ("api", "worker"):
            with closing(psycopg2.connect(as_role(role, empty))) as connection, connection.cursor() as cursor:
                try:
                    cursor.execute("select name from schema_migrations")
                    seen.append(role)
                except psycopg2.errors.UndefinedTable:
                    pass

    restore_backup(empty, shelf, manifest, ledger, tell=look)
    assert seen == []
    look("")
    assert seen == ["api", "worker"]


def test_a_drill_lets_nobody_in_at_all(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    restore_backup(empty, shelf, make_backup(database.backup, shelf), ledger, let_in=False)

    for role in ("api", "worker", "backup"):
        with pytest.raises(psycopg2.errors.UndefinedTable):
            run(as_role(role, empty), "select from schema_migrations")


def test_rows_that_are_missing_are_noticed(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database)
    manifest = make_backup(database.backup, shelf)
    claims_more = Manifest(**{**vars(manifest), "rows": {**manifest.rows, "stars": 4, "things": 1}})

    with pytest.raises(RestoreDamaged) as caught:
        restore_backup(empty, shelf, claims_more, ledger)

    assert caught.value.faults == [
        "The table stars has 3 rows where the backup had 4.",
        "The table things has 0 rows where the backup had 1.",
    ]
    with pytest.raises(psycopg2.errors.UndefinedTable):
        run(as_role("api", empty), "select from reports")


DAMAGE = {
    "drop policy own_tenant on reports": "The table reports does not have the one policy",
    "create policy more on stars to sightline_api using (true)": "The table stars does not have the one",
    "alter table gadgets no force row level security": "The table gadgets does not force row security",
    "alter table audit disable row level security": "The table audit does not force row security",
    "alter function find_tenant(text) owner to current_user": "The function find_tenant(text) sees all",
    "alter function accept_callback reset all": "The function accept_callback(uuid,bytea,bytea,",
    "grant select on site_settings to public": "Everyone has rights to site_settings",
}


def test_a_fence_that_was_broken_before_the_backup_is_noticed(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    run(database.owner, "; ".join(DAMAGE))

    with pytest.raises(RestoreDamaged, match="not what it should be") as caught:
        restore_backup(empty, shelf, make_backup(database.backup, shelf), ledger)

    found = {damage: [told for told in caught.value.faults if told.startswith(fault)]
             for damage, fault in DAMAGE.items()}  # fmt: skip
    assert {damage: len(told) for damage, told in found.items()} == dict.fromkeys(DAMAGE, 1)
    assert len(caught.value.faults) == len(DAMAGE)


def test_a_fence_that_differs_from_the_manifests_is_noticed(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    manifest = make_backup(database.backup, shelf)
    grants = [*manifest.fence["table grants"][1:], "SELECT on reports to everyone"]
    other = Manifest(**{**vars(manifest), "fence": {**manifest.fence, "table grants": grants}})

    with pytest.raises(RestoreDamaged) as caught:
        restore_backup(empty, shelf, other, ledger)

    assert caught.value.faults == [
        "Missing of the table grants: SELECT on reports to everyone.",
        f"Unexpected among the table grants: {manifest.fence['table grants'][0]}.",
    ]


def test_every_difference_between_two_fences_is_a_sentence() -> None:
    wanted = {"policies": ["a", "b"], "table grants": ["c"]}

    assert fence.differences(wanted, {"policies": ["b", "d"]}) == [
        "Missing of the policies: a.",
        "Unexpected among the policies: d.",
        "Missing of the table grants: c.",
    ]


def test_a_backup_of_an_earlier_release_is_brought_up_to_date(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = migration_names()[-1]
    manifest = make_backup(database.backup, shelf)
    older = migration_names()[:-1]
    monkeypatch.setattr("core.backups.restore.migration_names", lambda: older)

    with pytest.raises(RestoreImpossible, match=f"later release than this one, which does not know {last}"):
        restore_backup(empty, shelf, manifest, ledger)


def test_a_restore_by_an_owner_that_is_no_superuser_works(
    postgres: DatabaseServer, database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database)
    owner = f"owner_{uuid4().hex}"
    name = empty.rpartition("/")[2]
    run(
        postgres.owner_url,
        f"create role {owner} login password 'plain' createrole;"
        f" grant sightline_definer to {owner} with inherit false, set true",
    )
    run(postgres.owner_url, f"alter database {name} owner to {owner}")

    url = f"postgresql://{owner}:plain@{empty.rpartition('@')[2]}"
    restored = restore_backup(url, shelf, make_backup(database.backup, shelf), ledger)

    assert restored.rows["reports"] == 12
    assert contents(empty) == contents(database.owner)
    wanted, found = catalogue(database.owner), catalogue(empty)
    assert {kind for kind in wanted if wanted[kind] != found[kind]} <= {"memberships"}
    postgres.drop(empty)
    run(postgres.owner_url, f"drop role {owner}")


def test_a_restore_that_breaks_off_leaves_an_empty_database(
    database: DatabaseUrls, shelf: Shelf, ledger: Ledger, empty: str
) -> None:
    fill(database)
    run(database.owner, "create role stranger_to_others")
    run(database.owner, "grant select on stars to stranger_to_others")
    manifest = make_backup(database.backup, shelf)
    run(database.owner, "drop owned by stranger_to_others; drop role stranger_to_others")

    with pytest.raises(ProgramFailed, match="stranger_to_others"):
        restore_backup(empty, shelf, manifest, ledger)

    assert contents(empty) == {}


KEYS = new_secret_key()


class Damaged:
    """A copy of a backup and the files of its folder."""

    def __init__(self, original: Path, folder: Path) -> None:
        shutil.copytree(original / "store", folder / "store")
        self.shelf = shelf_in(folder, KEYS)
        self.manifest = self.shelf.newest()
        self.folder = folder / "store" / "backups" / self.manifest.id

    def change(self, part: str, at: int) -> None:
        content = bytearray((self.folder / part).read_bytes())
        content[at] ^= 1
        (self.folder / part).write_bytes(content)


@pytest.fixture(scope="module")
def original(postgres: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    urls = postgres.fresh_database()
    make_backup(urls.backup, shelf_in(folder, KEYS))
    postgres.drop(urls.owner)
    return folder


@pytest.fixture
def damaged(original: Path, tmp_path: Path) -> Damaged:
    return Damaged(original, tmp_path)


@pytest.mark.parametrize("at", [0, 10, 40, 70_000, -1])
def test_a_dump_that_was_tampered_with_is_refused(
    damaged: Damaged, ledger: Ledger, empty: str, at: int
) -> None:
    damaged.change("database", at)

    with pytest.raises(BackupUnusable, match=r"cannot be read: .*(changed|not a sealed|not among)"):
        restore_backup(empty, damaged.shelf, damaged.manifest, ledger)
    assert contents(empty) == {}


@pytest.mark.parametrize("left", [0, 30, 65_572 + 36, -1])
def test_a_dump_that_was_cut_short_is_refused(damaged: Damaged, left: int) -> None:
    file = damaged.folder / "database"
    file.write_bytes(file.read_bytes()[:left])

    with pytest.raises(BackupUnusable, match=r"not of the size|cannot be read"):
        damaged.shelf.newest()


def test_a_manifest_that_was_changed_is_refused(damaged: Damaged) -> None:
    damaged.change("manifest", 100)

    with pytest.raises(BackupUnusable, match=r"manifest .* was changed"):
        damaged.shelf.newest()


def test_a_backup_without_its_manifest_is_none(damaged: Damaged) -> None:
    (damaged.folder / "manifest").unlink()

    assert damaged.shelf.ids() == []
    with pytest.raises(BackupUnusable, match="no manifest in the store"):
        damaged.shelf.find(damaged.manifest.id)
    with pytest.raises(BackupUnusable, match="There is no backup"):
        damaged.shelf.newest()


def test_a_backup_without_its_dump_is_refused(damaged: Damaged) -> None:
    (damaged.folder / "database").unlink()

    with pytest.raises(BackupUnusable, match="no database in the store"):
        damaged.shelf.newest()


def test_another_key_opens_nothing(original: Path) -> None:
    with pytest.raises(BackupUnusable, match="not among the keys given"):
        shelf_in(original).newest()


def test_a_backup_put_in_anothers_place_is_refused(damaged: Damaged) -> None:
    other = damaged.folder.with_name("20990101T000000Z-00000000")
    damaged.folder.rename(other)

    with pytest.raises(BackupUnusable, match="changed, cut short or belongs to someone else"):
        damaged.shelf.newest()


def test_a_manifest_that_is_none_is_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for number, document in enumerate((b"[]", b"{", b'{"format": 2}', b'{"format": 1}')):
        name = f"20260101T00000{number}Z-00000000"
        store.put(f"backups/{name}/database", [b"x"], owner="backups")
        store.put(f"backups/{name}/manifest", [document], owner="backups")

        with pytest.raises(BackupUnusable, match=r"damaged|later release"):
            Shelf(store).find(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "20260101T000000Z", "x"])
def test_what_cannot_be_the_name_of_a_backup_is_refused(shelf: Shelf, name: str) -> None:
    with pytest.raises(BackupUnusable, match="not the name of a backup"):
        shelf.find(name)
