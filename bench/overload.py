"""Three times the requests that the API can answer, for a minute, through nginx.

All servers keep to two cores. The load generator is on these cores too, so what the API can answer is
measured with it in the same run.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bench.api.servers import running_servers
from bench.result import Result
from tests.overload import Found, overload
from tests.served import served

SITES, TIMES, SECONDS, MEASURED = 100, 3.0, 60.0, 10.0
MOST_SECONDS, MOST_BYTES = 5.0, 64 * 1024 * 1024


@dataclass(frozen=True)
class _Run:
    found: Found
    grown: int


def measure() -> list[Result]:
    """How many were answered and shed, how long until all were answered again, and what it took of memory."""
    with running_servers() as servers:
        database = servers.database("overload")
        folder = servers.folder / "overload"
        folder.mkdir()
        with served(
            folder,
            owner_url=database.owner,
            api_url=database.api,
            redis_url=servers.redis_url,
            sites=SITES,
        ) as place:
            overload(place, times=1, seconds=5, measured=5)
            before = place.memory()
            found = overload(place, times=TIMES, seconds=SECONDS, measured=MEASURED)
            return _results(_Run(found, place.memory() - before))


def _results(run: _Run) -> list[Result]:
    found, under = run.found, run.found.under
    name = f"overload, {TIMES:g} times what the API can answer for {SECONDS:g} s"
    sys.stdout.write(
        f"        can answer {found.able.rate:.0f} a second; offered {found.offered:.0f};"
        f" {dict(under.statuses)}; p50 {under.at(0.5) * 1000:.0f} ms p99 {under.at(0.99) * 1000:.0f} ms\n"
    )
    return [
        Result(
            name=f"{name}: answered",
            value=round(under.rate),
            unit="requests/s",
            bound=f"no wrong answer, has {len(under.wrong)}; {under.shed} shed with Retry-After; "
            f"{found.offered:.0f}/s came, {found.able.rate:.0f}/s can be answered; p99 of those answered "
            f"is {under.at(0.99) * 1000:.0f} ms",
            met=not under.wrong and under.shed > 0,
        ),
        Result(
            name=f"{name}: until all are answered again",
            value=round(found.recovered, 2),
            unit="s",
            bound=f"at most {MOST_SECONDS:g} s",
            met=found.recovered <= MOST_SECONDS,
        ),
        Result(
            name=f"{name}: memory of the API and nginx",
            value=round(run.grown / 1024 / 1024, 1),
            unit="MiB more",
            bound=f"at most {MOST_BYTES // 1024 // 1024} MiB more",
            met=run.grown <= MOST_BYTES,
        ),
    ]
