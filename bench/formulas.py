"""Formulas over 100,000 issues, computed anew: numbers, a choice, dates, and a text for each row.

A report is to stay quick to change, so what answers with numbers or a few values has the time of one change;
dates ask a calendar, and texts are made, told apart and kept, each one row by row.
"""

from __future__ import annotations

from bench.nodejs import run_script
from bench.result import Result

ISSUES = 100_000
MOST_MS = {"arithmetic": 50.0, "choice": 50.0, "dates": 100.0, "texts": 200.0}


def measure() -> list[Result]:
    """Medians of the processor's time to compute one formula for every row and its total."""
    medians = run_script("formulas", str(ISSUES))["medians"]
    return [_result(name, medians[name]["cpu"], most) for name, most in MOST_MS.items()]


def _result(name: str, milliseconds: float, most: float) -> Result:
    return Result(
        name=f"{ISSUES:,} issues: a formula of {name}",
        value=round(milliseconds, 2),
        unit="ms",
        bound=f"at most {most:g} ms",
        met=milliseconds <= most,
    )
