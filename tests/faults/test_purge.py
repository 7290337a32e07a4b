from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import falcon.testing
import psycopg2
import pytest

from api.app import create_app
from api.services import Services, services_of
from core.backups.make import make_backup
from core.backups.restore import restore_backup
from core.backups.shelf import Shelf
from core.database import Cursor, Database
from core.ledger import Ledger, Purged
from core.purge import RETENTION_SWEEP
from core.replay import Replayed, replay
from core.settings import Settings
from core.store import Store
from tests.databases import DatabaseServer
from tests.faults.planted import Planted, dump, files_of, found, plant
from tests.integration.api.connect_site import BASE_URL, KEY, Answering, Site, answering, pem_of
from tests.separation import rows_of, session
from tests.workers import Workplace, eventually, kill

CHECK = "/rest/api/3/permissions/check"
PURGES = "/api/v1/purges"


@dataclass
class World:
    """The API beside the background work, and two sites."""

    place: Workplace
    services: Services
    jira: Answering
    here: Site
    there: Site

    def id_of(self, site: Site) -> UUID:
        tenant = self.services.tenants.find(site.client_key)
        assert tenant is not None
        return tenant.id

    def ask(self, site: Site) -> str:
        name = site.base_url.split("/")[2]
        answer = site.call("POST", PURGES, json={"confirm": name})
        assert answer.status_code == 202, answer.text
        return str(answer.json["id"])

    def done(self) -> list[Purged]:
        """The receipts outside the database."""
        entries = Ledger.of(self.place.settings).entries(datetime(2020, 1, 1, tzinfo=UTC))
        return [entry for entry in entries if isinstance(entry, Purged)]

    def receipts(self) -> list[str]:
        """The purges that are done, as the database has it."""
        with session(self.place.urls.backup) as cursor:
            cursor.execute("select id from purge_receipts order by ended_at")
            return [str(row[0]) for row in cursor.fetchall()]


