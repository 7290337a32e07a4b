from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg2
import pytest

from core.database import Database
from core.export import EXPORT
from core.ids import uuid7
from core.overview import overview
from core.tasks import request_task
from tests.databases import DatabaseServer, DatabaseUrls
from tests.integration.cli.operator import Ended, Sites, sightline
from tests.steps import ROOT


@pytest.fixture
def sites(database: DatabaseUrls) -> Iterator[Sites]:
    made = Sites(database, Database(database.api))
    yield made
    made.database.close()


def tenants(sites: Sites, *arguments: str) -> Ended:
    return sightline("tenants", *arguments, OWNER_DATABASE_URL=sites.urls.owner)


def test_the_list_shows_sites_by_address_with_what_an_operator_asks_for(sites: Sites) -> None:
    zenith = sites.install("zenith-key", "https://zenith.atlassian.net")
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.make_reports(acme, 3)
    sites.change(zenith, "uninstalled")

    shown = tenants(sites, "list")

    assert (shown.status, shown.err) == (0, "")
    head, first, second = shown.out.splitlines()
    assert head.split("  ")[0] == "ID"
    assert first.split()[:4] == [str(acme), "acme-key", "https://acme.atlassian.net", "active"]
    assert first.split()[-2:] == ["-", "3"]
    assert second.split()[:4] == [str(zenith), "zenith-key", "https://zenith.atlassian.net", "uninstalled"]
    for column in ("CLIENT KEY", "BASE URL", "STATE", "INSTALLED"):
        assert first[head.index(column) - 1] == " "
        assert first[head.index(column)] != " "
    assert head.index("REPORTS") + len("REPORTS") == len(first)


def test_the_list_as_json_holds_the_same_and_no_secret(sites: Sites) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.make_reports(acme, 1, name="Salaries")

    shown = tenants(sites, "list", "--json")

    (tenant,) = shown.json["tenants"]
    assert shown.json["total"] == 1
    assert set(tenant) == {
        "id", "client_key", "base_url", "state", "installed_at", "uninstalled_at", "reports"
    }  # fmt: skip
    assert (tenant["id"], tenant["state"], tenant["reports"]) == (str(acme), "active", 1)
    assert tenant["installed_at"].endswith("Z")
    for command in (("list",), ("list", "--json"), ("show", "acme-key"), ("show", "acme-key", "--json")):
        out = tenants(sites, *command).out
        assert "acme-key" in out
        assert "hush-hush" not in out
        assert "68757368" not in out
        assert "Salaries" not in out


def test_the_list_can_be_narrowed_and_says_when_there_are_more(sites: Sites) -> None:
    ids = [sites.install(f"key-{number}", f"https://s{number}.atlassian.net") for number in range(5)]
    sites.change(ids[4], "disabled")

    disabled = tenants(sites, "list", "--state", "disabled", "--json").json
    some = tenants(sites, "list", "--state", "active", "--limit", "3")

    assert [tenant["id"] for tenant in disabled["tenants"]] == [str(ids[4])]
    assert disabled["total"] == 1
    assert len(some.out.splitlines()) == 1 + 3 + 2
    assert some.out.endswith("3 of 4 sites; --limit shows more.\n")
    assert tenants(sites, "list", "--state", "uninstalled").out == "No site.\n"


@pytest.mark.parametrize(
    "name",
    ["id", "acme-key", "https://acme.atlassian.net", "https://acme.atlassian.net/", "ACME.atlassian.net"],
)
def test_one_site_is_found_by_any_of_its_names(sites: Sites, name: str) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.install("other-key", "https://other.atlassian.net")

    shown = tenants(sites, "show", str(acme) if name == "id" else name, "--json")

    assert shown.json["connection"]["id"] == str(acme)


