"""`python -m tests [check|soak]`: the whole test run, its checks alone, or its long suites.

Every step runs, whatever the ones before it found; the end says what failed, what was left out and how long
each took.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.chromium import chromium_path, install_chromium
from tests.steps import (
    CLIENT,
    ROOT,
    Outcome,
    Step,
    client_checks,
    client_tool,
    pytest,
    python_checks,
    run_shown,
    run_together,
)

# Most tests wait, for servers, other processes and leases: one to a core leaves half of it idle.
TOGETHER = str(2 * (os.cpu_count() or 1))
SUITES = ["tests/unit", "tests/integration", "tests/faults", "tests/oracle"]
SOAK = {"SOAK": "1"}


def main(arguments: list[str]) -> int:
    """Runs what is asked for and returns the exit status."""
    match arguments:
        case []:
            return _everything()
        case ["check"]:
            return _summary(run_together([python_checks(), client_checks()]), [])
        case ["soak"]:
            return _summary([run_shown(step) for step in _soak_steps()], [])
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


def _everything() -> int:
    left_out = []
    outcomes = run_together([python_checks(), client_checks()])
    outcomes.append(run_shown(Step("client tests", [client_tool("vitest"), "run"], CLIENT)))
    suites = pytest("-n", TOGETHER, *SUITES)
    outcomes.append(run_shown(Step("unit, integration, fault and oracle tests", suites)))
    if chromium_path() or install_chromium():
        outcomes.append(run_shown(Step("browser tests", pytest("tests/browser"))))
    else:
        left_out.append("The browser tests, as there is no Chromium and none could be installed.")
    return _summary(outcomes, left_out)


def _soak_steps() -> list[Step]:
    python = pytest("--hypothesis-profile=soak", "--timeout=1800", *SUITES)
    return [
        Step("unit, integration, fault and oracle tests, at length", python, environment=SOAK),
        Step("client tests, at length", [client_tool("vitest"), "run"], CLIENT, environment=SOAK),
    ]


def _summary(outcomes: list[Outcome], left_out: list[str]) -> int:
    failed = [one.step.name for one in outcomes if not one.passed]
    sys.stdout.write("\n")
    for one in outcomes:
        sys.stdout.write(f"{'passed' if one.passed else 'FAILED'}  {one.seconds:6.1f} s  {one.step.name}\n")
    for reason in left_out:
        sys.stdout.write(f"LEFT OUT: {reason}\n")
    if failed:
        sys.stdout.write(f"Failed: {', '.join(failed)}\n")
    return 1 if failed or (left_out and os.environ.get("CI") == "true") else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.path.insert(0, str(Path.cwd()))
    sys.exit(main(sys.argv[1:]))
