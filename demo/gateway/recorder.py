"""A record of the calls to the REST API, for tests and for people who wonder what a page asks."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 5_000


@dataclass(frozen=True)
class Call:
    """One call as it ended. `milliseconds` counts from the first byte read to the answer written."""

    method: str
    path: str
    query: str
    status: int
    points: int
    app: bool
    account: str | None
    milliseconds: int
    fault: str | None


class Recorder:
    """Keeps the last calls and how many were ever under way at once. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._running = 0
        self._most_running = 0

    def begin(self) -> None:
        """A call starts."""
        with self._lock:
            self._running += 1
            self._most_running = max(self._most_running, self._running)

    def end(self, call: Call) -> None:
        """A call that began has been answered."""
        with self._lock:
            self._running -= 1
            self._calls.append(call)

    def reset(self) -> None:
        """Forgets the calls so far."""
        with self._lock:
            self._calls.clear()
            self._most_running = self._running

    def report(self) -> dict[str, Any]:
        """The calls, oldest first, and the most that ran at once."""
        with self._lock:
            return {"calls": [asdict(call) for call in self._calls], "most_at_once": self._most_running}
