"""How time and memory grow from 1,000 to 1,000,000 issues; draws `bench/growth.svg`.

Linear means that ten times the issues take at most thirteen times as long, over the last two decades: below,
fixed costs weigh, and above, a processor's caches hold ever less of the rows.
"""

from __future__ import annotations

from typing import TypedDict

from bench.nodejs import BENCH, run_script
from bench.plot import draw
from bench.result import Result

SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
MOST_PER_DECADE = 13.0


class Size(TypedDict):
    """Milliseconds of the processor, and what is held, for one number of issues."""

    issues: int
    regroup: float
    sort: float
    first: float
    arquero: float
    mebibytes: float


def measure() -> list[Result]:
    """The growth over the last two decades, and a million rows in figures."""
    sizes = [_size(count) for count in SIZES]
    draw(
        BENCH / "growth.svg",
        "Milliseconds by issues, both scales logarithmic",
        [float(size["issues"]) for size in sizes],
        {
            "arquero 7.2.0: regroup": [size["arquero"] for size in sizes],
            "Sightline: regroup": [size["regroup"] for size in sizes],
            "Sightline: first sort by text": [size["first"] for size in sizes],
            "Sightline: sort again": [size["sort"] for size in sizes],
        },
    )
    million = sizes[-1]
    return [
        _growth(sizes),
        _figure("regroup 1,000,000 issues", million["regroup"], "ms"),
        _figure("sort 1,000,000 issues by text, the first time", million["first"], "ms"),
        _figure("memory of 1,000,000 issues with 12 fields in Node", million["mebibytes"], "MiB"),
    ]


def _size(count: int) -> Size:
    found = run_script("growth", str(count))
    medians = {name: one["cpu"] for name, one in found["medians"].items()}
    return {
        "issues": count,
        "regroup": medians["regroup"],
        "sort": medians["sort"],
        "arquero": medians["arquero"],
        "first": found["first"],
        "mebibytes": found["bytes"] / 2**20,
    }


def _growth(sizes: list[Size]) -> Result:
    by_count = {size["issues"]: size["regroup"] for size in sizes}
    grown = (by_count[1_000_000] / by_count[10_000]) ** 0.5
    return Result(
        name="growth of a regroup for ten times the issues, 10,000 to 1,000,000",
        value=round(grown, 2),
        unit="times",
        bound=f"at most {MOST_PER_DECADE:g} times",
        met=grown <= MOST_PER_DECADE,
    )


def _figure(name: str, value: float, unit: str) -> Result:
    return Result(name=name, value=round(value, 1), unit=unit, bound="none, shown for comparison", met=True)
