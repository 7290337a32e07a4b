"""What a benchmark found."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure: `value` in `unit`, the bound in words and whether it was met, and a peer's figure if any.

    `ratio` is ours to the peer's, so that above 1 means better.
    """

    name: str
    value: float
    unit: str
    bound: str
    met: bool
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None


def machine() -> str:
    """The machine in a line: processor, cores, system, Python."""
    cpu = Path("/proc/cpuinfo")
    models = [line for line in cpu.read_text().splitlines() if "model name" in line] if cpu.exists() else []
    model = models[0].split(":", 1)[1].strip() if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
