"""Limits of bursts: calls within one second to one endpoint by one method.

Source: Atlassian's page "Rate limiting": GET and POST 100, PUT and DELETE 50; a few endpoints have their own.
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

REASON = "jira-burst-based"
WINDOW_SECONDS = 1.0
BASE = 100
# Shares of the base limit, so that a lowered base lowers them all.
_METHODS = {"PUT": 0.5, "DELETE": 0.5}
_ENDPOINTS = (
    (re.compile(r"GET /rest/api/[23]/issue/\{[^/]+\}"), 1.5),
    (re.compile(r"GET /rest/api/[23]/issue/\{[^/]+\}/changelog"), 2.0),
    (re.compile(r"POST /rest/api/[23]/search/approximate-count"), 1.5),
    (re.compile(r"GET /rest/api/[23]/user"), 1.5),
)


def share_of(method: str, endpoint: str) -> float:
    """How many times the base limit an endpoint takes; `endpoint` is a route's template."""
    for pattern, share in _ENDPOINTS:
        if pattern.fullmatch(f"{method} {endpoint}"):
            return share
    return _METHODS.get(method, 1.0)


class Bursts:
    """Remembers the calls of the last second by endpoint and method. Thread safe."""

    def __init__(self, base: int = BASE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.base = base
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, method: str, endpoint: str) -> bool:
        """Counts a call if it is within the limit and says whether it was; refused calls are not counted."""
        limit = max(1, int(self.base * share_of(method, endpoint)))
        with self._lock:
            now = self._clock()
            calls = self._calls[method, endpoint]
            while calls and calls[0] <= now - WINDOW_SECONDS:
                calls.popleft()
            if len(calls) >= limit:
                return False
            calls.append(now)
            return True
