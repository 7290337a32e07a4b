"""Runs the benchmarks' Node scripts: gets the peers and bundles the engine first."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent
ROOT = BENCH.parent
CLIENT = ROOT / "static-client"
BUILT = ROOT / ".cache" / "bench"


def run_script(name: str, *arguments: str, memory_mib: int = 8192) -> dict[str, Any]:
    """What `bench/node/<name>.mjs` prints, read as JSON; its errors go where ours go."""
    prepare()
    command = ["node", "--expose-gc", f"--max-old-space-size={memory_mib}", f"node/{name}.mjs", *arguments]
    done = subprocess.run(command, cwd=BENCH, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def prepare() -> None:
    """Installs the peers where their lock has changed, and bundles the engine as it stands."""
    BUILT.mkdir(parents=True, exist_ok=True)
    lock = hashlib.sha256((BENCH / "package-lock.json").read_bytes()).hexdigest()
    stamp = BUILT / "peers"
    if not (stamp.exists() and stamp.read_text() == lock and (BENCH / "node_modules").exists()):
        options = ["--loglevel=error", "--no-update-notifier", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "ci", *options], cwd=BENCH, check=True, capture_output=True)
        stamp.write_text(lock)
    bundle("node/entry.ts", "engine.mjs")


def bundle(entry: str, output: str) -> None:
    """Bundles TypeScript of this folder for Node into `.cache/bench`."""
    rolldown = CLIENT / "node_modules" / ".bin" / "rolldown"
    options = ["--format", "esm", "--platform", "node", "--log-level", "silent"]
    subprocess.run(
        [str(rolldown), entry, "--file", str(BUILT / output), *options],
        cwd=BENCH,
        check=True,
        capture_output=True,
    )
