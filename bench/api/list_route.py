"""The list of reports, 20 of 50, ours and the peer's in turns."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.api.contestants import LISTS, Contestant, install_peer, our_server, peer_server
from bench.api.data import Site, fill, make_sites
from bench.api.load import Load, middle, put_under_load
from bench.api.servers import Database, Servers
from bench.result import Result
from core.setting_types import new_secret_key

# So many that none of them meets the limit of its own.
SITES, REPORTS, PAGE = 100, 50, 20
CONNECTIONS = 16
ROUNDS, SECONDS = 7, 6.0
WARM_SECONDS = 3.0
PATH = "/api/v1/reports"
LEAST_RATE = 2.0
PEER = "atlassian-connect-express 11.5.3"


def measure(servers: Servers) -> list[Result]:
    """Rate, latency and processor time of both, over the same rows of one PostgreSQL."""
    key, sites = new_secret_key(), make_sites(SITES)
    database = servers.database("list_route")
    fill(database.owner, key, sites, REPORTS)
    install_peer(database, sites)
    tokens = servers.folder / "tokens"
    tokens.write_text("".join(f"{site.token()}\n" for site in sites))
    with our_server(servers, database, key) as ours:
        variant = _leanest(servers, database, ours, sites, tokens)
        _run(ours, tokens, WARM_SECONDS)
        with peer_server(servers, database, variant) as peer:
            _run(peer, tokens, WARM_SECONDS)
            turns = [(_run(ours, tokens), _run(peer, tokens)) for _ in range(ROUNDS)]
    return _results(middle([turn[0] for turn in turns]), middle([turn[1] for turn in turns]), variant)


def _leanest(servers: Servers, database: Database, ours: Contestant, sites: list[Site], tokens: Path) -> str:
    """The way in which the peer makes pages with the least work, warm; all of them give our answers."""
    costs = {}
    for variant in LISTS:
        with peer_server(servers, database, variant) as peer:
            _require_same(ours, peer, sites)
            _run(peer, tokens, WARM_SECONDS)
            costs[variant] = _run(peer, tokens).processor
    return min(costs, key=lambda variant: costs[variant])


def _require_same(ours: Contestant, peer: Contestant, sites: list[Site]) -> None:
    """The work is the same only if the answers are."""
    for site in sites:
        wanted = json.loads(ours.answer(PATH, site.token()))
        found = json.loads(peer.answer(PATH, site.token()))
        assert len(wanted["items"]) == PAGE
        assert found["items"] == wanted["items"], f"{peer.name} answers otherwise"
        assert found.keys() == wanted.keys()
        assert found["next"]
        assert wanted["next"]


def _run(one: Contestant, tokens: Path, seconds: float = SECONDS) -> Load:
    load = put_under_load(one.url + PATH, tokens, one.processes, connections=CONNECTIONS, seconds=seconds)
    sys.stdout.write(
        f"        {one.name:<14}{load.rate:8.0f} requests/s{load.p50:8.2f} ms p50{load.p99:8.2f} ms p99"
        f"{load.processor:8.0f} µs processor\n"
    )
    assert load.errors == 0, f"{one.name}: {load.errors} errors"
    return load


def _results(ours: Load, peer: Load, variant: str) -> list[Result]:
    name = f"GET {PATH}, {PAGE} of {REPORTS}, {CONNECTIONS} connections"
    ratio = ours.rate / peer.rate
    shown = f"{PEER} ({variant})"
    return [
        Result(
            name=f"{name}: rate",
            value=round(ours.rate),
            unit="requests/s",
            bound=f"at least {LEAST_RATE:g} times the peer's",
            met=ratio >= LEAST_RATE,
            peer=shown,
            peer_value=round(peer.rate),
            ratio=round(ratio, 2),
        ),
        Result(
            name=f"{name}: p99",
            value=round(ours.p99, 2),
            unit="ms",
            bound="no worse than the peer's",
            met=ours.p99 <= peer.p99,
            peer=shown,
            peer_value=round(peer.p99, 2),
            ratio=round(peer.p99 / ours.p99, 2),
        ),
        _plain(f"{name}: p50", ours.p50, peer.p50, "ms", shown),
        _plain(f"{name}: processor time", ours.processor, peer.processor, "µs a request", shown),
    ]


def _plain(name: str, ours: float, peer: float, unit: str, shown: str) -> Result:
    return Result(
        name=name,
        value=round(ours, 2),
        unit=unit,
        bound="none, shown for comparison",
        met=True,
        peer=shown,
        peer_value=round(peer, 2),
        ratio=round(peer / ours, 2),
    )
