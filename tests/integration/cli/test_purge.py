from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from core.database import Database
from core.ledger import Ledger
from tests.databases import DatabaseUrls
from tests.integration.cli.operator import Ended, Sites, sightline
from tests.steps import ROOT
from tests.workers import Workplace, workplace


@pytest.fixture
def sites(database: DatabaseUrls) -> Iterator[Sites]:
    made = Sites(database, Database(database.api))
    yield made
    made.database.close()


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    return workplace(database, redis_url, tmp_path)


def purge(sites: Sites, *arguments: str) -> Ended:
    return sightline("purge", *arguments, OWNER_DATABASE_URL=sites.urls.owner)


def answering(sites: Sites, answer: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", "purge", *arguments],
        cwd=ROOT, env={**os.environ, "OWNER_DATABASE_URL": sites.urls.owner}, input=answer,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_an_operator_purges_on_a_written_request_with_the_same_receipt(
    sites: Sites, place: Workplace
) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    other = sites.install("other-key", "https://other.atlassian.net")
    for tenant in (acme, other):
        sites.make_reports(tenant, 3)

    asked = purge(sites, "acme-key", "--reason", "Letter 2026-17", "--yes", "--json")
    waiting = purge(sites, "list", "--json").json
    ended = place.work()
    done = purge(sites, "list", "--json").json
    receipt = purge(sites, "receipt", asked.json["id"], "--json")

    assert (asked.status, ended) == (0, "done")
    assert waiting == {"unfinished": [asked.json], "done": []}
    assert (asked.json["tenant_id"], asked.json["asked_by"]) == (str(acme), "operator")
    assert done == {"unfinished": [], "done": [receipt.json]}
    assert (receipt.json["asked_by"], receipt.json["reason"]) == ("operator", "Letter 2026-17")
    assert receipt.json["counts"]["reports"] == 3
    assert str(acme) not in receipt.out
    (entry,) = Ledger.of(place.settings).entries(datetime.fromisoformat(receipt.json["begun_at"]))
    assert str(entry.id) == asked.json["id"]
    left = {tenant["client_key"]: tenant for tenant in sightline(
        "tenants", "list", "--json", OWNER_DATABASE_URL=sites.urls.owner).json["tenants"]}  # fmt: skip
    assert {key: tenant["reports"] for key, tenant in left.items()} == {"acme-key": 0, "other-key": 3}
    assert (left["acme-key"]["id"] != str(acme), left["other-key"]["id"] == str(other)) == (True, True)


def test_a_site_that_is_gone_leaves_its_receipt_to_the_operator(sites: Sites, place: Workplace) -> None:
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    sites.change(acme, "uninstalled")
    assert place.work() == "done"

    asked = purge(sites, str(acme), "--reason", "Letter", "--yes", "--json").json
    assert place.work() == "done"

    people = purge(sites, "receipt", asked["id"])
    assert "tenant hash" in people.out
    assert "Rows that went" in people.out
    assert asked["id"] in purge(sites, "list").out
    assert "No site." in sightline("tenants", "list", OWNER_DATABASE_URL=sites.urls.owner).out


@pytest.mark.parametrize(("answer", "status"), [("acme.atlassian.net\n", 0), ("yes\n", 1), ("", 1)])
def test_it_asks_for_the_name_of_the_site_first(sites: Sites, answer: str, status: int) -> None:
    sites.install("acme-key", "https://acme.atlassian.net")

    done = answering(sites, answer, "acme-key", "--reason", "Letter")

    assert done.returncode == status
    assert "All that is stored of https://acme.atlassian.net (active, 0 reports)" in done.stderr
    assert len(purge(sites, "list", "--json").json["unfinished"]) == 1 - status


def test_a_delay_puts_it_off_and_asking_again_gives_the_first(sites: Sites) -> None:
    sites.install("acme-key", "https://acme.atlassian.net")

    first, second = (
        purge(sites, "acme-key", "--reason", "Letter", "--yes", "--json", "--delay", "P3D") for _ in range(2)
    )

    assert first.json == second.json
    due, asked = (datetime.fromisoformat(first.json[member]) for member in ("due_at", "asked_at"))
    assert due - asked == timedelta(days=3)
    assert first.json["state"] == "waiting"


def test_what_names_no_site_and_no_purge_is_told(sites: Sites) -> None:
    sites.install("acme-key", "https://acme.atlassian.net")

    # The address will not do: two sites can have had one.
    for name in ("nobody", "acme.atlassian.net", "https://acme.atlassian.net"):
        refused = purge(sites, name, "--reason", "Letter", "--yes")
        assert (refused.status, refused.out) == (1, "")
        assert "no site has the id or client key" in refused.err
    missing = purge(sites, "receipt", str(uuid4()))
    assert (missing.status, "there is no receipt" in missing.err) == (1, True)
    assert purge(sites, "list").out == "No purge.\n"


@pytest.mark.parametrize(
    "arguments",
    [["acme-key"], ["receipt"], ["receipt", "no-id"], ["acme-key", "--reason", " "],
     ["acme-key", "--reason", "x", "--delay", "soon"]],
)  # fmt: skip
def test_a_command_line_that_makes_no_sense_is_status_2(arguments: list[str]) -> None:
    assert sightline("purge", *arguments).status == 2
