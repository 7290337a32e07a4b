"""Puts a server under load with wrk, and reads what wrk and the kernel say of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_SCRIPT = Path(__file__).with_name("list.lua")


class NoLoadGenerator(Exception):
    """wrk is not installed."""


@dataclass(frozen=True)
class Load:
    """What a run of load found. Latencies in milliseconds, processor time in microseconds a request."""

    rate: float
    p50: float
    p99: float
    errors: int
    processor: float


def put_under_load(
    url: str, tokens: Path, servers: Sequence[psutil.Process], *, connections: int, seconds: float
) -> Load:
    """Asks for `url` with the tokens of a file in turn, over so many connections, as fast as answers come."""
    if shutil.which("wrk") is None:
        raise NoLoadGenerator("Install wrk to measure requests: apt install wrk (or brew install wrk).")
    before = processor_seconds(servers)
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:g}s",
        "-s",
        str(_SCRIPT),
        url,
        "--",
        str(tokens),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    spent = processor_seconds(servers) - before
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return Load(
        rate=found["requests"] / found["seconds"],
        p50=found["p50"],
        p99=found["p99"],
        errors=found["errors"],
        processor=spent / max(found["requests"], 1) * 1e6,
    )


def processor_seconds(processes: Iterable[psutil.Process]) -> float:
    """What processes, their children and the children that they have outlived have used so far."""
    return sum(_own(process) + sum(map(_own, process.children(recursive=True))) for process in processes)


def _own(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        # PostgreSQL's helpers come and go; one that ended since counts among its parent's children.
        return 0
    return float(used.user + used.system + used.children_user + used.children_system)


def middle(loads: Sequence[Load]) -> Load:
    """The run of middle rate, with the middle of each other figure."""
    return Load(
        rate=_median([load.rate for load in loads]),
        p50=_median([load.p50 for load in loads]),
        p99=_median([load.p99 for load in loads]),
        errors=sum(load.errors for load in loads),
        processor=_median([load.processor for load in loads]),
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
