"""A bound on how many do something at once, first come, first served.

The standard library's semaphore lets who releases a place take it again at once, so that under load somebody
may wait without end while others go in and out.
"""

import threading
from collections import deque


class Turns:
    """So many places. Who finds none free waits in line; one that becomes free goes to the first there."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def take(self, *, seconds: float) -> bool:
        """Takes a place; False where none came free for us within so many seconds."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = threading.Event()
            self._line.append(turn)
        try:
            turn.wait(seconds)
        except BaseException:
            if self._is_ours(turn):
                self.give_back()
            raise
        return self._is_ours(turn)

    def give_back(self) -> None:
        """Hands a place to the first in line, or frees it."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1

    def _is_ours(self, turn: threading.Event) -> bool:
        """Whether a turn has come; one that has not leaves the line."""
        with self._lock:
            if not turn.is_set():
                self._line.remove(turn)
            return turn.is_set()
