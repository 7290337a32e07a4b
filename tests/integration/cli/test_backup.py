from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.backups.make import make_backup
from core.backups.manifest import Manifest
from core.backups.shelf import Shelf, new_id
from core.ledger import Deleted, Ledger
from core.setting_types import new_secret_key
from core.settings import Settings
from core.store import Store
from tests.backups import contents, fill
from tests.databases import DatabaseServer, DatabaseUrls
from tests.integration.cli.operator import Ended, sightline


@dataclass
class Operator:
    """A machine that has the store and its keys, and for some commands the database."""

    urls: DatabaseUrls
    environment: dict[str, str]

    def backup(self, *arguments: str) -> Ended:
        """Without any database."""
        return sightline("backup", *arguments, **self.environment)

    def backup_with_database(self, *arguments: str) -> Ended:
        return sightline("backup", *arguments, **self.environment, BACKUP_DATABASE_URL=self.urls.backup)

    def restore(self, *arguments: str) -> Ended:
        return sightline("restore", *arguments, **self.environment)

    @property
    def store(self) -> Store:
        return Store.for_backups(Settings.from_environment(self.environment))

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.store)


@pytest.fixture
def operator(database: DatabaseUrls, tmp_path: Path) -> Operator:
    folder = tmp_path / "bucket"
    return Operator(database, {"BACKUP_KEYS": new_secret_key(), "STORE_URL": folder.as_uri()})


@pytest.fixture
def empty(postgres: DatabaseServer) -> Iterator[str]:
    url = postgres.empty_database()
    yield url
    postgres.drop(url)


def test_a_backup_is_made_listed_and_verified(operator: Operator) -> None:
    fill(operator.urls)

    made = operator.backup_with_database("now", "--json")
    listed = operator.backup("list", "--json")
    shown = operator.backup("list")
    verified = operator.backup("verify", made.json["id"])

    assert (made.status, made.json["rows"]["reports"]) == (0, 12)
    assert [backup["id"] for backup in listed.json["backups"]] == [made.json["id"]]
    assert listed.json["backups"][0]["error"] is None
    assert made.json["id"] in shown.out
    assert shown.out.rstrip().endswith("good")
    assert (verified.status, "It is whole" in verified.out) == (0, True)
    assert operator.backup("verify", "latest", "--json").json["sha256"] == made.json["sha256"]


def test_no_backup_is_told_and_an_alarm(operator: Operator) -> None:
    assert operator.backup("list").out == "No backup.\n"
    status = operator.backup("status")
    assert (status.status, "ALARM: There is no good backup." in status.out) == (1, True)
    verified = operator.backup("verify")
    assert (verified.status, verified.err) == (1, "sightline: There is no backup in the store.\n")


def test_the_status_tells_of_age_and_of_the_restore_drill(operator: Operator) -> None:
    made = make_backup(operator.urls.backup, operator.shelf)

    young = operator.backup_with_database("status", "--json")
    assert (young.status, young.json["alarms"]) == (0, [])
    assert young.json["last_good"]["id"] == made.id
    assert "none yet" in operator.backup_with_database("status").out
    assert "BACKUP_DATABASE_URL is not set" in operator.backup("status").out

    age(operator, made, timedelta(hours=27))
    old = operator.backup("status", "--json")
    assert old.status == 1
    assert old.json["alarms"] == ["The last good backup is older than 26 hours."]
    assert old.json["age_hours"] == pytest.approx(27, abs=0.2)


def age(operator: Operator, made: Manifest, by: timedelta) -> None:
    moment = datetime.now(UTC) - by
    old = Manifest(**{**vars(made), "id": new_id(moment, "00000000"), "taken_at": moment})
    operator.shelf.put_dump(old.id, list(operator.shelf.content(made)))
    operator.shelf.put_manifest(old)
    operator.shelf.remove(made.id)


def test_a_restore_needs_the_keys_the_store_and_an_empty_database_only(
    operator: Operator, empty: str
) -> None:
    (tenant, *_) = fill(operator.urls)
    before = contents(operator.urls.owner)
    made = operator.backup_with_database("now", "--json").json

    restored = operator.restore(made["id"], "--into", empty)

    assert restored.status == 0, restored.err
    assert contents(empty) == before
    assert "Row security is enabled and forced" in restored.out
    assert ["reports", "12", "12"] in [line.split() for line in restored.out.splitlines()]
    again = operator.restore("--into", empty)
    assert (again.status, again.out) == (1, "")
    assert "The database is not empty" in again.err
    assert str(tenant) not in restored.out + restored.err


def test_a_restore_forgets_what_the_ledger_names(operator: Operator, empty: str) -> None:
    (tenant, *_) = fill(operator.urls)
    report = report_of(operator, str(tenant))
    operator.backup_with_database("now")
    Ledger(operator.store).record(Deleted(tenant_id=tenant, report_ids=(report,)))

    restored = operator.restore("latest", "--into", empty, "--json")

    assert restored.json["restored"]["replayed"]["deletions"] == 1
    assert restored.json["restored"]["rows"]["reports"] == 12
    assert str(report) in str(contents(operator.urls.owner))
    assert str(report) not in str(contents(empty))


def report_of(operator: Operator, tenant: str) -> UUID:
    (row, *_) = [row for row in contents(operator.urls.owner)["reports"] if tenant in row]
    return UUID(row.split(",")[1])


def test_a_ledger_that_cannot_be_read_lets_nobody_in(operator: Operator, empty: str) -> None:
    operator.backup_with_database("now")
    operator.store.put("ledger/2999-01-01/x.json", [b"{}"], owner="ledger")

    restored = operator.restore("--into", empty)

    assert (restored.status, "no entry that this release knows" in restored.err) == (1, True)


@pytest.mark.parametrize("command", [["list"], ["status"], ["verify"], ["now"]])
def test_what_is_missing_or_wrong_is_told_in_a_line(operator: Operator, command: list[str]) -> None:
    make_backup(operator.urls.backup, operator.shelf)
    without = sightline("backup", *command, STORE_URL=operator.environment["STORE_URL"])
    wrong = {**operator.environment, "BACKUP_KEYS": new_secret_key()}
    other = sightline("backup", *command, **wrong, BACKUP_DATABASE_URL="postgresql://b:hidden@127.0.0.1:1/x")

    assert (without.status, "BACKUP_KEYS must be set" in without.err) == (1, True)
    assert other.status == 1
    assert ("not among the keys given" in other.out + other.err) == (command != ["now"])
    assert "hidden" not in other.out + other.err


def test_a_restore_without_a_place_and_into_nonsense_is_told(operator: Operator) -> None:
    make_backup(operator.urls.backup, operator.shelf)

    assert "OWNER_DATABASE_URL must be set, or --into given" in operator.restore().err
    assert "--into must be like postgresql://" in operator.restore("--into", "nonsense").err
