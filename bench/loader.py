"""The loader against plain sequential paging and against ids then bulkfetch, over the stand-in Jira.

The same 29,057 issues at 200 ms a call, 100 a page, five calls at once, in one run: sequential paging first,
then the others in turn three times, of which the median counts. Nobody can be faster than
`pages * latency / 5`; `pages` are those that sequential paging needed, as Jira may answer shorter ones. What
this machine adds to the 200 ms counts against us, and is told beside it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.result import Result
from tests.addon import APP_KEY, make_tls, run_addon
from tests.demo_site import run_demo_site
from tests.loading import Jira, finished
from tests.ports import free_ports

ISSUES = 29_057
LATENCY_SECONDS = 0.2
AT_ONCE = 5
TURNS = 3
JQL = 'created >= "2000-01-01" ORDER BY created DESC'
FIELDS = ["summary", "status", "assignee", "priority", "timeoriginalestimate", "timespent"]
MOST_TIME, MOST_POINTS = 1.15, 1.02


@dataclass(frozen=True)
class Run:
    """One way to load everything, as measured; `points` are those that Jira counted."""

    plan: str
    seconds: float
    calls: int
    points: int
    latency: float

    def __str__(self) -> str:
        return (
            f"{self.plan:<20}{self.seconds:7.1f} s {self.calls:5} calls {self.points:7} points"
            f"{self.latency * 1000:6.0f} ms a call"
        )


def measure() -> list[Result]:
    """Time against the bound, points against sequential paging, and the two plans that people write."""
    with _site() as jira:
        sequential = _run(jira, "sequential")
        turns = [(_run(jira, "ours"), _run(jira, "ids then bulkfetch")) for _ in range(TURNS)]
    ours, bulk = (_median(runs) for runs in zip(*turns, strict=True))
    bound = sequential.calls * LATENCY_SECONDS / AT_ONCE
    over, dearer = ours.seconds / bound, ours.points / sequential.points
    over_measured = ours.seconds / (sequential.calls * sequential.latency / AT_ONCE)
    name = f"loader, {ISSUES:,} issues, {LATENCY_SECONDS * 1000:.0f} ms, {AT_ONCE} at once"
    return [
        Result(
            name=f"{name}: time",
            value=round(ours.seconds, 2),
            unit="s",
            bound=f"{over:.3f} of {sequential.calls} pages * {LATENCY_SECONDS * 1000:.0f} ms / {AT_ONCE}"
            f" = {bound:.2f} s, at most {MOST_TIME}; {over_measured:.3f} of it at the"
            f" {sequential.latency * 1000:.0f} ms that a call took",
            met=over <= MOST_TIME,
            peer="plain sequential paging",
            peer_value=round(sequential.seconds, 2),
            ratio=round(sequential.seconds / ours.seconds, 2),
        ),
        Result(
            name=f"{name}: points",
            value=ours.points,
            unit="points",
            bound=f"{dearer:.4f} of sequential paging, at most {MOST_POINTS}",
            met=dearer <= MOST_POINTS,
            peer="ids then bulkfetch",
            peer_value=bulk.points,
            ratio=round(bulk.points / ours.points, 2),
        ),
        Result(
            name=f"{name}: time against ids then bulkfetch, which needs WRITE",
            value=round(ours.seconds, 2),
            unit="s",
            bound="no slower",
            met=ours.seconds <= bulk.seconds,
            peer="ids then bulkfetch",
            peer_value=round(bulk.seconds, 2),
            ratio=round(bulk.seconds / ours.seconds, 2),
        ),
    ]


def _median(runs: Sequence[Run]) -> Run:
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


@contextmanager
def _site() -> Iterator[Jira]:
    """The stand-in with its app allowed to WRITE, which only bulkfetch needs."""
    real = os.environ.get("REAL_ISSUES")
    module = "demo" if real else "tests.demo_site"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tls = make_tls(folder / "tls")
        site_port, app_port = free_ports(2)
        with run_addon(app_port, f"https://localhost:{site_port}", tls) as addon:
            addon.scopes = ["WRITE"]
            settings = {"BASE_URL": addon.base_url, "APP_KEY": APP_KEY, "DEMO_POINTS": "1000000"}
            settings |= {"DEMO_ISSUES": real} if real else {"DEMO_COUNT": str(ISSUES)}
            with run_demo_site(folder, site_port, tls, module=module, **settings) as url:
                yield Jira(url, tls)


def _run(jira: Jira, plan: str) -> Run:
    jira.switch(latency_ms=int(LATENCY_SECONDS * 1000))
    jira.call("DELETE", "/__demo/points")
    told: dict[str, Any] = finished(jira.start("plans", plan=plan, jql=JQL, fields=FIELDS))
    points = jira.call("GET", "/__demo/points")["used"]
    held = len(jira.ids(JQL))
    if not told["issues"] == told["distinct"] == held:
        raise AssertionError(f"{plan} gave {told['issues']} issues, {told['distinct']} different, of {held}")
    run = Run(plan, told["seconds"], told["calls"], points, told["millisecondsPerCall"] / 1000)
    sys.stdout.write(f"        {run}\n")
    return run
