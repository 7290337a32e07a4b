"""`python -m bench [NAME …]`: runs the benchmarks of this folder and writes `bench/results.json`.

With names, the results of the others stay as they are.

Each module with a function `measure` is one benchmark; it returns a list of `bench.result.Result`.
"""

import importlib
import json
import pkgutil
import sys
from dataclasses import asdict
from pathlib import Path

import bench
from bench.result import Result, machine


def main(names: list[str]) -> int:
    """Runs the named benchmarks, or all; returns 1 where a bound was missed."""
    found = sorted(entry.name for entry in pkgutil.iter_modules(bench.__path__))
    results: list[Result] = []
    for name in names or [name for name in found if not name.startswith("__")]:
        module = importlib.import_module(f"bench.{name}")
        if hasattr(module, "measure"):
            results += module.measure()
    for one in results:
        print(f"{'met   ' if one.met else 'MISSED'}  {one.name}: {one.value:g} {one.unit} ({one.bound})")
    if not results:
        print("There is no benchmark yet.")
    _write(results, keep=bool(names))
    return 0 if all(one.met for one in results) else 1


def _write(results: list[Result], *, keep: bool) -> None:
    this = machine()
    written = [asdict(one) | {"machine": this} for one in results]
    file = Path(__file__).with_name("results.json")
    measured = {one.name for one in results}
    kept = [one for one in json.loads(file.read_text()) if one["name"] not in measured] if keep else []
    file.write_text(json.dumps(kept + written, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
