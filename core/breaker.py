"""Leaves a server alone that fails again and again, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.recent import Recent

_LONGEST_PAUSE = 300.0


@dataclass(frozen=True)
class _Failing:
    times: int
    # No call passes before this moment; the first one after it is a probe.
    closed_until: float


class Breaker:
    """Says which servers may be called, each named by a key. Thread-safe; bounded in number and age.

    1. Calls pass until `failures` of them in a row have failed, or one failed that names a pause itself.
    2. Then none passes for `pause` seconds.
    3. Then one passes as a probe, and the others wait for another pause: its success lets all pass again, its
       failure starts the pause anew. A probe that never reports thus blocks nobody for good.
    """

    def __init__(
        self, *, failures: int = 5, pause: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._pause = pause
        self._clock = clock
        self._failing: Recent[str, _Failing] = Recent(size=10_000, seconds=2 * _LONGEST_PAUSE, clock=clock)
        self._lock = threading.Lock()

    def admits(self, key: str) -> bool:
        """Whether a call may be made now; who is told so reports how it went."""
        with self._lock:
            failing = self._failing.get(key)
            if failing is None or failing.closed_until == 0:
                return True
            if self._clock() < failing.closed_until:
                return False
            self._failing.put(key, _Failing(failing.times, self._clock() + self._pause))
            return True

    def succeeded(self, key: str) -> None:
        """The server answered."""
        self._failing.forget(key)

    def failed(self, key: str, *, pause: float | None = None) -> None:
        """The server did not answer usefully; `pause` is how long, in seconds, it asked to be left alone."""
        with self._lock:
            failing = self._failing.get(key)
            times = (failing.times if failing else 0) + 1
            seconds = pause or (self._pause if times >= self._failures else 0)
            until = self._clock() + min(seconds, _LONGEST_PAUSE) if seconds else 0
            self._failing.put(key, _Failing(times, until))
