"""What one change to a report costs over 100,000 issues: it is to recompute only what it touches.

The bounds are those of `regroup` for what needs rows, and a frame of the screen for what needs none.
"""

from __future__ import annotations

from bench.nodejs import run_script
from bench.result import Result

ISSUES = 100_000
FRAME_MS = 16.0

BOUNDS = {
    "sort by text, the first": 50.0,
    "sort by text, the first, without time to get ready": 50.0,
    "sort by text again": 50.0,
    "collapse a group": FRAME_MS,
    "expand all groups": FRAME_MS,
    "expand all issues": FRAME_MS,
    "change an aggregate": FRAME_MS,
    "change the innermost group": FRAME_MS,
    "filter while typing": 50.0,
    "add a column": 50.0,
}


def measure() -> list[Result]:
    """Medians of the processor's time; what has no bound is shown for comparison."""
    found = run_script("steps", str(ISSUES))
    steps = {name: one["cpu"] for name, one in (found["first"] | found["medians"]).items()}
    return [_result(name, milliseconds) for name, milliseconds in steps.items()]


def _result(name: str, milliseconds: float) -> Result:
    most = BOUNDS.get(name)
    return Result(
        name=f"{ISSUES:,} issues, 3 groups: {name}",
        value=round(milliseconds, 2),
        unit="ms",
        bound=f"at most {most:g} ms" if most else "none, shown for comparison",
        met=most is None or milliseconds <= most,
    )
