"""A clock that a test sets."""

from __future__ import annotations


class Clock:
    """Stands still until `now`, in seconds, is set."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now