def test_one_site_is_shown_with_its_rows_events_and_tasks(sites: Sites) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.make_reports(acme, 2)
    sites.change(acme, "disabled")
    sites.change(acme, "enabled")
    sites.install("acme-key", "https://moved.atlassian.net", acme)
    with sites.database.tenant(acme) as cursor:
        export, _ = request_task(cursor, EXPORT, acme, requested_by="ada")

    shown = tenants(sites, "show", "acme-key", "--json").json
    text = tenants(sites, "show", "acme-key").out

    assert (shown["connection"]["state"], shown["connection"]["secret_version"]) == ("active", 2)
    assert shown["connection"]["secret_key_id"] == "key-one"
    present = {name: number for name, number in shown["rows"].items() if number}
    callbacks = shown["rows"]["accepted_callbacks"]
    assert present == {
        "accepted_callbacks": callbacks, "audit": 5, "change_marks": 1, "reports": 2, "stars": 1, "tasks": 1,
    }  # fmt: skip
    assert {"gadgets", "report_versions", "site_settings"} <= set(shown["rows"])
    assert [event["event"] for event in shown["events"]] == [
        "moved", "reinstalled", "enabled", "disabled", "installed"
    ]  # fmt: skip
    assert [(task["id"], task["kind"], task["state"]) for task in shown["tasks"]] == [
        (str(export.id), "export", "queued")
    ]
    for words in (
        "https://moved.atlassian.net", "version 2, under the key key-one",
        "from https://acme.atlassian.net, to https://moved.atlassian.net", "attempt 0 of 5",
    ):  # fmt: skip
        assert words in text


def test_a_site_that_is_gone_shows_its_clean_up(sites: Sites) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.change(acme, "uninstalled")

    shown = tenants(sites, "show", "acme.atlassian.net", "--json").json
    text = tenants(sites, "show", "acme.atlassian.net").out

    assert shown["connection"]["secret_key_id"] is None
    assert [task["kind"] for task in shown["tasks"]] == ["uninstall-cleanup"]
    assert "version 2, destroyed" in text


def test_sites_that_share_an_address_are_listed_and_the_status_says_so(sites: Sites) -> None:
    ids = {str(sites.install(key, "https://acme.atlassian.net")) for key in ("first", "second")}

    text = tenants(sites, "show", "acme.atlassian.net")
    shown = tenants(sites, "show", "acme.atlassian.net", "--json")

    assert (text.status, shown.status) == (1, 1)
    assert "2 sites have had the base URL https://acme.atlassian.net. Name one by its id:" in text.out
    assert {tenant["id"] for tenant in shown.json["tenants"]} == ids
    assert all(one in text.out for one in ids)


def test_an_unknown_site_is_told(sites: Sites) -> None:
    shown = tenants(sites, "show", str(uuid7()))

    assert (shown.status, shown.out) == (1, "")
    assert shown.err.startswith("sightline: no site has the id")


def test_an_owner_that_is_no_superuser_sees_the_sites(sites: Sites) -> None:
    sites.install("acme-key", "https://acme.atlassian.net")
    plain = plain_role(sites.urls, "grant sightline_definer to {} with inherit false, set true")

    shown = sightline("tenants", "list", "--json", OWNER_DATABASE_URL=plain)

    assert [tenant["client_key"] for tenant in shown.json["tenants"]] == ["acme-key"]


def test_who_is_not_the_owner_is_told_so(sites: Sites) -> None:
    for url in (plain_role(sites.urls, ""), sites.urls.api):
        shown = sightline("tenants", "list", OWNER_DATABASE_URL=url)

        assert (shown.status, shown.out) == (1, "")
        assert "may not act as sightline_definer" in shown.err


def test_a_database_that_lacks_migrations_is_told(postgres: DatabaseServer) -> None:
    url = postgres.empty_database()

    shown = sightline("tenants", "list", OWNER_DATABASE_URL=url)

    assert shown.status == 1
    assert "run `sightline migrate` first" in shown.err
    postgres.drop(url)


def test_the_command_could_not_write_if_it_tried(sites: Sites) -> None:
    with overview(sites.urls.owner) as cursor, pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        cursor.execute("update tenants set state = 'disabled'")


def test_a_reader_that_stops_reading_is_no_error(sites: Sites) -> None:
    for number in range(50):
        sites.install(f"key-{number}", f"https://s{number}.atlassian.net")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "tenants", "list"],
        cwd=ROOT,
        env={**os.environ, "OWNER_DATABASE_URL": sites.urls.owner},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()

    assert (process.wait(timeout=60), process.stderr.read()) == (0, "")
    process.stderr.close()


def plain_role(urls: DatabaseUrls, grant: str) -> str:
    role = f"plain_{uuid4().hex}"
    with closing(psycopg2.connect(urls.owner)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            f"create role {role} login password 'plain'; grant usage on schema public to {role};"
            f" grant select on schema_migrations to {role}; {grant.format(role)}"
        )
    host = urls.owner.rpartition("@")[2]
    return f"postgresql://{role}:plain@{host}"
