"""The list of one tenant among 20,000, against a database that holds only that tenant."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from bench.api.contestants import Contestant, our_server
from bench.api.data import Site, fill, make_sites
from bench.api.load import Load, middle, put_under_load
from bench.api.servers import Database, Servers
from bench.result import Result
from core.setting_types import new_secret_key
from tests.servers import wait_until

TENANTS, REPORTS = 20_000, 100
SPREAD = 1_000
ROUNDS, SECONDS = 7, 4.0
PATH = "/api/v1/reports"
MOST_TIME = 1.2
# What PostgreSQL itself writes of the plans that it really used, for the API's role in one database.
_TELL_PLANS = """
    alter role sightline_api in database {0} set session_preload_libraries = 'auto_explain';
    alter role sightline_api in database {0} set auto_explain.log_min_duration = 0;
    alter role sightline_api in database {0} set auto_explain.log_format = 'json';
    alter role sightline_api in database {0} set auto_explain.log_nested_statements = on;
"""
_TELL_NO_PLANS = "alter role sightline_api in database {0} reset all"


def measure(servers: Servers) -> list[Result]:
    """The time of both lists in turns, and the plans of the one among many."""
    key, sites = new_secret_key(), make_sites(TENANTS)
    site = sites[TENANTS // 3]
    many, alone = servers.database("many_tenants"), servers.database("one_tenant")
    seconds = _fill(many, key, sites)
    fill(alone.owner, key, [site], REPORTS)
    scans = _scans_used(servers, many, key, site)
    tokens, spread = servers.folder / "one-token", servers.folder / "many-tokens"
    tokens.write_text(f"{site.token()}\n")
    spread.write_text("".join(f"{one.token()}\n" for one in sites[:: TENANTS // SPREAD]))
    with (
        our_server(servers, many, key, "among many", limited=False) as among,
        our_server(servers, alone, key, "alone", limited=False) as single,
    ):
        for one, given in ((among, tokens), (single, tokens), (among, spread)):
            _run(one, given)
        turns = [(_run(among, tokens), _run(single, tokens), _run(among, spread)) for _ in range(ROUNDS)]
    among_many, alone_one, anyone = (middle(loads) for loads in zip(*turns, strict=True))
    return _results(among_many, alone_one, anyone, scans, seconds)


def _fill(database: Database, key: str, sites: list[Site]) -> float:
    began = time.monotonic()
    fill(database.owner, key, sites, REPORTS)
    return time.monotonic() - began


def _run(one: Contestant, tokens: Path) -> Load:
    load = put_under_load(one.url + PATH, tokens, one.processes, connections=1, seconds=SECONDS)
    sys.stdout.write(f"        {one.name:<14}{load.p50:8.2f} ms p50{load.processor:8.0f} µs processor\n")
    assert load.errors == 0, f"{one.name}: {load.errors} errors"
    return load


def _scans_used(servers: Servers, database: Database, key: str, site: Site) -> list[str]:
    """How the tables of reports are read for a list, asked often enough for plans to become generic.

    Raises AssertionError where one is read other than by the tenant's part of an index.
    """
    log = servers.folder / "postgres.log"
    name = database.owner.rpartition("/")[2]
    _administer(database, _TELL_PLANS.format(name))
    before = log.stat().st_size
    try:
        with our_server(servers, database, key, "explained", limited=False) as explained:
            for _ in range(200):
                explained.answer(PATH, site.token())
        wait_until(lambda: bool(_plans(_after(log, before))), "plans in PostgreSQL's log")
        found = [scan for plan in _plans(_after(log, before)) for scan in _scans(plan)]
    finally:
        _administer(database, _TELL_NO_PLANS.format(name))
    shown = sorted({_shown(scan) for scan in found})
    for scan in found:
        assert "tenant_id =" in scan.get("Index Cond", ""), f"not by tenant: {_shown(scan)}"
    assert any("reports" in line for line in shown)
    return shown


def _administer(database: Database, sql: str) -> None:
    with closing(psycopg2.connect(database.owner)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        connection.commit()


def _after(log: Path, position: int) -> str:
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode(errors="replace")


def _plans(text: str) -> list[dict[str, Any]]:
    """The plans in a server's log that read reports or stars."""
    decoder = json.JSONDecoder()
    found = [decoder.raw_decode(text, match.end())[0] for match in re.finditer(r"plan:\s*(?=\{)", text)]
    return [
        plan["Plan"] for plan in found if re.search(r"\b(from|join) (reports|stars)\b", plan["Query Text"])
    ]


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("Relation Name") in {"reports", "stars"}:
        yield node
    for part in node.get("Plans", []):
        yield from _scans(part)


def _shown(scan: dict[str, Any]) -> str:
    return f"{scan['Node Type']} of {scan['Relation Name']} by {scan.get('Index Name', 'nothing')}"


def _results(among: Load, alone: Load, anyone: Load, scans: list[str], seconds: float) -> list[Result]:
    name = f"GET {PATH} among {TENANTS:,} tenants * {REPORTS} reports"
    over = among.p50 / alone.p50
    return [
        Result(
            name=f"{name}: time",
            value=round(among.p50, 3),
            unit="ms",
            bound=f"at most {MOST_TIME} of the tenant alone, is {over:.3f}; plans: {', '.join(scans)}",
            met=over <= MOST_TIME,
            peer="a database holding only that tenant",
            peer_value=round(alone.p50, 3),
            ratio=round(1 / over, 2),
        ),
        Result(
            name=f"{name}: time, {SPREAD:,} tenants in turn",
            value=round(anyone.p50, 3),
            unit="ms",
            bound="none, shown for comparison",
            met=True,
        ),
        Result(
            name=f"{TENANTS * REPORTS:,} reports loaded, with indexes and statistics",
            value=round(seconds, 1),
            unit="s",
            bound="none, shown for comparison",
            met=True,
        ),
    ]
