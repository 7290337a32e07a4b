"""The steps of a whole test run: what they are, and running them one after the other or together."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import environ
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "static-client"
FORMULA_TESTS = [f"tests/unit/core/definition/test_formula_{of}.py" for of in ("guide", "vectors")]
PYTHON_CODE = ["api", "bench", "cli", "core", "demo", "descriptor", "tests", "worker"]


@dataclass(frozen=True)
class Step:
    """One command. Exit statuses in `fine` count as success."""

    name: str
    command: list[str]
    folder: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)
    fine: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Outcome:
    """How a step went, and how long it took in seconds."""

    step: Step
    passed: bool
    seconds: float


def tool(name: str, *arguments: str) -> list[str]:
    """A command of the Python environment that runs this."""
    return [str(Path(sys.executable).with_name(name)), *arguments]


def python_checks() -> list[Step]:
    """Lint, format, types, import rules, dead code, locks and generated files of the Python code."""
    return [
        Step("ruff check", tool("ruff", "check", "--quiet", ".")),
        Step("ruff format", tool("ruff", "format", "--check", "--quiet", ".")),
        Step("mypy", tool("mypy", "--no-error-summary", *PYTHON_CODE)),
        Step("import rules", tool("lint-imports", "--no-cache")),
        Step("dead code", tool("vulture")),
        Step("locks", pytest("-n0", "tests/unit/test_locks.py")),
        Step("API's description", pytest("-n0", "tests/unit/docs/test_api.py")),
        Step("formulas", pytest("-n0", *FORMULA_TESTS)),
    ]


def client_checks() -> list[Step]:
    """Types, lint, dead code and generated files of the client."""
    return [
        Step("tsc", [client_tool("tsc"), "--noEmit"], CLIENT),
        Step("biome", [client_tool("biome"), "check", "--error-on-warnings", "."], CLIENT),
        Step("knip", [client_tool("knip")], CLIENT),
        Step("generated types", ["node", "scripts/generate-types.mjs", "--check"], CLIENT),
    ]


def pytest(*arguments: str) -> list[str]:
    """A run of pytest."""
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def client_tool(name: str) -> str:
    """A command of the client's packages."""
    return str(CLIENT / "node_modules" / ".bin" / name)


def run_together(groups: Iterable[list[Step]]) -> list[Outcome]:
    """Runs groups side by side, each group's steps in order; what a step printed is shown if it failed."""
    with ThreadPoolExecutor() as pool:
        return [one for outcomes in pool.map(_run_quietly, groups) for one in outcomes]


def run_shown(step: Step) -> Outcome:
    """Runs a step and lets it print."""
    sys.stdout.write(f"\n== {step.name}\n")
    sys.stdout.flush()
    begun = time.monotonic()
    done = subprocess.run(step.command, cwd=step.folder, env=_environment(step), check=False)
    return Outcome(step, done.returncode in step.fine, time.monotonic() - begun)


def _run_quietly(steps: list[Step]) -> list[Outcome]:
    return [_run_captured(step) for step in steps]


def _run_captured(step: Step) -> Outcome:
    begun = time.monotonic()
    done = subprocess.run(
        step.command, cwd=step.folder, env=_environment(step), capture_output=True, text=True, check=False
    )
    passed = done.returncode in step.fine
    if not passed:
        sys.stdout.write(f"\n== {step.name} failed\n{done.stdout}{done.stderr}\n")
    return Outcome(step, passed, time.monotonic() - begun)


def _environment(step: Step) -> dict[str, str]:
    return {**environ, **step.environment}