@pytest.fixture
def world(place: Workplace) -> Iterator[World]:
    with answering() as jira, answering() as keys:
        keys.answers["/the-key"] = (200, pem_of(KEY))
        settings = Settings.from_environment(
            {
                **place.environment, "DATABASE_URL": place.urls.api, "BASE_URL": BASE_URL,
                "PURGE_DELAY": "PT0S", "INSTALL_KEYS_URL": keys.url, "CONNECT_HOSTS": "127.0.0.1",
            }
        )  # fmt: skip
        services = services_of(settings, Database(settings.database_url))
        client = falcon.testing.TestClient(create_app(services))
        sites = [Site(client, f"{jira.url}/{name}") for name in ("here", "there")]
        for site, name in zip(sites, ("here", "there"), strict=True):
            assert site.install().status_code == 204
            jira.answers[f"/{name}{CHECK}"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')
        yield World(place, services, jira, *sites)
        services.database.close()


def settled(site: Site) -> Site:
    """As a page that is open: its first request after a purge may be asked for again."""
    assert site.call("GET", "/api/v1/me").status_code in {200, 503}
    return site


def test_nothing_that_a_site_ever_gave_us_is_left_anywhere(
    world: World, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    planted, others = plant(world.here, world.place), plant(world.there, world.place)
    there = world.id_of(world.there)
    before, files = rows_of(world.place.urls, there), files_of(world.place, there)
    held = found(planted, world.place, redis_url, [])
    assert len(planted.strings) == 50
    assert held["database"] | held["store"] == {*planted.strings}
    assert len(held["store"]) > 40

    with world.place.worker("--processes", "2"):
        purge = world.ask(world.here)
        eventually(lambda: world.receipts() == [purge], "the purge")

    assert found(planted, world.place, redis_url, [caplog.text]) == {}
    assert rows_of(world.place.urls, there) == before
    assert files_of(world.place, there) == files
    assert len(files) > 1
    assert found(others, world.place, redis_url, [])["database"] == held_of(others, before)
    assert [str(entry.id) for entry in world.done()] == [purge]


def held_of(planted: Planted, rows: dict[str, list[str]]) -> set[str]:
    return planted.found_in("\n".join(row for table in rows.values() for row in table).encode())


@contextmanager
def restored(
    postgres: DatabaseServer, shelf: Shelf, name: str, ledger: Ledger
) -> Iterator[tuple[str, dict[str, int]]]:
    url = postgres.empty_database()
    try:
        done = restore_backup(url, shelf, shelf.manifest(name), ledger)
        yield url, done.replayed
    finally:
        postgres.drop(url)


def asked_of(url: str, sql: str) -> list[tuple[Any, ...]]:
    with session(url) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_a_restored_backup_does_not_bring_it_back_and_keeps_what_came_later(
    world: World, postgres: DatabaseServer, tmp_path: Path
) -> None:
    shelf = Shelf(Store((tmp_path / "backups").as_uri(), world.place.settings.secret_keys))
    ledger = Ledger.of(world.place.settings)
    planted, others = plant(world.here, world.place), plant(world.there, world.place)
    old = world.id_of(world.here)
    yesterday = make_backup(world.place.urls.backup, shelf).id
    world.ask(world.here)
    assert world.place.work() == "done"
    new = world.id_of(world.here)
    settled(world.here).create("The new report")
    today = make_backup(world.place.urls.backup, shelf).id

    with restored(postgres, shelf, yesterday, ledger) as (url, replayed):
        assert replayed["purges"] == 1
        text = dump(url)
        assert planted.found_in(text) == set()
        assert str(old).encode() not in text
        assert others.found_in(text) == others.found_in(dump(world.place.urls.owner))
        # The connection is there under the same new id, with the secret that opens as before.
        assert connections_of(url) == connections_of(world.place.urls.owner)
        assert new in {connection[0] for connection in connections_of(url)}
        assert receipts_of(url) == receipts_of(world.place.urls.owner)
        assert replayed_again(url, ledger) == Replayed()

    with restored(postgres, shelf, today, ledger) as (url, replayed):
        assert replayed["purges"] == 0
        text = dump(url)
        assert b"The new report" in text
        assert planted.found_in(text) == set()
        assert asked_of(url, "select tenant_id from reports where name = 'The new report'") == [(new,)]


def connections_of(url: str) -> list[tuple[Any, ...]]:
    return [
        (*row[:-1], bytes(row[-1]))
        for row in asked_of(url, "select id, client_key, base_url, state, secret from tenants order by id")
    ]


def receipts_of(url: str) -> list[tuple[Any, ...]]:
    return asked_of(url, "select * from purge_receipts order by id")


def replayed_again(url: str, ledger: Ledger) -> Replayed:
    connection = psycopg2.connect(url)
    with closing(connection), connection, connection.cursor(cursor_factory=Cursor) as cursor:
        return replay(cursor, ledger, datetime(2020, 1, 3, tzinfo=UTC))


def test_a_site_that_was_purged_twice_and_then_uninstalled_is_gone_from_every_backup(
    world: World, postgres: DatabaseServer, tmp_path: Path
) -> None:
    shelf = Shelf(Store((tmp_path / "backups").as_uri(), world.place.settings.secret_keys))
    backups, planted = [], Planted()
    for _ in range(2):
        world.here.create(planted.new())
        backups.append(make_backup(world.place.urls.backup, shelf).id)
        world.ask(world.here)
        assert world.place.work() == "done"
        settled(world.here)
    settled(world.here).create(planted.new())
    world.ask(world.here)
    assert world.here.uninstall().status_code == 204
    backups.append(make_backup(world.place.urls.backup, shelf).id)
    assert {world.place.work(), world.place.work()} <= {"done", "nothing"}
    assert world.services.tenants.find(world.here.client_key) is None

    for backup in backups:
        with restored(postgres, shelf, backup, Ledger.of(world.place.settings)) as (url, _):
            text = dump(url)
            assert planted.found_in(text) == set()
            assert world.here.client_key.encode() not in text
            assert receipts_of(url) == receipts_of(world.place.urls.owner)


def test_an_export_that_is_being_written_leaves_no_file(world: World) -> None:
    for number in range(20):
        world.here.create(f"Report {number}")
    old, place = world.id_of(world.here), world.place
    export = UUID(world.here.call("POST", "/api/v1/exports").json["id"])
    with place.worker("--processes", "2"):
        with place.held_reports():
            place.work_horse(export)
            place.reach(old, export, "running")
            purge = world.ask(world.here)
            eventually(lambda: place.logged(message="attempt began", task=purge), "the purge to begin")
            eventually(lambda: cancelled(place, export), "the export to be cancelled")
        eventually(lambda: world.receipts() == [purge], "the purge")
        ended = {"message": "attempt ended", "task": str(export), "outcome": "lost"}
        eventually(lambda: place.logged(**ended), "the export's end")

    assert files_of(place, old) == {}
    assert sum(map(len, rows_of(place.urls, old).values())) == 0


def cancelled(place: Workplace, task: UUID) -> bool:
    with session(place.urls.backup) as cursor:
        cursor.execute("select from tasks where id = %s and state = 'cancelled'", (str(task),))
        return cursor.rowcount == 1


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_a_purge_whose_worker_dies_or_stands_still_in_the_middle_is_done_once(
    world: World, redis_url: str, fault: signal.Signals
) -> None:
    planted, place = plant(world.here, world.place), world.place
    with place.worker("--processes", "2"):
        with place.held_reports():
            purge = world.ask(world.here)
            horse = place.work_horse(UUID(purge))
            eventually(lambda: waits_for_reports(place), "the purge to stand before the reports")
            kill(horse) if fault is signal.SIGKILL else horse.send_signal(fault)
        eventually(lambda: world.receipts() == [purge], "the purge", 90)
        if fault is signal.SIGSTOP:
            horse.send_signal(signal.SIGCONT)
            horse.wait(60)

    assert found(planted, place, redis_url, []) == {}
    (entry,) = world.done()
    with session(place.urls.backup) as cursor:
        cursor.execute("select tenant_hash, salt, tenant_id::text from purge_receipts")
        assert cursor.fetchall() == [(entry.tenant_hash, entry.salt, str(entry.successor))]
    assert world.id_of(world.here) == entry.successor


def waits_for_reports(place: Workplace) -> bool:
    with session(place.urls.owner) as cursor:
        cursor.execute("select from pg_locks where relation = 'reports'::regclass and not granted")
        return cursor.rowcount > 0


def test_a_site_that_comes_back_finds_its_reports_and_a_purge_asked_for_before_still_happens(
    world: World,
) -> None:
    world.here.create("Kept")
    assert world.here.uninstall().status_code == 204
    assert world.place.work() == "done"
    back(world.here)
    assert world.here.names() == ["Kept"]
    purge = world.ask(world.here)
    assert world.here.uninstall(**signed(60)).status_code == 204
    back(world.here, 70)

    with world.place.worker("--processes", "1"):
        eventually(lambda: world.receipts() == [purge], "the purge")

    assert settled(world.here).names() == []


def signed(later: int) -> dict[str, Any]:
    """The times of a callback that was signed so many seconds from now."""
    now = int(datetime.now(UTC).timestamp())
    return {"iat": now + min(later, 50), "exp": now + later + 180}


def back(site: Site, later: int = 1) -> None:
    assert site.install(**signed(later)).status_code == 204


def test_retention_purges_after_its_time_and_not_before_and_not_whom_came_back(world: World) -> None:
    world.place.environment["RETENTION_AFTER_UNINSTALL"] = "P30D"
    world.here.create("Mine")
    world.there.create("Theirs")
    here, there = world.id_of(world.here), world.id_of(world.there)
    for site in (world.here, world.there):
        assert site.uninstall().status_code == 204
        assert world.place.work() == "done"

    age(world.place, "29 days 23 hours")
    assert swept(world.place) == {"requested": 0}
    age(world.place, "1 hour 1 minute")
    assert swept(world.place) == {"requested": 2}
    back(world.there)
    while world.place.work() != "nothing":
        pass

    assert sum(map(len, rows_of(world.place.urls, here).values())) == 0
    assert world.services.tenants.find(world.here.client_key) is None
    assert [entry.asked_by for entry in world.done()] == ["retention"]
    assert world.id_of(world.there) == there
    assert world.there.names() == ["Theirs"]
    assert [item["state"] for item in world.there.call("GET", PURGES).json["items"]] == ["cancelled"]


def test_retention_asks_once_and_leaves_alone_what_an_admin_asked_for(world: World) -> None:
    world.place.environment["RETENTION_AFTER_UNINSTALL"] = "P1D"
    purge = world.ask(world.here)
    assert world.here.uninstall().status_code == 204
    age(world.place, "2 days")
    with session(world.place.urls.owner) as cursor:
        cursor.execute("update tasks set due_at = now() + interval '1 day' where kind <> 'sweep-retention'")

    assert swept(world.place) == {"requested": 1}
    with session(world.place.urls.owner) as cursor:
        cursor.execute("update tasks set due_at = now() + interval '1 day' where kind = 'purge'")
        cursor.execute("delete from tasks where kind = 'sweep-retention'")
    assert swept(world.place) == {"requested": 0}
    back(world.here)

    items = world.here.call("GET", PURGES).json["items"]
    assert {item["asked_by"]: item["state"] for item in items} == {
        "site admin": "queued", "retention": "cancelled",
    }  # fmt: skip
    assert purge in [item["id"] for item in items]


def age(place: Workplace, by: str) -> None:
    with session(place.urls.owner) as cursor:
        cursor.execute("update tenants set uninstalled_at = uninstalled_at - %s::interval", (by,))


def swept(place: Workplace) -> dict[str, Any]:
    with session(place.urls.owner) as cursor:
        cursor.execute("delete from tasks where kind = %s", (RETENTION_SWEEP.name,))
    place.schedule(RETENTION_SWEEP)
    with session(place.urls.owner) as cursor:  # before the purges that it asks for
        cursor.execute("update tasks set urgency = 0 where kind = %s", (RETENTION_SWEEP.name,))
    assert place.work() == "done"
    return place.last_result(RETENTION_SWEEP) or {}
