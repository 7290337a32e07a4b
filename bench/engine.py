"""Regrouping: our engine against arquero, d3 and TanStack Table 8 and 9, in turn over the same issues.

Each computes three groups with five aggregates and the totals of every level, from what it holds in memory; the
numbers of all groups are compared before anything is timed. Times are medians of the processor's time in user
mode, as the clock's depend on what else the machine does.
"""

from __future__ import annotations

from bench.nodejs import run_script
from bench.result import Result

ISSUES = 100_000
MOST_MS, LEAST_RATIO = 10.0, 20.0
PEERS = [
    "arquero 7.2.0",
    "d3-array 3.2.4 rollup",
    "@tanstack/table-core 8.21.3",
    "@tanstack/table-core 9.3.1",
]


def measure() -> list[Result]:
    """Our time against the target and each peer's; other groupings, and arquero without the upper levels."""
    medians = run_script("regroup", str(ISSUES))["medians"]
    ours = medians["ours"]["cpu"]
    name = f"regroup {ISSUES:,} issues, 3 groups, 5 aggregates"
    results = [_target(f"{name}: status, priority, assignee", ours)]
    results.append(_target(f"{name}: status, assignee, month", medians["ours, by month"]["cpu"]))
    results.append(
        _target(f"{name}: project, components (several), status", medians["ours, several values"]["cpu"])
    )
    results += [_against(f"{name}, against", peer, ours, medians[peer]["cpu"]) for peer in PEERS]
    innermost = medians["arquero, innermost alone"]["cpu"]
    results.append(_against(f"{name}, all levels against the innermost alone of", PEERS[0], ours, innermost))
    return results


def _target(name: str, milliseconds: float) -> Result:
    met = milliseconds <= MOST_MS
    return Result(
        name=name, value=round(milliseconds, 2), unit="ms", bound=f"at most {MOST_MS:g} ms", met=met
    )


def _against(name: str, peer: str, ours: float, theirs: float) -> Result:
    """Only arquero with the same work has a bound."""
    ratio = theirs / ours
    bounded = peer.startswith("arquero") and "innermost" not in name
    return Result(
        name=f"{name} {peer}",
        value=round(ours, 2),
        unit="ms",
        bound=f"at least {LEAST_RATIO:g} times as fast" if bounded else "none, shown for comparison",
        met=not bounded or ratio >= LEAST_RATIO,
        peer=peer,
        peer_value=round(theirs, 2),
        ratio=round(ratio, 1),
    )
