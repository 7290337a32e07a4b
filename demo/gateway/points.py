"""Points of an hour, as Jira Cloud counts them: 65,000 an app, one a call and one an object by default.

Source: Atlassian's page "Rate limiting" for Jira Cloud, as enforced from 2 March 2026.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

HOUR_SECONDS = 3600
POINTS_AN_HOUR = 65_000
NEAR_SHARE = 0.2
REASON = "jira-quota-global-based"
POLICY = "global-app-quota"


@dataclass(frozen=True)
class Budget:
    """What is left of an hour. `reset` is the Unix time of the next full UTC hour, in seconds."""

    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Points left; never below zero, though the last call may have cost more than there was."""
        return max(0, self.limit - self.used)

    @property
    def is_near(self) -> bool:
        """Whether less than a fifth is left."""
        return self.remaining < self.limit * NEAR_SHARE

    def headers(self, now: float) -> Mapping[str, str]:
        """The headers that every metered answer carries; `now` is a Unix time in seconds."""
        seconds = max(1, int(self.reset - now))
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": datetime.fromtimestamp(self.reset, UTC).strftime("%Y-%m-%dT%H:%MZ"),
            "X-RateLimit-NearLimit": "true" if self.is_near else "false",
            "RateLimit-Policy": f'"{POLICY}";q={self.limit};w={HOUR_SECONDS}',
            "RateLimit": f'"{POLICY}";r={self.remaining};t={seconds}',
        }


class Points:
    """Counts the points of one app. Thread safe."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._hour = self._this_hour()
        self._used = 0
        self._calls = 0

    def budget(self) -> Budget:
        """What is left now."""
        with self._lock:
            self._turn_hour()
            return self._budget()

    def spend(self, cost: int) -> Budget:
        """Counts one call that cost so many points and says what is left."""
        with self._lock:
            self._turn_hour()
            self._used += cost
            self._calls += 1
            return self._budget()

    def calls(self) -> int:
        """Calls counted in this hour."""
        with self._lock:
            self._turn_hour()
            return self._calls

    def reset(self, *, limit: int | None = None, used: int = 0) -> None:
        """Starts the count anew, for tests and impatient people; Jira has nothing of the kind."""
        with self._lock:
            self._limit = limit or self._limit
            self._used = used
            self._calls = 0

    def _budget(self) -> Budget:
        return Budget(self._limit, self._used, (self._hour + 1) * HOUR_SECONDS)

    def _this_hour(self) -> int:
        return int(self._clock() // HOUR_SECONDS)

    def _turn_hour(self) -> None:
        if (hour := self._this_hour()) != self._hour:
            self._hour, self._used, self._calls = hour, 0, 0
