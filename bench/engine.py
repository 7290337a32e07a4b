"""Regrouping: our engine against arquero, d3 and TanStack Table 8 and 9, in turn over the same issues.

Each computes three groups with five aggregates and the totals of every level, from what it holds in memory;
the numbers of all groups are compared before anything is timed. Times are medians of the processor's time in
user mode, as the clock's depend on what else the machine does.
"""

from __future__ import annotations

from bench.nodejs import run_script
from bench.result import Result

ISSUES = 100_000
MOST_MS, LEAST_RATIO = 10.0, 20.0
ARQUERO = "arquero 7.2.0"
OTHERS = ["d3-array 3.2.4 rollup", "@tanstack/table-core 8.21.3", "@tanstack/table-core 9.3.1"]
SHOWN = "none, shown for comparison"


def measure() -> list[Result]:
    """Our time against the target and each peer's; other groupings, and arquero without the upper levels."""
    medians = {name: one["cpu"] for name, one in run_script("regroup", str(ISSUES))["medians"].items()}
    ours = medians["ours"]
    name = f"regroup {ISSUES:,} issues, 3 groups, 5 aggregates"
    innermost = _against(f"{name}, all levels against one of", "arquero, innermost alone", ours, medians)
    return [
        _result(f"{name}: status, priority, assignee", ours, f"at most {MOST_MS:g} ms", ours <= MOST_MS),
        _result(f"{name}: status, assignee, month (75,000 groups)", medians["ours, by month"], SHOWN),
        _result(f"{name}: project, components, status", medians["ours, several values"], SHOWN),
        _against(f"{name}, against", ARQUERO, ours, medians, LEAST_RATIO),
        *(_against(f"{name}, against", peer, ours, medians) for peer in OTHERS),
        innermost,
    ]


def _result(name: str, milliseconds: float, bound: str, met: bool = True) -> Result:
    return Result(name=name, value=round(milliseconds, 2), unit="ms", bound=bound, met=met)


def _against(
    name: str, peer: str, ours: float, medians: dict[str, float], least: float | None = None
) -> Result:
    theirs = medians[peer]
    ratio = theirs / ours
    return Result(
        name=f"{name} {peer}",
        value=round(ours, 2),
        unit="ms",
        bound=f"at least {least:g} times as fast" if least else SHOWN,
        met=least is None or ratio >= least,
        peer=peer,
        peer_value=round(theirs, 2),
        ratio=round(ratio, 1),
    )
