"""`python -m tests.faults.killed_backup POINT`: an attempt at a task, killed without warning at a point.

The points are what stands between the steps of a backup.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from core.backups import fence, make, programs
from core.backups.shelf import Shelf
from core.settings import Settings
from core.tasks_lease import Lease
from worker.attempt import attempt_one
from worker.kinds import runners
from worker.work import Resources


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, and then the end."""

    def done(*arguments: Any, **named: Any) -> None:
        function(*arguments, **named)
        die()

    return done


def in_the_middle(parts: Iterator[bytes], _: object) -> Iterator[bytes]:
    """A stream that ends with the process when it is well under way, and part of it was written."""
    passed = 0
    for part in parts:
        passed += len(part)
        if passed > 11 * 1024 * 1024:
            die()
        yield part


POINTS: dict[str, tuple[Any, str, Any]] = {
    "before the snapshot": (make, "_frozen", die),
    "before the manifest's figures": (fence, "describe", die),
    "before pg_dump": (programs, "client_program", die),
    "in the middle of the dump": (make, "_watched", in_the_middle),
    "after the dump": (Shelf, "put_dump", after(Shelf.put_dump)),
    "before the manifest": (Shelf, "put_manifest", die),
    "after the manifest": (Shelf, "put_manifest", after(Shelf.put_manifest)),
    "before it is recorded": (Lease, "finish", die),
    "after it is recorded": (Lease, "finish", after(Lease.finish)),
}


def main(point: str) -> None:
    """Does the fairest due task up to the point."""
    setattr(*POINTS[point])
    reading, _held = os.pipe()
    attempt_one(Resources.of(Settings.from_environment(os.environ)), runners(), reading)


if __name__ == "__main__":
    main(sys.argv[1])
